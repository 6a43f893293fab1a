package dev.understudy.media.compose;

/**
 * When ticks and samples are due. Exact: a frame rate is a whole number of frames in 1000 seconds, and a tick's time is
 * computed from the epoch, never from the tick before. Immutable.
 *
 * @param epochNanos when tick 0 and sample 0 are due
 * @param ticksPerKilosecond frames a second × 1000, which is also the timescale in which a tick lasts 1000
 */
record TickClock(long epochNanos, long ticksPerKilosecond) {
    static final int SAMPLES_PER_SECOND = 48_000;

    private static final long NANOS_PER_KILOSECOND = 1_000_000_000_000L;
    private static final long SAMPLES_PER_KILOSECOND = 1_000L * SAMPLES_PER_SECOND;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    TickClock {
        if (ticksPerKilosecond <= 0) {
            throw new IllegalArgumentException(ticksPerKilosecond + " ticks in 1000 seconds");
        }
    }

    static TickClock of(long epochNanos, double framesPerSecond) {
        return new TickClock(epochNanos, Math.round(framesPerSecond * 1_000));
    }

    /** When tick {@code tick} is due, rounded down to a nanosecond. */
    long nanos(long tick) {
        return epochNanos + scaled(tick, NANOS_PER_KILOSECOND, ticksPerKilosecond);
    }

    /** The first sample that is not before tick {@code tick}. */
    long sample(long tick) {
        long before = scaled(tick, SAMPLES_PER_KILOSECOND, ticksPerKilosecond);
        boolean isExact = tick % ticksPerKilosecond * SAMPLES_PER_KILOSECOND % ticksPerKilosecond == 0;
        return isExact ? before : before + 1;
    }

    /** When sample {@code sample} is due, rounded down to a nanosecond. */
    long sampleNanos(long sample) {
        return epochNanos + scaled(sample, NANOS_PER_SECOND, SAMPLES_PER_SECOND);
    }

    /** {@code count * numerator / denominator}, rounded down, without overflow in years. */
    private static long scaled(long count, long numerator, long denominator) {
        return Math.floorDiv(count, denominator) * numerator
                + Math.floorMod(count, denominator) * numerator / denominator;
    }
}
