package dev.understudy.media.record;

import java.time.Duration;

/**
 * How ticks, audio samples and time hang together at one frame rate.
 *
 * <p>A tick lasts {@value #UNITS_A_TICK} units of a timescale of fps × 1000, rounded, so that 29.97 is exact and every
 * frame lasts equally long. Everything is whole numbers; nothing drifts however long a recording is.
 *
 * @param timescale units a second of the video track
 */
record TickRate(int timescale) {
    static final int UNITS_A_TICK = 1_000;
    static final int SAMPLES_A_SECOND = 48_000;

    private static final long NANOS_A_SECOND = 1_000_000_000L;
    static final int MAX_FRAMES_A_SECOND = 1_000;

    static TickRate of(double framesPerSecond) {
        if (!(framesPerSecond >= 1 && framesPerSecond <= MAX_FRAMES_A_SECOND)) {
            throw new IllegalArgumentException("frame rate of " + framesPerSecond + " a second");
        }
        return new TickRate((int) Math.round(framesPerSecond * UNITS_A_TICK));
    }

    double framesPerSecond() {
        return (double) timescale / UNITS_A_TICK;
    }

    /** Exact but for the last nanosecond, which is rounded down; {@code ticks} may be negative. */
    Duration duration(long ticks) {
        long units = ticks * UNITS_A_TICK;
        long nanos = Math.floorMod(units, (long) timescale) * NANOS_A_SECOND / timescale;
        return Duration.ofSeconds(Math.floorDiv(units, (long) timescale), nanos);
    }

    /** The whole number of ticks that lasts nearest to {@code duration}. */
    long ticksIn(Duration duration) {
        long units = Math.multiplyExact(duration.toSeconds(), (long) timescale)
                + Math.multiplyExact((long) duration.toNanosPart(), (long) timescale) / NANOS_A_SECOND;
        return Math.floorDiv(units + UNITS_A_TICK / 2, (long) UNITS_A_TICK);
    }

    /** The first audio sample at or after the beginning of a tick. */
    long firstSampleAt(long tick) {
        return Math.ceilDiv(tick * UNITS_A_TICK * SAMPLES_A_SECOND, (long) timescale);
    }
}
