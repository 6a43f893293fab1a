package dev.understudy.control.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.api.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeKeyTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("node.key");
    }

    private NodeKey load(long seed) {
        return NodeKey.load(file, new SplittableRandom(seed));
    }

    @Test
    void isMadeOnceForItsOwnerAlone() throws IOException {
        byte[] derived = load(1).derive("x");

        assertThat(load(2).derive("x")).isEqualTo(derived);
        assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    /** RFC 4231 section 4.2, whose key of 20 bytes shows the function only; then by purpose. */
    @Test
    void derivesAKeyForEachPurpose() {
        byte[] rfc4231 = Hashes.hmac(HexFormat.of().parseHex("0b".repeat(20)), "Hi There".getBytes(UTF_8));

        assertThat(HexFormat.of().formatHex(rfc4231))
                .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assertThat(load(1).derive("a")).hasSize(32).isNotEqualTo(load(1).derive("b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "zz00000000000000000000000000000000000000000000000000000000000000"})
    void refusesAFileWithoutAKey(String text) throws IOException {
        load(1);
        Files.writeString(file, text);

        assertThatThrownBy(() -> load(1)).hasMessage(file + " holds no key of 32 bytes in hexadecimal");
    }

    @Test
    void refusesAFileThatOthersCanRead() throws IOException {
        load(1);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> load(1)).hasMessageContaining("can be read by others than its owner (rw-r--r--)");
    }
}
