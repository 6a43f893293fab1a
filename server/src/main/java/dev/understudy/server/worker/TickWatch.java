package dev.understudy.server.worker;

import dev.understudy.media.link.LinkMessage;

/**
 * Notices when a worker has gone silent while ticks are due: a hang is commoner than a death, and looks like nothing.
 *
 * <p>Silence is summed up over checks, each of which counts for little. So when this process itself stood still, and all
 * the worker sent in that time still waits to be read, that is no silence of the worker's. Thread-safe; time is
 * monotonic and comes in as an argument.
 */
final class TickWatch {
    /** What a viewer may have to do without before the worker is given up, where ticks are not even rarer. */
    static final long LIMIT_NANOS = 1_000_000_000L;

    /** At a frame a second, a second of silence is the rule; one picture may be late and one more come with the next. */
    static final int LIMIT_TICKS = 3;

    /** The first picture takes longer: codecs open, code is cold. */
    static final long FIRST_LIMIT_NANOS = 3_000_000_000L;

    /** The most that a single check adds; checks come several times as often. */
    static final long MAX_STEP_NANOS = 250_000_000L;

    private long dueNanos = Long.MAX_VALUE;
    private long limitNanos = LIMIT_NANOS;
    private boolean hasBegun;
    private long silentNanos;
    private long checkedNanos;

    /** A message went to the worker. */
    synchronized void sent(LinkMessage.ToWorker message, long nowNanos) {
        if (message instanceof LinkMessage.Configure configure) {
            long firstNanos = Math.round(configure.firstTick() * 1e9 / configure.framesPerSecond());
            dueNanos = Math.max(nowNanos, configure.epochNanos() + firstNanos);
            limitNanos = Math.max(LIMIT_NANOS, Math.round(LIMIT_TICKS * 1e9 / configure.framesPerSecond()));
        }
    }

    /** A message came from the worker. */
    synchronized void received(LinkMessage.ToNode message) {
        if (message instanceof LinkMessage.VideoFrame) {
            hasBegun = true;
            silentNanos = 0;
        }
    }

    /**
     * Whether the worker must be given up. To be asked at least every {@link #MAX_STEP_NANOS}.
     *
     * @param isHeard whether something it sent is being taken in right now, so that it may have to wait
     */
    synchronized boolean isSilent(long nowNanos, boolean isHeard) {
        long stepNanos = Math.min(nowNanos - checkedNanos, MAX_STEP_NANOS);
        checkedNanos = nowNanos;
        if (dueNanos == Long.MAX_VALUE || nowNanos - dueNanos < stepNanos || isHeard) {
            return false;
        }
        silentNanos += stepNanos;
        return silentNanos > (hasBegun ? limitNanos : Math.max(limitNanos, FIRST_LIMIT_NANOS));
    }
}
