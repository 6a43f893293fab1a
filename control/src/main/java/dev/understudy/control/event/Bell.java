package dev.understudy.control.event;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Wakes those who wait for something new. It may ring for nothing; it never stays silent about something. Thread-safe. */
public final class Bell {
    private final List<Bell> echoes = new CopyOnWriteArrayList<>();
    private long rings;

    /** Ask this before looking whether there is something new, and hand it to {@link #await} when there was not. */
    public synchronized long rings() {
        return rings;
    }

    /** Wakes everybody. */
    public void ring() {
        synchronized (this) {
            rings++;
            notifyAll();
        }
        echoes.forEach(Bell::ring);
    }

    /** From now on another bell rings whenever this one does: its owner waits for something else, too. */
    public void addEcho(Bell echo) {
        echoes.add(echo);
    }

    /** The other bell rings for itself again. */
    public void removeEcho(Bell echo) {
        echoes.remove(echo);
    }

    /** Waits until it has rung since {@code seen}, or until the time is over. */
    public synchronized void await(long seen, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        long left = atMost.toNanos();
        while (rings == seen && left > 0) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = end - System.nanoTime();
        }
    }
}
