package dev.understudy.protocol.rtcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.rtcp.RtcpPacket.Bye;
import dev.understudy.protocol.rtcp.RtcpPacket.FullIntraRequest;
import dev.understudy.protocol.rtcp.RtcpPacket.Nack;
import dev.understudy.protocol.rtcp.RtcpPacket.PictureLossIndication;
import dev.understudy.protocol.rtcp.RtcpPacket.ReceiverReport;
import dev.understudy.protocol.rtcp.RtcpPacket.ReportBlock;
import dev.understudy.protocol.rtcp.RtcpPacket.SenderReport;
import dev.understudy.protocol.rtcp.RtcpPacket.SourceDescription;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RtcpCompoundTest {
    private static final ReportBlock BLOCK = new ReportBlock(0xFFFFFFFEL, 255, -2, 0x1FFFFL, 7, 0x89ABCDEFL, 65_536);

    private static final String BLOCK_HEX = "fffffffe fffffffe 0001ffff 00000007 89abcdef 00010000";

    @ParameterizedTest(name = "{0}")
    @MethodSource("packets")
    void readsWhatItWrites(RtcpPacket packet, String hex) {
        var written = ByteBuffer.allocate(1_500);

        RtcpCompound.write(List.of(packet), written);

        assertThat(hex(written.flip())).isEqualTo(hex.replace(" ", ""));
        assertThat(RtcpCompound.parse(written)).containsExactly(packet);
    }

    static Stream<Arguments> packets() {
        return Stream.of(
                Arguments.of(
                        new SenderReport(1, 0x8000000000000001L, 0xFFFFFFFFL, 3, 4, List.of()),
                        "80c80006 00000001 80000000 00000001 ffffffff 00000003 00000004"),
                Arguments.of(
                        new SenderReport(1, 2, 3, 4, 5, List.of(BLOCK)),
                        "81c8000c 00000001 00000000 00000002 00000003 00000004 00000005" + BLOCK_HEX),
                Arguments.of(new ReceiverReport(1, List.of()), "80c90001 00000001"),
                Arguments.of(new ReceiverReport(1, List.of(BLOCK, BLOCK)), "82c9000d 00000001" + BLOCK_HEX + BLOCK_HEX),
                Arguments.of(
                        new SourceDescription(List.of(new SourceDescription.Chunk(1, "abc"))),
                        "81ca0003 00000001 01036162 63000000"),
                Arguments.of(
                        new SourceDescription(
                                List.of(new SourceDescription.Chunk(1, "a"), new SourceDescription.Chunk(2, "é"))),
                        "82ca0005 00000001 01016100 00000002 0102c3a9 00000000"),
                Arguments.of(new Bye(List.of(1L, 0xFFFFFFFFL)), "82cb0002 00000001 ffffffff"),
                Arguments.of(new Nack(1, 2, List.of(10)), "81cd0003 00000001 00000002 000a0000"),
                Arguments.of(
                        new Nack(1, 2, List.of(65_535, 0, 15, 16)), "81cd0004 00000001 00000002 ffff8001 00100000"),
                Arguments.of(new PictureLossIndication(1, 2), "81ce0002 00000001 00000002"),
                Arguments.of(
                        new FullIntraRequest(1, List.of(new FullIntraRequest.Entry(2, 255))),
                        "84ce0004 00000001 00000000 00000002 ff000000"));
    }

    @Test
    void readsACompound() {
        assertThat(parse("80c90001 00000001 81ce0002 00000001 00000002"))
                .containsExactly(new ReceiverReport(1, List.of()), new PictureLossIndication(1, 2));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "application-defined, 80cc0002 00000001 41424344",
        "extended report, 80cf0001 00000001",
        "REMB, 8fce0005 00000001 00000000 52454d42 01000000 00000002",
        "transport feedback of another format, 82cd0002 00000001 00000002",
        "a type of tomorrow, 80d00000",
    })
    void skips(String description, String unknown) {
        assertThat(parse(unknown + "81ce0002 00000001 00000002"))
                .as(description)
                .containsExactly(new PictureLossIndication(1, 2));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "of the last packet, a1ce0003 00000001 00000002 00000004",
        "of a packet of type unknown, a0cc0001 00000004 81ce0002 00000001 00000002",
    })
    void leavesOutPadding(String description, String hex) {
        assertThat(parse(hex)).as(description).containsExactly(new PictureLossIndication(1, 2));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "empty, ''",
        "version 1, 40c90001 00000001",
        "cut header, 80c9",
        "longer than the datagram, 80c90002 00000001",
        "something behind, 80c90001 00000001 80",
        "padding of zero bytes, a0c90001 00000000",
        "padding longer than the packet, a0c90001 000000ff",
        "sender report without room for its info, 80c80001 00000001",
        "report block missing, 81c90001 00000001",
        "source description without its chunk, 81ca0000",
        "source description item longer than the packet, 81ca0002 00000001 01ff6162",
        "source description without end, 81ca0002 00000001 01026162",
        "bye without its source, 81cb0000",
        "feedback without its sources, 81cd0001 00000001",
        "key frame request without its sources, 81ce0001 00000001",
    })
    void rejects(String description, String hex) {
        assertThat(parse(hex)).as(description).isEmpty();
    }

    @Test
    void rejectsMorePacketsThanAnybodySends() {
        assertThat(parse("80c90001 00000001".repeat(64))).hasSize(64);
        assertThat(parse("80c90001 00000001".repeat(65))).isEmpty();
    }

    @Test
    void refusesToWriteMoreBlocksThanTheHeaderCanCount() {
        assertThatThrownBy(() -> new ReceiverReport(1, Collections.nCopies(32, BLOCK)))
                .hasMessage("32 entries in one RTCP packet, at most 31");
    }

    @RepeatedTest(3_000)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] datagram = new byte[random.nextInt(0, 400) / 4 * 4];
        random.nextBytes(datagram);
        for (int at = 0; at + 4 <= datagram.length; ) {
            int words = random.nextInt(0, 30);
            ByteBuffer.wrap(datagram)
                    .putInt(at, 0x80000000 | (random.nextInt(32) << 24) | (random.nextInt(198, 208) << 16) | words);
            at += 4 * (words + 1);
        }

        List<RtcpPacket> packets = RtcpCompound.parse(ByteBuffer.wrap(datagram));

        var written = ByteBuffer.allocate(1_000_000);
        RtcpCompound.write(packets, written);
        assertThat(RtcpCompound.parse(written.flip())).hasSize(packets.size());
    }

    private static List<RtcpPacket> parse(String hex) {
        return RtcpCompound.parse(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }
}
