package dev.understudy.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataFolderTest {
    @TempDir
    private Path parent;

    private Path folder;

    @BeforeEach
    void name() {
        folder = parent.resolve("data");
    }

    private void make(String permissions, String... content) throws IOException {
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
        for (String name : content) {
            Files.createFile(folder.resolve(name));
        }
    }

    private String permissions() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
    }

    @Test
    void isMadeForItsOwnerAlone() throws IOException {
        DataFolder.open(folder);

        assertThat(permissions()).isEqualTo("rwx------");
    }

    @ParameterizedTest
    @CsvSource({"rwxr-xr-x", "rwxrwxrwx", "rwx--x---"})
    void oneOfANodeIsClosedToOthers(String before) throws IOException {
        make(
                before,
                "understudy.db",
                "understudy.db-wal",
                "node.key",
                "credentials",
                "credentials.7.new",
                "permissions.json",
                "sinks.json",
                "buckets",
                "run");

        DataFolder.open(folder);

        assertThat(permissions()).isEqualTo("rwx------");
    }

    @Test
    void anEmptyOneIsClosedToOthers() throws IOException {
        make("rwxr-xr-x");

        DataFolder.open(folder);

        assertThat(permissions()).isEqualTo("rwx------");
    }

    @ParameterizedTest
    @CsvSource({"pom.xml", "running", "credentials2", "understudy"})
    void oneWithOtherThingsInItIsLeftAloneAndRefused(String other) throws IOException {
        make("rwxr-xr-x", "credentials", other);

        assertThatThrownBy(() -> DataFolder.open(folder))
                .isInstanceOf(StartException.class)
                .hasMessage("--data: " + folder + " is open to others than its owner (rwxr-xr-x) and there are files in"
                        + " it that are no node's; name another folder, or run: chmod 700 " + folder);
        assertThat(permissions()).isEqualTo("rwxr-xr-x");
    }

    @Test
    void oneThatIsItsOwnersAloneMayHoldAnything() throws IOException {
        make("rwx------", "pom.xml");

        assertThat(DataFolder.open(folder).credentials()).isEqualTo(folder.resolve("credentials"));
    }
}
