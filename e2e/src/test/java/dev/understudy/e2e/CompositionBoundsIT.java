package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.record.RecordingReport;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ivsrealtime.model.Composition;

/** At the bounds of what the model permits a composition is recorded whole, by one worker. */
class CompositionBoundsIT {
    private static final int SECONDS = 6;

    @TempDir
    static Path data;

    private static RecordedStage stage;
    private static List<Program> publishers;

    @BeforeAll
    static void publish() {
        stage = new RecordedStage(data);
        publishers = List.of(stage.publisher("Ada"), stage.publisher("Grace"));
    }

    @AfterAll
    static void end() {
        publishers.forEach(Program::close);
        stage.close();
    }

    @ParameterizedTest(name = "{0}x{1}, {2} fps, {3} bit/s, gap {4}")
    @CsvSource({
        "320, 180, 1,  200000, 2",
        "320, 180, 60, 200000, 2",
        "320, 180, 5,  1,      2",
        "2,   2,   5,  100000, 2",
        "320, 180, 5,  200000, 2147483647",
    })
    void isRecordedWhole(int width, int height, int framesPerSecond, int bitsPerSecond, int gapPixels) {
        Ffmpeg.assumeThere();
        Composition composition = stage.record(
                video -> video.width(width)
                        .height(height)
                        .framerate((float) framesPerSecond)
                        .bitrate(bitsPerSecond),
                grid -> grid.gridGap(gapPixels));
        Path recording = stage.folder(composition);
        assertThat(Await.value(() -> Recordings.seconds(recording), seconds -> seconds >= SECONDS))
                .isGreaterThanOrEqualTo(SECONDS);
        stage.stop(composition);

        RecordingReport report = Recordings.check(recording);
        assertThat(report.findings()).isEmpty();
        assertThat(report.discontinuities()).as("workers that died").isZero();
        assertThat(Ffmpeg.probe(
                        Recordings.multivariant(recording),
                        "-select_streams",
                        "v",
                        "-show_entries",
                        "stream=codec_name,width,height,r_frame_rate",
                        "-of",
                        "csv=p=0"))
                .first()
                .isEqualTo("h264," + width + "," + height + "," + framesPerSecond + "/1");
        long[] ticks = ticks(recording);
        assertThat(ticks).hasSizeGreaterThanOrEqualTo(SECONDS * framesPerSecond);
        assertThat(IntStream.range(1, ticks.length).mapToLong(i -> ticks[i] - ticks[i - 1]))
                .containsOnly(1000L);
    }

    /** When each frame is shown, in the timescale of the file, where a tick lasts 1000. */
    private static long[] ticks(Path recording) {
        return Ffmpeg.probe(
                        Recordings.mediaPlaylist(recording).orElseThrow(),
                        "-select_streams",
                        "v",
                        "-show_entries",
                        "packet=pts",
                        "-of",
                        "csv=p=0")
                .stream()
                .filter(text -> !text.isBlank())
                .mapToLong(text -> Long.parseLong(text.replaceAll("\\D", "")))
                .toArray();
    }
}
