package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SameOriginTest {
    private final SameOrigin origin = new SameOrigin(URI.create("https://ivs.example.org"));

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "ivs.example.org, -",
                "IVS.example.org:443, -",
                "ivs.example.org, https://ivs.example.org",
                "localhost:8480, http://localhost:8480",
                "127.0.0.1:8480, -",
                "127.0.0.1:8480, http://127.0.0.1:8480",
                "[::1]:8480, http://[::1]:8480",
            })
    void isOurs(String host, String from) {
        assertThat(origin.refusal(Optional.ofNullable(host), Optional.ofNullable(from)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, The Host header names another site.",
                "rebound.example.net:8480, -, The Host header names another site.",
                "rebound.example.net:8480, http://rebound.example.net:8480, The Host header names another site.",
                "ivs.example.org.evil.net, -, The Host header names another site.",
                "localhost.evil.net, -, The Host header names another site.",
                "::1, -, The Host header names another site.",
                "localhost:8480, http://evil.example.net, The Origin header names another site.",
                "localhost:8480, http://localhost:9000, The Origin header names another site.",
                "localhost:8480, null, The Origin header names another site.",
                "ivs.example.org, https://ivs.example.org.evil.net, The Origin header names another site.",
            })
    void isForeign(String host, String from, String why) {
        assertThat(origin.refusal(Optional.ofNullable(host), Optional.ofNullable(from)))
                .contains(why);
    }
}
