package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.protocol.hls.MediaPlaylist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code understudy demo --seconds 20}, judged by ffmpeg and ffprobe. */
class DemoIT {
    private static final int SECONDS = 20;
    private static final int PARTICIPANTS = 4;

    @TempDir
    static Path data;

    private static Program demo;
    private static JsonNode result;
    private static Path recording;

    @BeforeAll
    static void runDemo() throws InterruptedException {
        demo = Program.start("demo", "--seconds", Integer.toString(SECONDS), "--data", data.toString());
        result = new JsonMapper().readTree(demo.awaitEnd(30).getLast());
        recording = Path.of(result.path("recording").asString());
    }

    @AfterAll
    static void end() {
        demo.close();
    }

    @Test
    void endsWithStatus0AndOneObjectThatSaysWhatWasRecorded() {
        assertThat(demo.exitStatus()).isZero();
        assertThat(result.path("passed").asBoolean()).isTrue();
        assertThat(result.path("width").asInt()).isEqualTo(1280);
        assertThat(result.path("height").asInt()).isEqualTo(720);
        assertThat(result.path("durationSeconds").asDouble()).isBetween(SECONDS - 1.0, SECONDS + 5.0);
        assertThat(Path.of(result.path("playlist").asString())).isEqualTo(Recordings.multivariant(recording));
        assertThat(Recordings.check(recording).findings()).isEmpty();
    }

    @Test
    void isH264And1280x720At30FramesASecondAndAac() {
        Ffmpeg.assumeThere();

        assertThat(Ffmpeg.probe(
                        Recordings.multivariant(recording),
                        "-select_streams",
                        "v",
                        "-show_entries",
                        "stream=codec_name,width,height,pix_fmt,color_range,color_space,r_frame_rate",
                        "-of",
                        "csv=p=0"))
                .first()
                .isEqualTo("h264,1280,720,yuv420p,tv,bt709,30/1");
        assertThat(Ffmpeg.probe(
                        Recordings.multivariant(recording),
                        "-select_streams",
                        "a",
                        "-show_entries",
                        "stream=codec_name,sample_rate,channels",
                        "-of",
                        "csv=p=0"))
                .first()
                .isEqualTo("aac,48000,2");
    }

    @Test
    void everySegmentLasts2SecondsButTheLast() throws IOException {
        MediaPlaylist playlist = MediaPlaylist.parse(
                Files.readString(Recordings.mediaPlaylist(recording).orElseThrow()));

        assertThat(playlist.ended()).isTrue();
        assertThat(playlist.parts()).hasSize(1);
        List<Duration> durations = playlist.parts().getFirst().segments().stream()
                .map(MediaPlaylist.Segment::duration)
                .toList();
        assertThat(durations.subList(0, durations.size() - 1)).containsOnly(Duration.ofSeconds(2));
        assertThat(durations.getLast()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(2));
    }

    @Test
    void everyFrameIsExactlyOneTickBehindTheLast() {
        Ffmpeg.assumeThere();
        List<String> times = Ffmpeg.probe(
                Recordings.mediaPlaylist(recording).orElseThrow(),
                "-select_streams",
                "v",
                "-show_entries",
                "packet=pts",
                "-of",
                "csv=p=0");
        // ffprobe counts in the timescale of the file, where a tick lasts 1000.
        long[] ticks = times.stream()
                .filter(text -> !text.isBlank())
                .mapToLong(text -> Long.parseLong(text.replaceAll("\\D", "")))
                .toArray();

        assertThat(ticks).hasSizeGreaterThan(SECONDS * 30 - 30);
        assertThat(IntStream.range(1, ticks.length).mapToLong(i -> ticks[i] - ticks[i - 1]))
                .containsOnly(1000L);
    }

    @Test
    void showsFourTilesThatAreDifferentAndMove() {
        Ffmpeg.assumeThere();
        Pictures pictures = Pictures.of(recording);

        List<Integer> patterns = IntStream.range(0, PARTICIPANTS)
                .map(tile -> pictures.pattern(tile, pictures.count() - 15))
                .boxed()
                .toList();

        assertThat(patterns).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void soundAndPictureOfEveryPublisherAreWithin40Milliseconds() {
        Ffmpeg.assumeThere();
        Pictures pictures = Pictures.of(recording);
        Sound sound = Sound.of(recording);

        for (int tile = 0; tile < PARTICIPANTS; tile++) {
            int pattern = pictures.pattern(tile, pictures.count() - 15);
            List<Double> flashes = pictures.flashes(tile);
            List<Double> beeps = sound.beeps(400 + 150 * pattern);
            // The first seconds are left out: that is before the first sender reports. Other publishers' beeps may set
            // in
            // while this one sounds and look like another onset, so each flash has the beep that is nearest to it.
            List<Double> offsets = flashes.stream()
                    .filter(flash -> flash > 5)
                    .map(flash -> nearest(flash, beeps) - flash)
                    .sorted(Comparator.comparingDouble(Math::abs))
                    .toList();
            assertThat(offsets)
                    .as("beeps of pattern %d beside its flashes", pattern)
                    .hasSizeGreaterThan(8);
            assertThat(offsets)
                    .as("seconds from flash to beep of pattern %d", pattern)
                    .allSatisfy(offset -> assertThat(offset).isCloseTo(0.0, within(0.040)));
        }
    }

    private static double nearest(double time, List<Double> times) {
        return times.stream()
                .min(Comparator.comparingDouble(other -> Math.abs(other - time)))
                .orElse(Double.POSITIVE_INFINITY);
    }
}
