package dev.understudy.protocol.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaSegmentTest {
    private static final MediaSegment SEGMENT = new MediaSegment(
            7,
            List.of(
                    new TrackFragment(
                            1, 0x1_0000_0000L, List.of(sample("aabbcc", 1000, true), sample("dd", 1000, false))),
                    new TrackFragment(2, 96_256, List.of(sample("0102", 1024, true)))));

    @Test
    void isAFragmentWithAllItsTimesAndSizes() {
        assertThat(BoxTree.text(SEGMENT.bytes())).isEqualTo("""
                        moof
                          mfhd 00000000 00000007
                          traf
                            tfhd 00020000 00000001
                            tfdt 01000000 00000001 00000000
                            trun 00000701 00000002 000000c4 000003e8 00000003 02000000 000003e8 00000001 01010000
                          traf
                            tfhd 00020000 00000002
                            tfdt 01000000 00000000 00017800
                            trun 00000701 00000001 000000c8 00000400 00000002 02000000
                        mdat aabbccdd 0102
                        """);
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(MediaSegment.parse(ByteBuffer.wrap(SEGMENT.bytes()))).isEqualTo(SEGMENT);
    }

    @Test
    void leavesOutATrackWithoutSamples() {
        var segment = new MediaSegment(1, List.of(SEGMENT.tracks().getFirst(), new TrackFragment(2, 0, List.of())));

        assertThat(segment.tracks()).containsExactly(SEGMENT.tracks().getFirst());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "another base than the moof, 00020000 00000001, 00000000 00000001",
        "a time of 32 bits, 01000000 00000001 00000000, 00000000 00000001 00000000",
        "a negative time, 01000000 00000001 00000000, 01000000 80000000 00000000",
        "more samples than entries, 00000701 00000002, 00000701 00000003",
        "an offset past the end, 00000701 00000001 000000c8, 00000701 00000001 7fffffff",
        "a size past the end, 00000003 02000000, 7fffffff 02000000",
        "a negative duration, 000003e8 00000003, 800003e8 00000003",
        "an unknown box in the fragment, 6d666864 00000000, 66726565 00000000",
    })
    void rejects(String description, String bytes, String instead) {
        String hex = HexFormat.of().formatHex(SEGMENT.bytes());
        String broken = hex.replaceFirst(bytes.replace(" ", ""), instead.replace(" ", ""));

        assertThat(broken).as(description).isNotEqualTo(hex);
        assertThat(MediaSegment.parse(ByteBuffer.wrap(HexFormat.of().parseHex(broken))))
                .as(description)
                .isNull();
    }

    @Test
    void refusesATimeBeforeZero() {
        assertThatThrownBy(() -> new TrackFragment(1, -1, List.of())).hasMessage("fragment of track 1 at -1");
    }

    @RepeatedTest(1_000)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] file = SEGMENT.bytes();
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            file[random.nextInt(file.length)] = (byte) random.nextInt();
        }

        MediaSegment segment = MediaSegment.parse(ByteBuffer.wrap(file, 0, random.nextInt(file.length + 1)));

        if (segment != null) {
            assertThat(segment.tracks())
                    .allSatisfy(track -> assertThat(track.dataBytes()).isBetween(0, 3 * file.length));
        }
    }

    private static Sample sample(String hex, int duration, boolean isSync) {
        return new Sample(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), duration, isSync);
    }
}
