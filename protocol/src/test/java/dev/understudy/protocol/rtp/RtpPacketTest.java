package dev.understudy.protocol.rtp;

import static dev.understudy.protocol.rtp.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RtpPacketTest {
    @Test
    void readsTheFixedHeader() {
        RtpPacket packet = RtpPacket.parse(bytes("80 e0 fffe 89abcdef fedcba98 010203"));

        assertThat(packet).isNotNull();
        assertThat(packet.marker()).isTrue();
        assertThat(packet.payloadType()).isEqualTo(96);
        assertThat(packet.sequenceNumber()).isEqualTo(0xFFFE);
        assertThat(packet.timestamp()).isEqualTo(0x89ABCDEFL);
        assertThat(packet.ssrc()).isEqualTo(0xFEDCBA98L);
        assertThat(Hex.of(packet.payload())).isEqualTo("010203");
    }

    @Test
    void leavesOutContributingSourcesExtensionsAndPadding() {
        RtpPacket packet = RtpPacket.parse(bytes("b1 60 0001 00000000 00000001 cccccccc bede 0001 10aa0000 0102 0003")
                .limit(28));

        assertThat(packet).isNotNull();
        assertThat(packet.payloadBytes()).isEqualTo(1);
        assertThat(Hex.of(packet.payload())).isEqualTo("01");
    }

    @Test
    void readsBetweenPositionAndLimitAndLeavesThem() {
        ByteBuffer datagram =
                bytes("ffff 80600001 00000000 00000001 07 ffff").position(2).limit(15);

        RtpPacket packet = RtpPacket.parse(datagram);

        assertThat(packet).isNotNull();
        assertThat(Hex.of(packet.payload())).isEqualTo("07");
        assertThat(datagram.position()).isEqualTo(2);
        assertThat(datagram.limit()).isEqualTo(15);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "empty, ''",
        "version 1, 40 60 0001 00000000 00000001",
        "cut inside the fixed header, 80 60 0001 00000000",
        "cut inside the contributing sources, 81 60 0001 00000000 00000001 0000",
        "cut inside the extension header, 90 60 0001 00000000 00000001 bede",
        "extension longer than the datagram, 90 60 0001 00000000 00000001 bede 0001",
        "extension of 256 KiB, 90 60 0001 00000000 00000001 bede ffff",
        "padding longer than the datagram, a0 60 0001 00000000 00000001 ff",
        "padding of zero bytes, a0 60 0001 00000000 00000001 00",
    })
    void rejects(String description, String hex) {
        assertThat(RtpPacket.parse(bytes(hex))).as(description).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            # case                            | id  | block                       | value
            one byte                          | 3   | bede 0001 32aabbcc          | aabbcc
            one byte, behind padding          | 3   | bede 0002 00003032 aa000000 | 32
            one byte, behind another          | 4   | bede 0002 10014122 33000000 | 2233
            one byte, not there               | 5   | bede 0001 32aabbcc          |
            one byte, longer than the block   | 3   | bede 0001 3faabbcc          |
            one byte, behind the stop id      | 3   | bede 0001 f03 0 aa 00        |
            one byte, id 0 is padding         | 0   | bede 0001 00000000          |
            two bytes                         | 200 | 1000 0001 c802aabb          | aabb
            two bytes, empty                  | 9   | 1000 0001 09000000          | ''
            two bytes, with application bits  | 9   | 100f 0001 0901aa00          | aa
            two bytes, behind padding         | 9   | 1000 0001 000901aa          | aa
            two bytes, behind another         | 9   | 1000 0002 0801ff09 01aa0000 | aa
            two bytes, longer than the block  | 9   | 1000 0001 09ff0000          |
            two bytes, cut after the id       | 9   | 1000 0001 00000009          |
            another profile                   | 3   | beef 0001 32aabbcc          |
            no elements                       | 3   | bede 0000                   |
            """, delimiter = '|')
    void findsExtension(String description, int id, String block, String value) {
        RtpPacket packet = RtpPacket.parse(bytes("90 60 0001 00000000 00000001" + block));

        assertThat(packet).isNotNull();
        ByteBuffer found = packet.extension(id);
        assertThat(found == null ? null : Hex.of(found)).as(description).isEqualTo(value);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            # elements    | block
            1=61          | bede 0001 10610000
            1=61 5=0102   | bede 0002 10615101 02000000
            1=61 15=ff    | 1000 0002 0101610f 01ff0000
            1=            | 1000 0001 01000000
            """, delimiter = '|')
    void writesExtensions(String elements, String block) {
        var written = ByteBuffer.allocate(100);

        RtpWriter.write(new RtpHeader(96, true, 70_000, 1L << 33 | 5, 7), elements(elements), bytes("ab"), written);

        assertThat(Hex.of(written.flip())).isEqualTo(Hex.of(bytes("90 e0 1170 00000005 00000007" + block + "ab")));
    }

    private static List<HeaderExtension> elements(String text) {
        return List.of(text.split(" ")).stream()
                .map(element -> element.split("=", -1))
                .map(element -> new HeaderExtension(Integer.parseInt(element[0]), bytes(element[1])))
                .toList();
    }

    @RepeatedTest(1_000)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] datagram = new byte[random.nextInt(0, 1_500)];
        random.nextBytes(datagram);
        if (datagram.length > 16) {
            datagram[0] = (byte) (0x80 | random.nextInt(64));
            ByteBuffer.wrap(datagram).putInt(12, random.nextBoolean() ? 0xBEDE0010 : 0x10000010);
        }

        RtpPacket packet = RtpPacket.parse(ByteBuffer.wrap(datagram));

        if (packet != null) {
            assertThat(packet.payload().remaining()).isBetween(0, datagram.length - 12);
            for (int id = 0; id < 256; id++) {
                ByteBuffer value = packet.extension(id);
                assertThat(value == null ? 0 : value.remaining()).isBetween(0, 255);
            }
        }
    }
}
