package dev.understudy.server.worker;

import java.util.Arrays;

/**
 * The node's monotonic clock as a worker sees it.
 *
 * <p>A ping says what the node's clock showed when it left. It arrives a little later, never earlier, so the smallest
 * difference of the last few is the nearest to the truth; on one machine it is within some tens of microseconds. Thread-safe;
 * local time comes in as an argument.
 */
final class NodeClock {
    /** Pings come twice a second: long enough to meet a fast one, short enough to follow drifting clocks. */
    private static final int WINDOW = 16;

    private final long[] offsets = new long[WINDOW];
    private int count;
    private long offsetNanos;
    private long latestNanos = Long.MIN_VALUE;

    /** A ping that left at {@code nodeNanos} came in. */
    synchronized void pinged(long nodeNanos, long localNanos) {
        offsets[count % WINDOW] = localNanos - nodeNanos;
        count++;
        offsetNanos = Arrays.stream(offsets, 0, Math.min(count, WINDOW)).min().orElseThrow();
    }

    /** What the node's clock shows; never less than it said before. */
    synchronized long nodeNanos(long localNanos) {
        latestNanos = Math.max(latestNanos, localNanos - offsetNanos);
        return latestNanos;
    }
}
