package dev.understudy.server.worker.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.codec.AnnexB;
import dev.understudy.media.codec.AudioDecoder;
import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.Sps;
import dev.understudy.media.codec.VideoDecoder;
import dev.understudy.media.layout.Rect;
import dev.understudy.server.publish.Clip;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClipEncoderTest {
    private static final ClipSettings SETTINGS = new ClipSettings("Zoë", 320, 180, 30, 3, 880, 1, 400_000);
    private static final Clip CLIP = ClipEncoder.encode(SETTINGS);

    @Test
    void isAWholeNumberOfSecondsWithAKeyFrameInEach() {
        assertThat(CLIP.duration()).isEqualTo(Duration.ofSeconds(3));
        assertThat(CLIP.video()).extracting(Clip.Frame::ticks).isEqualTo(multiples(3_000, 90));
        assertThat(CLIP.audio()).extracting(Clip.Frame::ticks).isEqualTo(multiples(960, 150));
        assertThat(CLIP.video())
                .filteredOn(Clip.Frame::isKeyFrame)
                .extracting(Clip.Frame::ticks)
                .containsExactly(0L, 90_000L, 180_000L);
    }

    private static List<Long> multiples(long step, int count) {
        return IntStream.range(0, count).mapToObj(i -> i * step).toList();
    }

    @Test
    void isConstrainedBaselineWithItsParameterSetsInBand() {
        Sps sps = Sps.parse(AnnexB.nalUnits(CLIP.video().getFirst().bytes()).getFirst());

        assertThat(sps.profile()).isEqualTo(66);
        assertThat(sps.constraints() & 0x40).as("constraint_set1_flag").isNotZero();
        assertThat(sps.width()).isEqualTo(320);
        assertThat(sps.height()).isEqualTo(180);
    }

    @Test
    void flashesWhenItBeeps() {
        try (Arena arena = Arena.ofConfined()) {
            Rect flash = new TestCard(SETTINGS, arena).flash();
            assertThat(lumaAt(flash.x() + flash.width() / 2, flash.y() + flash.height() / 2))
                    .containsExactly(flashes());
        }
        assertThat(beeps())
                .allSatisfy(sample -> assertThat((sample + 48) % 48_000).isBetween(0, 144));
    }

    private static Boolean[] flashes() {
        return IntStream.range(0, 90).mapToObj(frame -> frame % 30 < 3).toArray(Boolean[]::new);
    }

    private static List<Boolean> lumaAt(int x, int y) {
        try (VideoDecoder decoder = new FfmpegCodecs().videoDecoder()) {
            return CLIP.video().stream()
                    .map(frame -> {
                        decoder.decode(frame.bytes());
                        Picture picture = decoder.picture();
                        return TestPictures.get(picture, 0, x, y) > 128;
                    })
                    .toList();
        }
    }

    /** The samples at which sound begins after quiet. */
    private static List<Integer> beeps() {
        float[] out = new float[2 * AudioDecoder.MAX_PACKET_SAMPLES];
        float[] sound = new float[3 * 48_000];
        try (AudioDecoder decoder = new FfmpegCodecs().audioDecoder()) {
            int at = 0;
            for (Clip.Frame frame : CLIP.audio()) {
                int samples = decoder.decode(frame.bytes(), out);
                for (int i = 0; i < samples; i++) {
                    sound[at++] = out[2 * i];
                }
            }
        }
        return IntStream.range(0, 3)
                .map(second -> IntStream.range(Math.max(0, second * 48_000 - 10_000), second * 48_000 + 10_000)
                        .filter(i -> Math.abs(sound[i]) > 0.15)
                        .findFirst()
                        .orElse(-1))
                .boxed()
                .toList();
    }
}
