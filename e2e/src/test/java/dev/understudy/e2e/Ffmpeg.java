package dev.understudy.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** ffmpeg and ffprobe as a judge that is not ours. */
final class Ffmpeg {
    private Ffmpeg() {}

    private static boolean isThere() {
        try {
            return new ProcessBuilder("ffprobe", "-version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Skips the test where they are not, or fails it where they are required. */
    static void assumeThere() {
        boolean isThere = isThere();
        if (!isThere && Boolean.getBoolean("understudy.test.requireFfmpeg")) {
            throw new AssertionError("ffmpeg and ffprobe are required here, and are not on the PATH");
        }
        assumeTrue(isThere, "ffmpeg and ffprobe are not on the PATH");
    }

    /** What ffprobe prints, a line each. */
    static List<String> probe(Path input, String... options) {
        List<String> command = new ArrayList<>(List.of("ffprobe", "-v", "error"));
        command.addAll(List.of(options));
        command.add(input.toString());
        return new String(output(command), StandardCharsets.UTF_8).lines().toList();
    }

    /** All pictures, uncompressed, one after another. */
    static byte[] pictures(Path input, int width, int height, String pixelFormat) {
        return output(List.of(
                "ffmpeg",
                "-v",
                "error",
                "-i",
                input.toString(),
                "-map",
                "0:v",
                "-vf",
                "scale=" + width + ":" + height,
                "-fps_mode",
                "passthrough",
                "-pix_fmt",
                pixelFormat,
                "-f",
                "rawvideo",
                "-"));
    }

    /** All sound, one channel, 16 bit little-endian at 48 kHz. */
    static byte[] sound(Path input) {
        return output(List.of(
                "ffmpeg",
                "-v",
                "error",
                "-i",
                input.toString(),
                "-map",
                "0:a",
                "-ac",
                "1",
                "-ar",
                "48000",
                "-f",
                "s16le",
                "-"));
    }

    private static byte[] output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            byte[] output = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " ended with status " + process.exitValue());
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
