package dev.understudy.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreTest {
    @TempDir
    private Path directory;

    private Path file;
    private Store store;

    @BeforeEach
    void open() {
        file = directory.resolve("understudy.db");
        store = Store.open(file);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static void insert(Handle handle, String arn) {
        handle.execute("INSERT INTO stage (arn, name, recording, tags) VALUES (?, '', '', '')", arn);
    }

    private List<String> arns() {
        return store.read(h -> h.createQuery("SELECT arn FROM stage ORDER BY seq")
                .mapTo(String.class)
                .list());
    }

    @Test
    void aWriteIsReadAndStaysAfterReopening() {
        store.update(h -> insert(h, "a"));
        assertThat(arns()).containsExactly("a");

        store.close();
        store = Store.open(file);

        assertThat(arns()).containsExactly("a");
    }

    @Test
    void whatThrowsLeavesNothingBehind() {
        assertThatThrownBy(() -> store.update(h -> {
                    insert(h, "a");
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no");

        assertThat(arns()).isEmpty();
    }

    /** How a write fails, and how often those that share its commit run because of that. */
    enum Failure {
        BEFORE_ANY_CHANGE(1) {
            @Override
            void on(Handle handle, int i) {
                throw new IllegalArgumentException("odd: " + i);
            }
        },
        AFTER_A_CHANGE(2) {
            @Override
            void on(Handle handle, int i) {
                insert(handle, Integer.toString(i));
                throw new IllegalArgumentException("odd: " + i);
            }
        },
        OF_A_STATEMENT(2) {
            @Override
            void on(Handle handle, int i) {
                handle.execute("INSERT INTO stage (arn, name, recording, tags) VALUES (?, '', '', NULL)", i);
            }
        };

        private final int runsOfOthers;

        Failure(int runsOfOthers) {
            this.runsOfOthers = runsOfOthers;
        }

        abstract void on(Handle handle, int i);
    }

    @ParameterizedTest
    @EnumSource
    void oneThatFailsTakesNothingAlongOfThoseCommittedWithIt(Failure failure) throws Exception {
        var first = new CountDownLatch(1);
        var runs = new AtomicInteger();
        List<Future<Boolean>> writes;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // The first holds the writer until the others have queued up behind it, so that they share a commit.
            Future<Boolean> gate = threads.submit(() -> store.write(h -> await(first)));
            writes = IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit((Callable<Boolean>) () -> store.write(h -> {
                        runs.addAndGet(i == 0 ? 1 : 0);
                        return insertEven(h, i, failure);
                    })))
                    .toList();
            first.countDown();
            assertThat(gate.get()).isTrue();
        }

        assertThat(arns()).containsExactlyInAnyOrder("0", "2", "4", "6", "8", "10", "12", "14", "16", "18");
        assertThat(IntStream.range(0, 20).filter(i -> writes.get(i).state() == Future.State.SUCCESS))
                .containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18);
        assertThat(runs).hasValueLessThanOrEqualTo(failure.runsOfOthers);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean insertEven(Handle handle, int i, Failure ofOdd) {
        if (i % 2 == 1) {
            ofOdd.on(handle, i);
        }
        insert(handle, Integer.toString(i));
        return true;
    }

    @Test
    void readersCannotWrite() {
        assertThatThrownBy(() -> store.read(h -> h.execute("DELETE FROM stage")))
                .hasMessageContaining("readonly");
    }

    @Test
    void aReaderIsGivenBackAfterAFault() {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> store.read(h -> {
                        throw new IllegalArgumentException("no");
                    }))
                    .hasMessage("no");
        }

        assertThat(arns()).isEmpty();
    }

    @Test
    void refusesAWriteInsideAWrite() {
        assertThatThrownBy(() -> store.update(h -> store.update(inner -> insert(inner, "a"))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToBeOpenedTwice() {
        assertThatThrownBy(() -> Store.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessage("another process has " + file + ".lock: two nodes cannot share one data folder");
    }

    @Test
    void refusesWritesOnceClosed() {
        store.close();

        assertThatThrownBy(() -> store.update(h -> insert(h, "a")))
                .isInstanceOf(StoreException.class)
                .hasMessage("the database is closed");
    }

    @Test
    void refusesADatabaseOfANewerVersion() {
        store.update(h -> h.execute("INSERT INTO schema_version (version, script) VALUES (999, 'future.sql')"));
        store.close();

        assertThatThrownBy(() -> Store.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessage("the database has schema version 999, this program knows " + Migrations.ALL.size()
                        + ": a newer version wrote it");
    }

    @Test
    void anEmptyDatabaseGetsEveryMigrationOnce() {
        store.close();
        store = Store.open(file);

        List<String> scripts = store.read(h -> h.createQuery("SELECT script FROM schema_version ORDER BY version")
                .mapTo(String.class)
                .list());
        assertThat(scripts).isEqualTo(Migrations.ALL);
    }

    @Test
    void commitsReachTheDiskBeforeTheyAreAnswered() {
        assertThat(pragma("journal_mode")).isEqualTo("wal");
        assertThat(pragma("synchronous")).isEqualTo("2");
        assertThat(pragma("foreign_keys")).isEqualTo("1");
    }

    private String pragma(String name) {
        return store.write(
                h -> h.createQuery("PRAGMA " + name).mapTo(String.class).one());
    }

    @Test
    void onlyItsOwnerReadsTheFile() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }
}
