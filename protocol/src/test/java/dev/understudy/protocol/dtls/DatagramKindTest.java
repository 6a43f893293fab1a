package dev.understudy.protocol.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatagramKindTest {
    /** RFC 7983 section 7, figure 3; ZRTP (16 to 19) and TURN channels (64 to 79) are not for us. */
    @ParameterizedTest
    @CsvSource({
        "0, 3, STUN",
        "4, 19, UNKNOWN",
        "20, 63, DTLS",
        "64, 127, UNKNOWN",
        "128, 191, RTP",
        "192, 255, UNKNOWN",
    })
    void goesByTheFirstByte(int from, int to, DatagramKind expected) {
        for (int first = from; first <= to; first++) {
            assertThat(DatagramKind.of(ByteBuffer.wrap(new byte[] {(byte) first, 111})))
                    .as("first byte %d", first)
                    .isEqualTo(expected);
        }
    }

    /** RFC 5761 section 4; a marker bit makes payload type 96 into 224. */
    @ParameterizedTest
    @CsvSource({"0, 191, RTP", "192, 223, RTCP", "224, 255, RTP"})
    void tellsRtcpFromRtpByTheSecond(int from, int to, DatagramKind expected) {
        for (int second = from; second <= to; second++) {
            assertThat(DatagramKind.of(ByteBuffer.wrap(new byte[] {(byte) 0x80, (byte) second})))
                    .as("second byte %d", second)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"'', UNKNOWN", "80, UNKNOWN", "00, STUN", "16, DTLS"})
    void readsShortDatagrams(String hex, DatagramKind expected) {
        assertThat(DatagramKind.of(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                .isEqualTo(expected);
    }

    @Test
    void startsAtThePositionAndMovesNothing() {
        ByteBuffer datagram =
                ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x80, (byte) 200}).position(2);

        assertThat(DatagramKind.of(datagram)).isEqualTo(DatagramKind.RTCP);
        assertThat(datagram.position()).isEqualTo(2);
    }
}
