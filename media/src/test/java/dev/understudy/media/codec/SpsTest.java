package dev.understudy.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpsTest {
    private static final String HIGH_720P = "6764001facd9405005bb016a02020280000003008000001e078c18cb";

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            # written by x264     | NAL unit                                                   | what it says
            baseline 720p, BT.709 | 6742c01fd9005005bb016a02020280000003008000001e078c1924     | avc1.42c01f 1280x720 4:2:0 8/8 sar 1:1 full false 1/1/1
            high 720p, BT.709     | 6764001facd9405005bb016a02020280000003008000001e078c18cb   | avc1.64001f 1280x720 4:2:0 8/8 sar 1:1 full false 1/1/1
            interlaced full range | 6764001facd940d87bcde02d90000003001000000303c1f162d960     | avc1.64001f 854x480 4:2:0 8/8 sar 1:1 full true 2/2/2
            4:4:4 of ten bits     | 67f4001e90d9b281405ff1380880000003008000001e078b16cb       | avc1.f4001e 640x360 4:4:4 10/10 sar 1:1 full false 2/2/2
            main, odd aspect      | 674d400deca0a8cf1137fe0068008a20000003002000000781e28532c0 | avc1.4d400d 322x182 4:2:0 8/8 sar 52:69 full false 2/2/2
            """, delimiter = '|')
    void reads(String description, String hex, String expected) {
        Sps sps = Sps.parse(bytes(hex));

        assertThat(sps).as(description).isNotNull();
        assertThat(summary(sps)).isEqualTo(expected);
    }

    @Test
    void knowsOurOwnColours() {
        assertThat(Sps.parse(bytes(HIGH_720P)).vui().isBt709Limited()).isTrue();
        assertThat(Sps.Vui.UNSPECIFIED.isBt709Limited()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "empty, ''",
        "another type, 68ebe3cb",
        "cut inside the size, 6764001facd940",
        "cut inside the VUI, 6764001facd9405005bb016a02",
        "more zeros than any code has, 6742c01f0000000000000000",
    })
    void rejects(String description, String hex) {
        assertThat(Sps.parse(bytes(hex))).as(description).isNull();
    }

    @RepeatedTest(1_000)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] nal = HexFormat.of().parseHex(HIGH_720P);
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            nal[random.nextInt(1, nal.length)] = (byte) random.nextInt();
        }

        Sps sps = Sps.parse(ByteBuffer.wrap(nal));

        if (sps != null) {
            assertThat(sps.width()).isBetween(1, Sps.MAX_PIXELS_A_SIDE);
            assertThat(sps.height()).isBetween(1, Sps.MAX_PIXELS_A_SIDE);
        }
    }

    private static String summary(Sps sps) {
        String chroma = sps.chromaFormat() == 1 ? "4:2:0" : sps.chromaFormat() == 3 ? "4:4:4" : "other";
        Sps.Vui vui = sps.vui();
        return "%s %dx%d %s %d/%d sar %d:%d full %s %d/%d/%d"
                .formatted(
                        sps.codec(),
                        sps.width(),
                        sps.height(),
                        chroma,
                        sps.bitDepthLuma(),
                        sps.bitDepthChroma(),
                        vui.sarWidth(),
                        vui.sarHeight(),
                        vui.fullRange(),
                        vui.primaries(),
                        vui.transfer(),
                        vui.matrix());
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
