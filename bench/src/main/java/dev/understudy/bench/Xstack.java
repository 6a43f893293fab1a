package dev.understudy.bench;

import dev.understudy.server.publish.Clip;
import dev.understudy.server.worker.ffmpeg.ClipEncoder;
import dev.understudy.server.worker.ffmpeg.ClipSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The same pictures composed by the {@code ffmpeg} program from files, as fast as it can: a yardstick of which everybody
 * knows what it does.
 *
 * <p>Four decoders, bilinear scaling, xstack, x264 veryfast zerolatency at 2.5 Mbit/s, AAC of four tones; one thread
 * each. It has no network, no pacing, no recovery, and decodes no Opus.
 */
final class Xstack {
    private static final int INPUTS = 4;
    private static final Pattern BENCHMARK = Pattern.compile("bench: utime=([0-9.]+)s stime=([0-9.]+)s");

    private Xstack() {}

    /** CPU-seconds for each second of output; NaN where ffmpeg is not installed. */
    static double cpuPerSecond(Path folder, int seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-y", "-benchmark", "-hide_banner"));
        for (int i = 0; i < INPUTS; i++) {
            command.addAll(List.of(
                    "-threads", "1", "-r", "30", "-i", write(i, folder, seconds).toString()));
        }
        for (int i = 0; i < INPUTS; i++) {
            command.addAll(List.of(
                    "-f", "lavfi", "-t", Integer.toString(seconds), "-i", "sine=" + (400 + 150 * i) + ":r=48000"));
        }
        command.addAll(List.of(
                "-filter_complex_threads",
                "1",
                "-filter_complex",
                "[0:v]scale=640:360:flags=bilinear[a];[1:v]scale=640:360:flags=bilinear[b];"
                        + "[2:v]scale=640:360:flags=bilinear[c];[3:v]scale=640:360:flags=bilinear[d];"
                        + "[a][b][c][d]xstack=inputs=4:layout=0_0|w0_0|0_h0|w0_h0[v];"
                        + "[4:a][5:a][6:a][7:a]amix=inputs=4,aformat=channel_layouts=stereo[s]",
                "-map",
                "[v]",
                "-map",
                "[s]"));
        command.addAll(List.of("-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-threads", "1"));
        command.addAll(List.of("-b:v", "2500k", "-maxrate", "2500k", "-bufsize", "2500k", "-g", "60"));
        command.addAll(List.of("-c:a", "aac", "-b:a", "128k", "-f", "null", "-"));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            Matcher found = BENCHMARK.matcher(output);
            return found.find()
                    ? (Double.parseDouble(found.group(1)) + Double.parseDouble(found.group(2))) / seconds
                    : Double.NaN;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** The clip that publisher {@code index} of the demo loops, as often as it takes. */
    private static Path write(int index, Path folder, int seconds) throws IOException {
        Clip clip = ClipEncoder.encode(ClipSettings.hd("publisher", index, 400));
        Path file = folder.resolve("clip-" + index + ".h264");
        long times = Math.ceilDiv((long) seconds, clip.duration().toSeconds());
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long i = 0; i < times; i++) {
                for (Clip.Frame frame : clip.video()) {
                    ByteBuffer bytes = frame.bytes().duplicate();
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    out.write(copy);
                }
            }
        }
        return file;
    }
}
