package dev.understudy.media.record;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Measures what a playlist's segments ask of a connection, as RFC 8216 section 4.1 defines it: the peak is that of any
 * neighbouring segments which together last between half and one and a half target durations, so that a last segment of
 * a few frames does not count alone. Confined to one thread.
 */
final class BandwidthMeter {
    private record Measured(long bits, double seconds) {}

    private final double leastSeconds;
    private final double mostSeconds;
    private final ArrayDeque<Measured> newestFirst = new ArrayDeque<>();
    private long allBits;
    private double allSeconds;
    private double peak;

    BandwidthMeter(int targetSeconds) {
        leastSeconds = 0.5 * targetSeconds;
        mostSeconds = 1.5 * targetSeconds;
    }

    /** Takes the next segment. Those before a discontinuity count as neighbours, too. */
    void add(long bytes, Duration duration) {
        Measured segment = new Measured(bytes * 8, duration.toNanos() / 1e9);
        allBits += segment.bits;
        allSeconds += segment.seconds;
        newestFirst.addFirst(segment);
        measure();
    }

    /** All runs of neighbours that end with the newest segment; what is older than the longest is forgotten. */
    private void measure() {
        long bits = 0;
        double seconds = 0;
        for (Iterator<Measured> segments = newestFirst.iterator(); segments.hasNext(); ) {
            Measured segment = segments.next();
            bits += segment.bits;
            seconds += segment.seconds;
            if (seconds > mostSeconds) {
                segments.remove();
            } else if (seconds >= leastSeconds) {
                peak = Math.max(peak, bits / seconds);
            }
        }
    }

    boolean isEmpty() {
        return allSeconds == 0;
    }

    /** Rounded up; the average where everything together is too short to have a peak. */
    long peakBitsPerSecond() {
        return peak == 0 ? averageBitsPerSecond() : (long) Math.ceil(peak);
    }

    /** Rounded up; 0 before the first segment. */
    long averageBitsPerSecond() {
        return isEmpty() ? 0 : (long) Math.ceil(allBits / allSeconds);
    }
}
