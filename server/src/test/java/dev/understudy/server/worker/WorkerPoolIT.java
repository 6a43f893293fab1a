package dev.understudy.server.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.media.link.LinkMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, of a Java that fails as often as a test says. */
@Timeout(120)
class WorkerPoolIT {
    private static final Worker.Sink NOBODY = new Worker.Sink() {
        @Override
        public void received(LinkMessage.ToNode message) {}

        @Override
        public void keyFrameNeeded(int track) {}

        @Override
        public void gone(String reason) {}
    };

    @TempDir
    private Path folder;

    private Path starts;

    @BeforeEach
    void begin() throws IOException {
        starts = Files.createFile(folder.resolve("starts"));
    }

    /** A pool whose workers' Java notes each start, and is Java only from so many starts on. */
    private WorkerPool poolThatFails(int times) throws IOException {
        WorkerOptions usual = WorkerOptions.likeThisProcess();
        Path java = Files.writeString(folder.resolve("java"), """
                #!/bin/sh
                printf x >> %1$s
                test "$(wc -c < %1$s)" -gt %2$d || exit 1
                exec %3$s "$@"
                """.formatted(starts, times, usual.java()));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        WorkerOptions failing = new WorkerOptions(
                java, usual.classPath(), usual.heapMebibytes(), usual.residentLimitBytes(), usual.startLimit());
        return new WorkerPool(failing, Duration.ofSeconds(60));
    }

    @Test
    void givesUpAfterThreeAttempts() throws Exception {
        try (WorkerPool pool = poolThatFails(100)) {
            assertThatThrownBy(() -> pool.claim(NOBODY))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no worker could be started in 3 attempts")
                    .cause()
                    .hasMessageContaining("ended before it was ready");
        }
        assertThat(starts).hasSize(3);
    }

    @Test
    void claimsAWorkerThoughTwoFailedToStart() throws Exception {
        try (WorkerPool pool = poolThatFails(2)) {
            assertThat(pool.claim(NOBODY).isAlive()).isTrue();
        }
    }

    @Test
    void startsAnotherSpareInTheFailedOnesPlace() throws Exception {
        try (WorkerPool pool = poolThatFails(100)) {
            while (Files.size(starts) < 2) {
                pool.warm();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }

            assertThat(Files.size(starts)).isGreaterThan(1);
        }
    }
}
