package dev.understudy.media.ingest;

import java.time.Duration;

/**
 * Decides when to ask one publisher for a key frame (PLI, RFC 4585 section 6.3.1).
 *
 * <p>Any number of consumers may want one; they are answered by the same key frame. At most one request goes out per
 * {@link #INTERVAL_NANOS}, and it is repeated until a key frame begins. Sans-IO, confined to one media loop.
 */
public final class KeyFrameRequester {
    /** A key frame is worth many frames' bits: to ask more often would starve the picture it should repair. */
    static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

    private static final long NEVER = Long.MAX_VALUE;

    private long askAtNanos = NEVER;
    private long nextAllowedNanos = Long.MIN_VALUE;
    private long wantedAfterSequence;

    /**
     * Wants a key frame that has not begun yet.
     *
     * @param highestSequence seen so far; a late packet of an earlier key frame does not count as an answer
     */
    public void request(long highestSequence, long nowNanos) {
        wantedAfterSequence = highestSequence;
        if (askAtNanos == NEVER) {
            askAtNanos = Math.max(nowNanos, nextAllowedNanos);
        }
    }

    /** A packet has arrived that begins a key frame. */
    public void keyFrameBegan(long sequence) {
        if (sequence > wantedAfterSequence) {
            askAtNanos = NEVER;
        }
    }

    /** When to call {@link #isDue} next; {@link Long#MAX_VALUE} while nobody waits for a key frame. */
    public long deadlineNanos() {
        return askAtNanos;
    }

    /** Whether to send a request now; it is then taken as sent. */
    public boolean isDue(long nowNanos) {
        if (nowNanos < askAtNanos) {
            return false;
        }
        askAtNanos = nowNanos + INTERVAL_NANOS;
        nextAllowedNanos = askAtNanos;
        return true;
    }
}
