package dev.understudy.media.compose;

/** Says when lateness has lasted so long that it will not pass by itself: five seconds, and five more each further time. */
final class Overload {
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    /** Repeating pictures catches up at once, so lateness comes and goes; this long without it is recovery. */
    private static final long RECOVERED_NANOS = 1_000_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    private long sinceNanos = NEVER;
    private long lastNanos;

    /** Takes note of whether a tick was late. */
    boolean isTooLong(boolean isLate, long nowNanos) {
        if (sinceNanos != NEVER && nowNanos - lastNanos > RECOVERED_NANOS) {
            sinceNanos = NEVER;
        }
        if (!isLate) {
            return false;
        }
        lastNanos = nowNanos;
        if (sinceNanos == NEVER) {
            sinceNanos = nowNanos;
        }
        if (nowNanos - sinceNanos < PATIENCE_NANOS) {
            return false;
        }
        sinceNanos = nowNanos;
        return true;
    }
}
