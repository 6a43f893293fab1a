package dev.understudy.server.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By when what clients do must be done, and what happens when it is not. One thread looks after all of them: a timer
 * each would cost more than reading most requests does.
 *
 * <p>There are as many as connections, at most. Thread-safe.
 */
final class Deadlines {
    private static final Logger log = LoggerFactory.getLogger(Deadlines.class);

    /** How late something may be found to be late. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final LongSupplier nanoClock;
    private final Set<Deadline> pending = ConcurrentHashMap.newKeySet();

    /** Something that must be done by its time; close it when it is. */
    final class Deadline implements AutoCloseable {
        private final long atNanos;
        private final Runnable whenLate;

        private Deadline(long atNanos, Runnable whenLate) {
            this.atNanos = atNanos;
            this.whenLate = whenLate;
        }

        @Override
        public void close() {
            pending.remove(this);
        }
    }

    /**
     * Deadlines that somebody {@link #check}s.
     *
     * @param nanoClock monotonic
     */
    Deadlines(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Deadlines that a daemon thread of their own checks as long as the process lives. */
    static Deadlines watched() {
        Deadlines deadlines = new Deadlines(System::nanoTime);
        Thread.ofPlatform().daemon().name("http-deadlines").start(() -> {
            while (true) {
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
                deadlines.check();
            }
        });
        return deadlines;
    }

    /**
     * Begins to wait.
     *
     * @param whenLate called by the thread that looks, at most once and perhaps when it is just over; must return at once
     */
    Deadline in(Duration limit, Runnable whenLate) {
        Deadline deadline = new Deadline(nanoClock.getAsLong() + limit.toNanos(), whenLate);
        pending.add(deadline);
        return deadline;
    }

    /** Calls those whose time has come. */
    void check() {
        long nowNanos = nanoClock.getAsLong();
        pending.removeIf(deadline -> {
            boolean isLate = nowNanos - deadline.atNanos >= 0;
            if (isLate) {
                end(deadline);
            }
            return isLate;
        });
    }

    /** One that goes wrong must not be the last. */
    private static void end(Deadline late) {
        try {
            late.whenLate.run();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("what is done when a client is late failed");
        }
    }

    /** How many are waited for. */
    int size() {
        return pending.size();
    }
}
