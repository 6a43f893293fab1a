package dev.understudy.server.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fills a file system of 64 KiB, which another process has for itself in a mount namespace of its own. Skipped where
 * that is not allowed.
 */
class FullDiskIT {
    @TempDir
    private Path folder;

    @Test
    void saysThatThereIsNoRoomAndKeepsWhatWasThere() throws Exception {
        assumeTrue(run("true").equals(""), "needs Linux, and leave to mount in a namespace of one's own");

        assertThat(run("exec \"$1\" -cp \"$2\" \"$3\" \"$0\"")).isEqualTo("""
                no room for the 100000 bytes of a/1.mp4 in %s
                [a/0.mp4]
                10000
                """.formatted(folder.toRealPath()));
    }

    /** What {@code script} prints, with a file system of 64 KiB mounted on the folder that it knows as {@code $0}. */
    private String run(String script) throws IOException, InterruptedException {
        Path output = folder.resolveSibling(folder.getFileName() + ".out");
        String mount = "mount -t tmpfs -o size=64k tmpfs \"$0\" && ";
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        Process process;
        try {
            process = new ProcessBuilder(
                            "unshare",
                            "--map-root-user",
                            "--mount",
                            "sh",
                            "-c",
                            mount + script,
                            folder.toString(),
                            java,
                            classPath,
                            Filler.class.getName())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            return e.toString();
        }
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return Files.readString(output, UTF_8);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    /** Runs in the other process. */
    static final class Filler {
        private Filler() {}

        public static void main(String[] args) throws IOException {
            DirectoryBucket bucket = new DirectoryBucket(Path.of(args[0]));
            bucket.put("a/0.mp4", new byte[10_000]);
            try {
                bucket.put("a/1.mp4", new byte[100_000]);
            } catch (BucketFullException e) {
                System.out.println(e.getMessage());
            }
            System.out.println(bucket.list(""));
            System.out.println(bucket.get("a/0.mp4").orElseThrow().length);
        }
    }
}
