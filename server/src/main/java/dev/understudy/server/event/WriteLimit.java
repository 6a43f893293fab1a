package dev.understudy.server.event;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how long a reader may keep a writer waiting: a write that takes longer is interrupted, which closes the
 * connection. Thread-safe.
 */
final class WriteLimit implements AutoCloseable {
    private final Duration limit;
    private final ScheduledExecutorService alarms = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("write-limit").factory());

    WriteLimit(Duration limit) {
        this.limit = limit;
    }

    /** Something that blocks until a reader has taken it. */
    interface Write {
        void run() throws IOException;
    }

    /** Runs a write on this thread; throws {@link IOException} when it took longer than the limit. */
    void run(Write write) throws IOException {
        Thread writer = Thread.currentThread();
        ScheduledFuture<?> alarm = alarms.schedule(writer::interrupt, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            write.run();
        } finally {
            alarm.cancel(false);
        }
        if (Thread.interrupted()) {
            throw new IOException("the reader was slower than " + limit);
        }
    }

    @Override
    public void close() {
        alarms.shutdownNow();
    }
}
