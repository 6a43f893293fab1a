package dev.understudy.control.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            http://localhost:8080,    ws://localhost:8080/events,  http://localhost:8080/whip,  rtmp://localhost:1935/app/
            https://example.org,      wss://example.org/events,    https://example.org/whip,    rtmp://example.org:1935/app/
            https://example.org/ivs/, wss://example.org/ivs/events, https://example.org/ivs/whip, rtmp://example.org:1935/app/
            http://[::1]:8080,        ws://[::1]:8080/events,      http://[::1]:8080/whip,      rtmp://[::1]:1935/app/
            """)
    void followFromThePublicUrl(URI publicUrl, String events, String whip, String rtmp) {
        Endpoints endpoints = Endpoints.of(publicUrl);

        assertThat(endpoints.events()).isEqualTo(events);
        assertThat(endpoints.whip()).isEqualTo(whip);
        assertThat(endpoints.rtmp()).isEqualTo(rtmp);
    }

    @Test
    void needAWebUrl() {
        assertThatThrownBy(() -> Endpoints.of(URI.create("ftp://example.org")))
                .hasMessage("no http or https URL with a host: ftp://example.org");
    }
}
