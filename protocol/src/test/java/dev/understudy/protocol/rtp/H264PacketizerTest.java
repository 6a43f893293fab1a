package dev.understudy.protocol.rtp;

import static dev.understudy.protocol.rtp.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class H264PacketizerTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            # case                         | access unit                                 | payloads of at most 8 bytes
            nothing                        | ''                                          | ''
            no start code                  | 65010203                                    | ''
            one small unit                 | 00000001 65010203                           | 65010203!
            short start code               | 000001 65010203                             | 65010203!
            exactly as large as allowed    | 00000001 6501020304050607                   | 6501020304050607!
            two that fit together          | 00000001 47aa 000001 68                     | 7800 0247 aa00 0168!
            two that do not                | 00000001 67aa 00000001 650102030405         | 67aa 650102030405!
            fragments                      | 00000001 6501020304050607 0809              | 7c85010203040506 7c4507 0809!
            fragments and one more         | 000001 650102030405060708 000001 0601       | 7c85010203040506 7c450708 0601!
            zeros before a start code      | 00000001 0601 0000 000001 6501020304050607  | 0601 6501020304050607!
            zeros at the end               | 00000001 6501 000000                        | 6501!
            """, delimiter = '|')
    void cuts(String description, String annexB, String expected) {
        List<String> payloads = new ArrayList<>();

        new H264Packetizer(8)
                .packetize(bytes(annexB), (payload, marker) -> payloads.add(Hex.of(payload) + (marker ? "!" : "")));

        assertThat(String.join("", payloads)).as(description).isEqualTo(expected.replace(" ", ""));
    }

    @Test
    void refusesPayloadsThatCannotHoldAFragment() {
        assertThatThrownBy(() -> new H264Packetizer(2)).hasMessage("payloads of 2 bytes");
    }
}
