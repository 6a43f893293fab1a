package dev.understudy.control.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

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

    private void commit(List<Job<?>> batch) {
        try {
            handle.begin();
            if (batch.size() == 1) {
                batch.getFirst().runAlone(handle);
            } else {
                batch.forEach(job -> job.run(handle));
            }
            handle.commit();
            committed.run();
        } catch (RuntimeException | Error e) {
            rollback(e);
            batch.forEach(job -> job.lost(e));
        }
        batch.forEach(Job::answer);
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
        private static final String SAVEPOINT = "job";

        private final Store.Work<T> work;
        private final CountDownLatch answered = new CountDownLatch(1);
        private @Nullable T result;
        private @Nullable Throwable failure;

        Job(Store.Work<T> work) {
            this.work = work;
        }

        /** What it throws undoes the transaction, which is its own: no savepoint is needed. */
        void runAlone(Handle handle) {
            try {
                result = work.on(handle);
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
        }

        /** What it throws undoes what it did, and nothing of the others. */
        void run(Handle handle) {
            handle.savepoint(SAVEPOINT);
            try {
                result = work.on(handle);
                handle.releaseSavepoint(SAVEPOINT);
            } catch (RuntimeException e) {
                failure = e;
                handle.rollbackToSavepoint(SAVEPOINT);
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
