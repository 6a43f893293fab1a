package dev.understudy.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectoryBucketsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "abc, true",
        "my-bucket.example.com, true",
        "0-9, true",
        "ab, false",
        "'', false",
        "Abc, false",
        "-abc, false",
        "abc-, false",
        ".abc, false",
        "a..b, false",
        "../a, false",
        "a/b, false",
        "192.168.0.1, false",
        "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123, true",
        "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234, false",
    })
    void knowsTheNamesThatS3Allows(String name, boolean isValid) {
        assertThat(DirectoryBuckets.isValidName(name)).isEqualTo(isValid);
    }

    @Test
    void makesABucketWhenItIsOpened() throws IOException {
        DirectoryBuckets buckets = new DirectoryBuckets(folder.resolve("buckets"));

        assertThat(buckets.find("recordings")).isEmpty();
        buckets.open("recordings").put("a", new byte[] {1});

        assertThat(folder.resolve("buckets/recordings/a")).exists();
        assertThat(buckets.find("recordings").orElseThrow().get("a")).isPresent();
        assertThatThrownBy(() -> buckets.open("../out")).hasMessage("no valid bucket name: ../out");
    }
}
