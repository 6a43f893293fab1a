package dev.understudy.control.api;

/**
 * Lets so many pass a second, and as many at once after a second of quiet. Time is monotonic and comes in as an argument.
 * Confined to its owner.
 *
 * <p>It keeps no count but the time at which the bucket would be full again (the generic cell rate algorithm): one number
 * that no pause and no rounding can spoil.
 */
final class TokenBucket {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final long tokenNanos;
    private final long burstNanos;
    private boolean isFull = true;
    private long fullAtNanos;

    /** {@code perSecond} is at least 1, and also the burst. */
    TokenBucket(int perSecond) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("rate: " + perSecond + " a second");
        }
        this.tokenNanos = SECOND_NANOS / perSecond;
        this.burstNanos = tokenNanos * perSecond;
    }

    /** Takes a token if there is one. {@code nowNanos} never goes back. */
    boolean take(long nowNanos) {
        isFull |= fullAtNanos - nowNanos <= 0;
        long fullAfter = (isFull ? nowNanos : fullAtNanos) + tokenNanos;
        if (fullAfter - nowNanos > burstNanos) {
            return false;
        }
        fullAtNanos = fullAfter;
        isFull = false;
        return true;
    }
}
