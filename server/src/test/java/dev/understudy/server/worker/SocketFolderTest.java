package dev.understudy.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFolderTest {
    @TempDir
    private Path data;

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    @Test
    void isMadeForTheOwnerAloneAndTakenAwayInTheEnd() throws IOException {
        Path run = data.resolve("run");

        try (SocketFolder folder = SocketFolder.at(run)) {
            assertThat(parent(folder.next())).isEqualTo(run);
            assertThat(folder.next()).isNotEqualTo(folder.next());
            assertThat(run).isEmptyDirectory();
            assertThat(permissions(run)).isEqualTo("rwx------");
        }

        assertThat(run).doesNotExist();
    }

    @Test
    void clearsWhatAKilledNodeLeft() throws IOException {
        Path run = Files.createDirectory(data.resolve("run"));
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(run.resolve("1"));
        Files.createFile(run.resolve("27"));

        try (SocketFolder folder = SocketFolder.at(run)) {
            assertThat(parent(folder.next())).isEqualTo(run);
            assertThat(run).isEmptyDirectory();
            assertThat(permissions(run)).isEqualTo("rwx------");
        }
    }

    @Test
    void isATemporaryOneWhereThePathIsTooLongForASocket() throws IOException {
        Path deep = data.resolve("d".repeat(100));

        try (SocketFolder folder = SocketFolder.at(deep)) {
            assertThat(folder.next().toString().length()).isLessThanOrEqualTo(107);
            assertThat(permissions(parent(folder.next()))).isEqualTo("rwx------");
            assertThat(deep).doesNotExist();
        }
    }

    @Test
    void isATemporaryOneWhereAFileIsInTheWay() throws IOException {
        Path file = Files.createFile(data.resolve("run"));

        try (SocketFolder folder = SocketFolder.at(file)) {
            assertThat(parent(folder.next())).isNotEqualTo(file).isDirectory();
        }
    }
}
