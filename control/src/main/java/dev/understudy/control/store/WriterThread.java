package dev.understudy.control.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * The thread that owns the one writing connection, and commits in one transaction whatever is waiting.
 *
 * <p>Thread-safe. A platform thread, because every commit blocks in native code until the disk has it.
 */
final class WriterThread implements AutoCloseable {
    /** Callers beyond these wait to get in; each is a virtual thread of an API call and costs little. */
    private static final int MAX_WAITING = 1_024;

    /** So that the first of a batch is not kept waiting by the last. */
    private static final int MAX_BATCH = 64;

    private final Handle handle;
    private final BlockingQueue<Job<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Job<?> goodbye = new Job<>(_ -> true);
    private final Thread thread;
    private volatile boolean open = true;
    private volatile Runnable committed = () -> {};

    private WriterThread(Handle handle) {
        this.handle = handle;
        this.thread = Thread.ofPlatform().name("store-writer").daemon().unstarted(this::work);
    }

    static WriterThread start(Handle handle) {
        WriterThread writer = new WriterThread(handle);
        writer.thread.start();
        return writer;
    }

    <T extends @Nullable Object> T run(Store.Work<T> work) {
        if (Thread.currentThread().equals(thread)) {
            throw new IllegalStateException("a write inside a write would wait for itself");
        }
        Job<T> job = new Job<>(work);
        submit(job);
        return job.outcome();
    }

    /** {@code committed} runs on this thread after every commit, and neither blocks nor throws. */
    void onCommit(Runnable committed) {
        this.committed = committed;
    }

    /** Under the lock, so that nothing gets in behind the goodbye and waits for ever. */
    private void submit(Job<?> job) {
        synchronized (waiting) {
            if (!open) {
                throw new StoreException("the database is closed");
            }
            if (job == goodbye) {
                open = false;
            }
            Uninterruptibly.get(() -> {
                waiting.put(job);
                return job;
            });
        }
    }

    private void work() {
        List<Job<?>> batch = new ArrayList<>(MAX_BATCH);
        try (handle) {
            while (!batch.contains(goodbye)) {
                batch.clear();
                batch.add(Uninterruptibly.get(waiting::take));
                waiting.drainTo(batch, MAX_BATCH - 1);
                commit(batch);
            }
        }
    }

    /** When one of several spoils the transaction of all, each gets one of its own. */
    private void commit(List<Job<?>> batch) {
        if (tryCommit(batch) || batch.size() == 1) {
            batch.forEach(Job::answer);
        } else {
            batch.forEach(job -> commit(List.of(job)));
        }
    }

    /** False when nothing was kept because one failed in the middle; its failure is known to it. */
    private boolean tryCommit(List<Job<?>> batch) {
        try {
            handle.begin();
            for (Job<?> job : batch) {
                if (!job.run(handle)) {
                    handle.rollback();
                    return false;
                }
            }
            handle.commit();
            committed.run();
        } catch (RuntimeException | Error e) {
            rollback(e);
            batch.forEach(job -> job.lost(e));
        }
        return true;
    }

    private void rollback(Throwable cause) {
        try {
            handle.rollback();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        if (open) {
            submit(goodbye);
        }
        Uninterruptibly.get(() -> {
            thread.join();
            return thread;
        });
    }

    /** One caller's work and what became of it. */
    private static final class Job<T extends @Nullable Object> {
        private final Store.Work<T> work;
        private final CountDownLatch answered = new CountDownLatch(1);
        private @Nullable T result;
        private @Nullable Throwable failure;

        Job(Store.Work<T> work) {
            this.work = work;
        }

        /** Whether what it did can be committed: it succeeded, or failed before it had changed anything. */
        boolean run(Handle handle) {
            long before = changes(handle);
            failure = null;
            try {
                result = work.on(handle);
                return true;
            } catch (JdbiException e) {
                // Of some errors SQLite undoes the whole transaction by itself.
                failure = e;
                return false;
            } catch (RuntimeException e) {
                failure = e;
                return changes(handle) == before;
            }
        }

        /** Rows changed since the connection was opened, without asking a statement. */
        private static long changes(Handle handle) {
            try {
                return handle.getConnection()
                        .unwrap(SQLiteConnection.class)
                        .getDatabase()
                        .total_changes();
            } catch (SQLException e) {
                throw new StoreException("the database does not say what has changed", e);
            }
        }

        /** The whole batch is gone; whoever failed on its own account keeps its own reason. */
        void lost(Throwable cause) {
            if (failure == null) {
                failure = new StoreException("the database did not take the change", cause);
            }
        }

        void answer() {
            answered.countDown();
        }

        @SuppressWarnings("NullAway") // null only where T may be
        T outcome() {
            Uninterruptibly.get(() -> {
                answered.await();
                return answered;
            });
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            return result;
        }
    }
}
