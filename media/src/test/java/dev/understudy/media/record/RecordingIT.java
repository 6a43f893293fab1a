package dev.understudy.media.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.media.codec.AnnexB;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Records what a real encoder made and lets another reader than ours, ffprobe, say what is in it. Skipped where there is
 * no ffmpeg.
 */
class RecordingIT {
    private static final String PREFIX = "st/co/de/composite";
    private static final int SECONDS = 5;

    @TempDir
    private Path folder;

    @BeforeEach
    void needsFfmpeg() {
        assumeTrue(isThere("ffmpeg") && isThere("ffprobe"), "ffmpeg and ffprobe are not installed");
    }

    @ParameterizedTest(name = "{0} fps")
    @CsvSource({"15, 30", "29.97, 60", "30, 60", "60, 120"})
    void ffprobeReadsWhatWasRecorded(double fps, int gopTicks) throws Exception {
        int frames = (int) Math.round(SECONDS * fps);
        List<List<ByteBuffer>> pictures = encodeVideo(fps, gopTicks, frames);
        List<ByteBuffer> sounds = encodeAudio();
        Bucket bucket = record(fps, gopTicks, pictures, sounds);

        RecordingReport report = RecordingCheck.check(PREFIX, bucket);
        assertThat(report.findings()).isEmpty();
        assertThat(report.segments()).isEqualTo(3);
        writeOut(bucket);
        assertThat(probe(
                        "-show_entries", "stream=codec_name,width,height,color_range,color_space,sample_rate,channels"))
                .contains("h264", "320", "180", "tv", "bt709", "aac", "48000");
        assertEvenlySpaced(videoTimes(), frames, TickRate.of(fps));
        assertThat(packetTimes("a")).hasSize(Math.ceilDiv((int) TickRate.of(fps).firstSampleAt(frames), 1_024));
        assertThat(run("ffmpeg", "-v", "error", "-i", playlist(), "-f", "null", "-"))
                .isEmpty();
    }

    private Bucket record(double fps, int gopTicks, List<List<ByteBuffer>> pictures, List<ByteBuffer> sounds) {
        Bucket bucket = new Bucket();
        Instant epoch = Instant.parse("2026-01-02T03:04:05Z");
        var recording = new CompositeRecording(
                new RecordingSpec(PREFIX, "180p-abcdeABCDE12", fps, 320, 180, 500_000, 128_000, 2, "arn"),
                epoch,
                bucket);
        recording.started(epoch);
        recording.codecConfig(
                nal(pictures, 7),
                nal(pictures, 8),
                ByteBuffer.wrap(HexFormat.of().parseHex("1190")));
        TickRate rate = TickRate.of(fps);
        int sound = 0;
        for (int tick = 0; tick < pictures.size(); tick++) {
            recording.video(tick, tick % gopTicks == 0, AnnexB.lengthPrefixed(slices(pictures.get(tick))));
            for (; sound * 1_024L < rate.firstSampleAt(tick + 1); sound++) {
                recording.audio(sound * 1_024L, sounds.get(sound));
            }
        }
        recording.ended(epoch.plusSeconds(SECONDS));
        return bucket;
    }

    private List<List<ByteBuffer>> encodeVideo(double fps, int gopTicks, int frames) throws Exception {
        Path file = folder.resolve("video.h264");
        String options = "aud=1:keyint=%d:min-keyint=%d:scenecut=0:bframes=0:colorprim=bt709:transfer=bt709"
                .formatted(gopTicks, gopTicks);
        assertThat(run(
                        "ffmpeg",
                        "-v",
                        "error",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=s=320x180:r=" + fps,
                        "-frames:v",
                        "" + frames,
                        "-pix_fmt",
                        "yuv420p",
                        "-c:v",
                        "libx264",
                        "-preset",
                        "ultrafast",
                        "-color_range",
                        "tv",
                        "-x264-params",
                        options + ":colormatrix=bt709",
                        "-f",
                        "h264",
                        file.toString()))
                .isEmpty();
        List<List<ByteBuffer>> pictures = new ArrayList<>();
        for (ByteBuffer nal : nalUnits(Files.readAllBytes(file))) {
            if (AnnexB.nalType(nal) == 9) { // the delimiter in front of each picture
                pictures.add(new ArrayList<>());
            }
            pictures.getLast().add(nal);
        }
        assertThat(pictures).hasSize(frames);
        return pictures;
    }

    /** All of a file's, of which there are more than one access unit may have. */
    private static List<ByteBuffer> nalUnits(byte[] file) {
        List<ByteBuffer> nals = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= file.length; i++) {
            boolean isDelimiter = i + 5 < file.length && ByteBuffer.wrap(file).getInt(i) == 1 && file[i + 4] == 9;
            if (i == file.length || isDelimiter) {
                nals.addAll(AnnexB.nalUnits(ByteBuffer.wrap(file, start, i - start)));
                start = i;
            }
        }
        return nals;
    }

    /** Raw AAC frames out of ADTS (ISO/IEC 14496-3 section 1.A.2.2): a header of seven bytes with the length in it. */
    private List<ByteBuffer> encodeAudio() throws Exception {
        Path file = folder.resolve("audio.aac");
        assertThat(run(
                        "ffmpeg",
                        "-v",
                        "error",
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=frequency=440:sample_rate=48000:duration=6",
                        "-ac",
                        "2",
                        "-c:a",
                        "aac",
                        "-b:a",
                        "128k",
                        "-f",
                        "adts",
                        file.toString()))
                .isEmpty();
        ByteBuffer adts = ByteBuffer.wrap(Files.readAllBytes(file));
        List<ByteBuffer> frames = new ArrayList<>();
        while (adts.hasRemaining()) {
            int start = adts.position();
            int length = adts.getInt(start + 2) >>> 5 & 0x1FFF;
            frames.add(adts.slice(start + 7, length - 7));
            adts.position(start + length);
        }
        return frames.subList(1, frames.size()); // without the priming frame
    }

    private static List<ByteBuffer> slices(List<ByteBuffer> nals) {
        return nals.stream().filter(nal -> AnnexB.nalType(nal) <= 6).toList();
    }

    private static ByteBuffer nal(List<List<ByteBuffer>> pictures, int type) {
        return pictures.getFirst().stream()
                .filter(nal -> AnnexB.nalType(nal) == type)
                .findFirst()
                .orElseThrow();
    }

    private void writeOut(Bucket bucket) throws IOException {
        for (Map.Entry<String, byte[]> file : bucket.files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    private String playlist() {
        return folder.resolve(PREFIX + "/media/hls/multivariant.m3u8").toString();
    }

    private List<String> videoTimes() throws Exception {
        return packetTimes("v");
    }

    private List<String> packetTimes(String stream) throws Exception {
        return probe("-select_streams", stream + ":0", "-show_entries", "packet=pts_time");
    }

    private static void assertEvenlySpaced(List<String> times, int frames, TickRate rate) {
        assertThat(times).hasSize(frames);
        for (int tick = 0; tick < frames; tick++) {
            double expected = rate.duration(tick).toNanos() / 1e9 + Double.parseDouble(times.getFirst());
            assertThat(Double.parseDouble(times.get(tick))).isBetween(expected - 2e-5, expected + 2e-5);
        }
    }

    private List<String> probe(String... what) throws Exception {
        List<String> command = new ArrayList<>(List.of("ffprobe", "-v", "error", "-of", "csv=p=0"));
        command.addAll(List.of(what));
        command.add(playlist());
        return run(command.toArray(String[]::new))
                .lines()
                .flatMap(line -> Pattern.compile(",").splitAsStream(line))
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static boolean isThere(String program) {
        try {
            return !run(program, "-version").isEmpty();
        } catch (IOException | InterruptedException _) {
            return false;
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
