package dev.understudy.media.compose;

import java.util.Arrays;

/**
 * The smallest of what was measured in the last 16 seconds: of "arrived minus sent", the one least delayed on its way.
 *
 * <p>The window lets the minimum rise again when the sender's clock runs slow, or the way has grown longer. It is kept
 * as one minimum for every half second.
 */
final class MinimumOffset {
    private static final long BUCKET_NANOS = 500_000_000L;
    private static final int BUCKETS = 32;
    private static final long NONE = Long.MAX_VALUE;

    private final long[] minima = new long[BUCKETS];
    private long newest = Long.MIN_VALUE;

    MinimumOffset() {
        clear();
    }

    void add(long offsetNanos, long arrivalNanos) {
        turnTo(Math.floorDiv(arrivalNanos, BUCKET_NANOS));
        int slot = slot(newest);
        minima[slot] = Math.min(minima[slot], offsetNanos);
    }

    boolean isEmpty() {
        return get() == NONE;
    }

    /** The minimum of the whole window; {@link Long#MAX_VALUE} when it is empty. */
    long get() {
        return Arrays.stream(minima).min().orElse(NONE);
    }

    /** The minimum of the newest half second to second; {@link Long#MAX_VALUE} unless both its halves have some. */
    long recent() {
        long now = minima[slot(newest)];
        long before = minima[slot(newest - 1)];
        return now == NONE || before == NONE ? NONE : Math.min(now, before);
    }

    /** Adds to all that was measured, when the scale it was measured on has moved. */
    void shift(long nanos) {
        for (int i = 0; i < BUCKETS; i++) {
            minima[i] = minima[i] == NONE ? NONE : minima[i] + nanos;
        }
    }

    void clear() {
        Arrays.fill(minima, NONE);
    }

    /** What arrived out of order counts as new. */
    private void turnTo(long bucket) {
        if (newest == Long.MIN_VALUE || bucket - newest >= BUCKETS) {
            clear();
        } else {
            for (long skipped = newest + 1; skipped <= bucket; skipped++) {
                minima[slot(skipped)] = NONE;
            }
        }
        newest = Math.max(newest, bucket);
    }

    private static int slot(long bucket) {
        return (int) Math.floorMod(bucket, (long) BUCKETS);
    }
}
