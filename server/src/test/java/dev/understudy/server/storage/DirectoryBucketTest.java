package dev.understudy.server.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryBucketTest {
    @TempDir
    private Path folder;

    private Path root;
    private DirectoryBucket bucket;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(folder.resolve("recordings"));
        bucket = new DirectoryBucket(root);
    }

    @Test
    void givesBackWhatWasPutLast() throws IOException {
        bucket.put("a/b/0.mp4", bytes("first"));
        bucket.put("a/b/0.mp4", bytes("second"));

        assertThat(bucket.get("a/b/0.mp4").orElseThrow()).isEqualTo(bytes("second"));
        assertThat(bucket.get("a/b/1.mp4")).isEmpty();
        assertThat(bucket.get("a/b")).isEmpty();
        assertThat(bucket.get("a/b/0.mp4/c")).isEmpty();
    }

    @Test
    void listsKeysByPrefixInOrder() throws IOException {
        for (String key : new String[] {"b/1", "a/10.mp4", "a/2/x", "a/1.mp4", "a1"}) {
            bucket.put(key, bytes(key));
        }
        Files.writeString(root.resolve("a/" + DirectoryBucket.INCOMING + "123"), "half a file");

        assertThat(bucket.list("")).containsExactly("a/1.mp4", "a/10.mp4", "a/2/x", "a1", "b/1");
        assertThat(bucket.list("a/1")).containsExactly("a/1.mp4", "a/10.mp4");
        assertThat(bucket.list("a")).containsExactly("a/1.mp4", "a/10.mp4", "a/2/x", "a1");
        assertThat(bucket.list("c/d")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "../a",
                "a/../b",
                "a/./b",
                "a\u0000b",
                "a\nb",
                "a\\b",
                "..\\a",
                ".incoming-1",
                "a/.incoming-1",
                "C:\\a",
                "\ud800"
            })
    void refusesUnsafeKeys(String key) {
        assertThatThrownBy(() -> bucket.put(key, bytes("x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bucket.get(key)).isInstanceOf(IllegalArgumentException.class);
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void refusesKeysAndNamesThatNoFileSystemTakes() {
        assertThatThrownBy(() -> bucket.put("a".repeat(256), bytes("x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bucket.put("abc/".repeat(256) + "d", bytes("x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @RepeatedTest(300)
    void noKeyLeavesTheBucket(RepetitionInfo run) throws IOException {
        var random = new SplittableRandom(run.getCurrentRepetition());
        String[] pieces = {"..", ".", "/", "a", "\\", "\u0000", "%2e", "~", "é", " ", "b", "//"};
        StringBuilder key = new StringBuilder();
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            key.append(pieces[random.nextInt(pieces.length)]);
        }
        try {
            bucket.put(key.toString(), bytes("x"));
        } catch (IllegalArgumentException _) {
            assertThat(root).isEmptyDirectory();
        }

        try (Stream<Path> outside = Files.list(folder)) {
            assertThat(outside).containsExactly(root);
        }
    }

    @Test
    void refusesALinkThatLeadsOut() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("out"), elsewhere);
        Files.createSymbolicLink(root.resolve("file"), elsewhere.resolve("secret"));

        assertThatThrownBy(() -> bucket.put("out/a", bytes("x")))
                .hasMessage("the key out/a leads out of the bucket " + root.toRealPath() + " by a symbolic link");
        assertThatThrownBy(() -> bucket.get("out/secret")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> bucket.get("file")).isInstanceOf(IOException.class);
        assertThat(bucket.list("out/")).isEmpty();
        bucket.put("file", bytes("mine")); // replaces the link, not what it leads to

        assertThat(elsewhere.resolve("secret")).hasContent("secret");
        assertThat(elsewhere.resolve("a")).doesNotExist();
    }

    @Test
    void followsALinkThatStaysInside() throws IOException {
        Files.createDirectory(root.resolve("real"));
        Files.createSymbolicLink(root.resolve("alias"), root.resolve("real"));

        bucket.put("alias/a", bytes("x"));

        assertThat(bucket.get("real/a")).isPresent();
    }

    @Test
    void aReaderNeverSeesHalfAFile() throws Exception {
        bucket.put("playlist", filled(0));
        Thread writer = Thread.ofVirtual().start(this::writeFiftyTimes);
        while (writer.isAlive()) {
            byte[] content = bucket.get("playlist").orElseThrow();

            assertThat(content).isEqualTo(filled(content.length / 1_000 - 1));
        }

        writer.join();
        assertThat(bucket.get("playlist").orElseThrow()).isEqualTo(filled(50));
    }

    @Test
    void listsABucketThatIsBeingWritten() throws Exception {
        bucket.put("playlist", filled(0));
        Thread writer = Thread.ofVirtual().start(this::writeFiftyTimes);
        while (writer.isAlive()) {
            assertThat(bucket.list("")).containsExactly("playlist");
        }
        writer.join();
    }

    private void writeFiftyTimes() {
        try {
            for (int i = 1; i <= 50; i++) {
                bucket.put("playlist", filled(i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] filled(int number) {
        byte[] content = new byte[(number + 1) * 1_000];
        Arrays.fill(content, (byte) number);
        return content;
    }

    @Test
    void removesWhatAKilledProcessHadBegun() throws IOException {
        bucket.put("a/0.mp4", bytes("whole"));
        Files.writeString(root.resolve("a/" + DirectoryBucket.INCOMING + "1"), "half");

        assertThat(bucket.removeLeftovers("a")).isOne();
        try (Stream<Path> left = Files.list(root.resolve("a"))) {
            assertThat(left).containsExactly(root.resolve("a/0.mp4"));
        }
    }

    @Test
    void leavesNothingBehindWhereItCannotWrite() throws IOException {
        Files.createDirectories(root.resolve("a/b"));

        assertThatThrownBy(() -> bucket.put("a/b", bytes("x"))).isInstanceOf(FileSystemException.class);
        assertThat(bucket.list("")).isEmpty();
        assertThat(bucket.removeLeftovers("a")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, true",
        "Disk quota exceeded, true",
        "Input/output error, false",
        "Permission denied, false",
    })
    void knowsAFullDiskByTheSystemsWords(String reason, boolean isFull) {
        assertThat(DiskFull.isCauseOf(new IOException(reason))).isEqualTo(isFull);
        assertThat(DiskFull.isCauseOf(new FileSystemException("/No space left on device", null, reason)))
                .isEqualTo(isFull);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
