package dev.understudy.server.composition;

import java.time.Duration;

/**
 * Which tick is due when, at a frame rate that need not be whole.
 *
 * @param framesPerSecond above 0
 */
record Ticks(double framesPerSecond) {
    private static final double NANOS = 1e9;

    Ticks {
        if (!(framesPerSecond > 0)) {
            throw new IllegalArgumentException("frame rate of " + framesPerSecond);
        }
    }

    /** The last tick that is due {@code sinceEpochNanos} after tick 0. */
    long at(long sinceEpochNanos) {
        return (long) Math.floor(sinceEpochNanos * framesPerSecond / NANOS);
    }

    /** From tick 0 to {@code tick}. */
    Duration offset(long tick) {
        return Duration.ofNanos(Math.round(tick * NANOS / framesPerSecond));
    }

    /** How many ticks a segment of about {@code seconds} has, 1 or more. */
    int in(int seconds) {
        return Math.max(1, (int) Math.round(seconds * framesPerSecond));
    }
}
