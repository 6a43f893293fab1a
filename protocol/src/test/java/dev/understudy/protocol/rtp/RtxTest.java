package dev.understudy.protocol.rtp;

import static dev.understudy.protocol.rtp.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RtxTest {
    private final ByteBuffer scratch = ByteBuffer.allocate(1_500);

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            # case                      | retransmission                                        | original
            with a marker               | 80 e1 0009 00000bb8 00000002 fffe aabb                 | 80 e0 fffe 00000bb8 00000001 aabb
            with an extension           | 90 61 0009 00000bb8 00000002 bede0001 10000000 0005 aa | 80 60 0005 00000bb8 00000001 aa
            of a packet without payload | 80 61 0009 00000bb8 00000002 0005                      | 80 60 0005 00000bb8 00000001
            """, delimiter = '|')
    void unwraps(String description, String retransmission, String original) {
        RtpPacket packet = Rtx.unwrap(RtpPacket.parse(bytes(retransmission)), 96, 1, scratch);

        assertThat(packet).as(description).isNotNull();
        assertThat(Hex.of(scratch)).isEqualTo(Hex.of(bytes(original)));
        assertThat(packet.sequenceNumber()).isEqualTo(bytes(original).getShort(2) & 0xFFFF);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "no payload, 80 61 0009 00000bb8 00000002",
        "half a sequence number, 80 61 0009 00000bb8 00000002 ff",
        "padding alone, a0 61 0009 00000bb8 00000002 00000004",
    })
    void findsNoOriginalIn(String description, String retransmission) {
        assertThat(Rtx.unwrap(RtpPacket.parse(bytes(retransmission)), 96, 1, scratch))
                .as(description)
                .isNull();
    }

    @Test
    void refusesWhatTheScratchCannotHold() {
        RtpPacket retransmission = RtpPacket.parse(bytes("80 61 0009 00000bb8 00000002 0005 aabbccdd"));

        assertThat(Rtx.unwrap(retransmission, 96, 1, ByteBuffer.allocate(15))).isNull();
    }

    @Test
    void wrapsWhatItUnwraps() {
        RtpPacket original = RtpPacket.parse(bytes("80 e0 fffe 00000bb8 00000001 aabbcc"));
        var retransmission = ByteBuffer.allocate(100);

        Rtx.wrap(
                original,
                new RtpHeader(97, false, 9, 0, 2),
                List.of(new HeaderExtension(1, bytes("30"))),
                retransmission);

        assertThat(Hex.of(retransmission.flip()))
                .isEqualTo(Hex.of(bytes("90 e1 0009 00000bb8 00000002 bede0001 10300000 fffe aabbcc")));
    }
}
