package dev.understudy.protocol.units;

import java.time.Duration;

/**
 * A non-negative rate of data in bits per second, for media bitrates and bandwidth estimates. Immutable.
 *
 * <p>Kilo and mega are decimal, as in SDP and in the Amazon IVS API: {@code kbps(1)} is 1000 bit/s.
 */
public record DataRate(long bitsPerSecond) implements Comparable<DataRate> {
    public static final DataRate ZERO = new DataRate(0);

    public DataRate {
        if (bitsPerSecond < 0) {
            throw new IllegalArgumentException("negative data rate: " + bitsPerSecond + " bit/s");
        }
    }

    public static DataRate kbps(long kilobits) {
        return new DataRate(Math.multiplyExact(kilobits, 1_000L));
    }

    /** The rate at which {@code bytes} cross in {@code duration}, rounded down; a duration of zero has no rate. */
    public static DataRate of(long bytes, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("no rate over " + duration);
        }
        return new DataRate((long) (bytes * 8e9 / duration.toNanos()));
    }

    /** Bytes that fit in {@code duration} at this rate, rounded down. */
    public long bytesIn(Duration duration) {
        return Math.multiplyExact(bitsPerSecond, duration.toMillis()) / 8_000;
    }

    @Override
    public int compareTo(DataRate other) {
        return Long.compare(bitsPerSecond, other.bitsPerSecond);
    }

    @Override
    public String toString() {
        return bitsPerSecond < 10_000 ? bitsPerSecond + " bit/s" : bitsPerSecond / 1_000 + " kbit/s";
    }
}
