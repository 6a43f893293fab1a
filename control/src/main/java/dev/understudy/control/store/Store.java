package dev.understudy.control.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The database of a node: one SQLite file, one transaction a call.
 *
 * <p>Thread-safe. Writes run one after another on a thread of the store's own; a call returns once its transaction is on
 * disk. Reads run on the caller's thread, each on a snapshot, and never wait for a write.
 */
public final class Store implements AutoCloseable {
    /*
     * SQLite has one writer at a time, whoever asks. Letting callers compete for its lock makes them poll; one thread
     * that owns the only writing connection makes them queue instead, and lets those who queue share one fsync
     * (synchronous=FULL): all are answered after the common commit. One that fails before it has changed anything, as most
     * that fail do, is none the others notice; after one that fails later all is undone, and each runs again by itself.
     * Savepoints would cost every write a copy of each page it touches.
     *
     * With write-ahead logging a reader sees the last commit before it began and blocks nobody.
     */

    /** Enough for two cores' worth of list calls; a reader holds its connection for microseconds. */
    private static final int READERS = 4;

    /**
     * Pages of the log, some 32 MiB, before they are carried over into the file. Pages that change often are carried over
     * once for all their changes; reading the log again at the next start takes milliseconds.
     */
    private static final int LOG_PAGES = 8_000;

    /**
     * Of each connection: 16 MiB. ARNs lie scattered, so that each write touches pages from everywhere; with SQLite's 2 MiB
     * a store of some thousand rows writes and reads its own changes several times before each commit.
     */
    private static final int CACHE_KIB = 16 << 10;

    private final StoreLock lock;
    private final WriterThread writer;
    private final BlockingQueue<Handle> readers = new ArrayBlockingQueue<>(READERS);
    private final List<Handle> openReaders = new ArrayList<>();

    /**
     * Something that asks or changes the database, and must not block on anything else. A write may run a second time, when
     * the first was undone on account of another, so it leaves traces in the database only.
     */
    public interface Work<T extends @Nullable Object> {
        T on(Handle handle);
    }

    private Store(StoreLock lock, Jdbi writing, Jdbi reading) {
        this.lock = lock;
        Handle handle = writing.open();
        new Migrations(Migrations.ALL).apply(handle);
        this.writer = WriterThread.start(handle);
        for (int i = 0; i < READERS; i++) {
            Handle reader = reading.open();
            openReaders.add(reader);
            readers.add(reader);
        }
    }

    /**
     * Opens the database in {@code file}, made when absent and brought to the current schema.
     *
     * @throws StoreException when another process has it open, or a newer version wrote it
     */
    public static Store open(Path file) {
        StoreLock lock = StoreLock.take(file.resolveSibling(file.getFileName() + ".lock"));
        try {
            createPrivately(file);
            return new Store(
                    lock,
                    jdbi(file, SQLiteConfig.TransactionMode.IMMEDIATE, false),
                    jdbi(file, SQLiteConfig.TransactionMode.DEFERRED, true));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e instanceof StoreException known ? known : new StoreException("cannot open the database " + file, e);
        }
    }

    /** Runs {@code work} in a read transaction on the caller's thread. */
    public <T extends @Nullable Object> T read(Work<T> work) {
        Handle handle = Uninterruptibly.get(readers::take);
        try {
            return handle.inTransaction(TransactionIsolationLevel.UNKNOWN, work::on);
        } finally {
            readers.add(handle);
        }
    }

    /**
     * Runs {@code work} on the caller's thread, which asks one statement and no more: that sees one commit by itself, and
     * beginning and ending a transaction would take as long again.
     */
    public <T extends @Nullable Object> T readOne(Work<T> work) {
        Handle handle = Uninterruptibly.get(readers::take);
        try {
            return work.on(handle);
        } finally {
            readers.add(handle);
        }
    }

    /** Runs {@code work} in a write transaction; it is on disk when this returns. What it throws undoes it and is thrown here. */
    public <T extends @Nullable Object> T write(Work<T> work) {
        return writer.run(work);
    }

    /** Runs {@code change} in a write transaction; it is on disk when this returns. */
    public void update(Consumer<Handle> change) {
        writer.run(handle -> {
            change.accept(handle);
            return true;
        });
    }

    /** Deletes every row; the schema stays, and what was counted goes on. */
    public void clear() {
        update(handle -> Tables.referringFirst(handle).forEach(table -> handle.execute("DELETE FROM " + table)));
    }

    /** Runs {@code committed} after every commit, on the thread that writes: it neither blocks nor throws. There is one. */
    public void onCommit(Runnable committed) {
        writer.onCommit(committed);
    }

    /** Lets the writes that have begun finish, and closes the file. */
    @Override
    public void close() {
        writer.close();
        openReaders.forEach(Handle::close);
        lock.close();
    }

    private static Jdbi jdbi(Path file, SQLiteConfig.TransactionMode mode, boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(mode);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(5_000);
        config.setCacheSize(-CACHE_KIB);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        Jdbi jdbi = Jdbi.create(() -> {
            var connection = config.createConnection("jdbc:sqlite:" + file);
            execute(connection, readOnly ? "PRAGMA query_only = ON" : "PRAGMA wal_autocheckpoint = " + LOG_PAGES);
            return connection;
        });
        return jdbi.setStatementBuilderFactory(_ -> new PreparedStatements());
    }

    private static void execute(java.sql.Connection connection, String statement) throws SQLException {
        try (var prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }

    /** Only the node's own user reads the file, and SQLite gives the log beside it the same permissions. */
    private static void createPrivately(Path file) throws IOException {
        boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (isPosix && Files.notExists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }
}
