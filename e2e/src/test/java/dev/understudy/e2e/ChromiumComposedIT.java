package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.record.RecordingReport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ivsrealtime.model.Composition;

/**
 * What a browser publishes reaches the recording, moving and sounding: judged by decoding the recording with ffmpeg.
 *
 * <p>The browser's camera draws another picture 30 times a second, and its microphone beeps at least once a second, so
 * what stays or is silent was broken on the way.
 */
@Timeout(300)
class ChromiumComposedIT {
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final Duration LONGEST_WAIT = LENGTH.plusSeconds(30);

    /** The only tile fills the canvas. */
    private static final int WIDTH = 320;

    private static final int HEIGHT = 180;

    /** Above what an encoder makes of a picture that stays; the camera's figure is of another colour altogether. */
    private static final int LUMA_DIFFERENCE = 24;

    /** The figure turns by some 700 of 57,600 pixels with every frame; a picture that stays has none. */
    private static final int LEAST_CHANGED_PIXELS = 200;

    private static final double LONGEST_STILL_SECONDS = 0.5;

    private static final int SOUND_RATE = 48_000;

    /** Of 32,767. The microphone's beeps come out at 29,000, their echoes below 1,000. */
    private static final int LEAST_BEEP = 10_000;

    @TempDir
    Path data;

    @BeforeAll
    static void wantsFfmpeg() {
        Ffmpeg.assumeThere();
    }

    @Test
    void aBrowserIsRecordedMovingAndSounding() {
        Path recording;
        try (Chromium chromium = Chromium.start();
                RecordedStage stage = new RecordedStage(data);
                PublishPage browser = PublishPage.open(chromium)) {
            browser.publish(stage.whip(), stage.token("chromium"));
            Composition composition = stage.record();
            recording = stage.folder(composition);

            awaitLength(recording);
            assertThat(browser.state().get("codec")).isEqualTo("video/H264");
            stage.stop(composition);
        }

        RecordingReport report = Recordings.check(recording);
        assertThat(report.findings()).isEmpty();
        assertThat(report.discontinuities()).isZero();
        assertThat(report.durationSeconds()).isGreaterThanOrEqualTo((double) LENGTH.toSeconds());
        Path playlist = Recordings.multivariant(recording);
        assertMoving(new Movement(Ffmpeg.pictures(playlist, WIDTH, HEIGHT, "gray")));
        assertSounding(Ffmpeg.sound(playlist));
    }

    private static void awaitLength(Path recording) {
        double recorded = Await.value(
                () -> Recordings.seconds(recording), seconds -> seconds >= LENGTH.toSeconds(), LONGEST_WAIT);
        assertThat(recorded).isGreaterThanOrEqualTo((double) LENGTH.toSeconds());
    }

    /** In its first second a browser may still be finding its rate. */
    private static void assertMoving(Movement movement) {
        int shown = movement.firstChange();
        int settled = shown + (int) RecordedStage.FRAMES_PER_SECOND;

        assertThat(settled).as("first shown in picture %d", shown).isLessThan(movement.pictures() / 2);
        assertThat(movement.longestStill(settled) / RecordedStage.FRAMES_PER_SECOND)
                .as("seconds without movement, after the picture %d that showed the browser first", shown)
                .isLessThanOrEqualTo(LONGEST_STILL_SECONDS);
    }

    /** Every second from the first beep on has one. */
    private static void assertSounding(byte[] pcm) {
        ShortBuffer samples =
                ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        int[] beeps = IntStream.range(0, samples.limit())
                .filter(i -> Math.abs(samples.get(i)) >= LEAST_BEEP)
                .toArray();

        assertThat(beeps).isNotEmpty();
        int longestSilence = Math.max(
                samples.limit() - beeps[beeps.length - 1],
                IntStream.range(1, beeps.length)
                        .map(i -> beeps[i] - beeps[i - 1])
                        .max()
                        .orElse(samples.limit()));
        assertThat(beeps[0]).as("samples before the first beep").isLessThan(samples.limit() / 2);
        assertThat(longestSilence).as("samples between beeps").isLessThanOrEqualTo(SOUND_RATE);
    }

    /** Grey pictures one after another, and how much each differs from the one before. */
    private static final class Movement {
        private final byte[] grey;

        Movement(byte[] grey) {
            this.grey = grey;
        }

        int pictures() {
            return grey.length / (WIDTH * HEIGHT);
        }

        /** The placeholder, which the browser takes the place of, does not move. */
        int firstChange() {
            return IntStream.range(1, pictures())
                    .filter(this::isOther)
                    .findFirst()
                    .orElse(pictures());
        }

        /** The most pictures in a row that show the same, from {@code first} on. */
        int longestStill(int first) {
            int longest = 1;
            int still = 1;
            for (int i = first + 1; i < pictures(); i++) {
                still = isOther(i) ? 1 : still + 1;
                longest = Math.max(longest, still);
            }
            return longest;
        }

        private boolean isOther(int picture) {
            int size = WIDTH * HEIGHT;
            return IntStream.range(picture * size, (picture + 1) * size)
                            .filter(i -> Math.abs((grey[i] & 0xFF) - (grey[i - size] & 0xFF)) > LUMA_DIFFERENCE)
                            .count()
                    >= LEAST_CHANGED_PIXELS;
        }
    }
}
