package dev.understudy.media.ingest;

import dev.understudy.protocol.units.DataRate;
import java.time.Duration;

/** Counts bytes and tells the rate of the last whole second. Confined to one media loop. */
final class RateMeter {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private long secondBeganNanos = Long.MIN_VALUE;
    private long bytesThisSecond;
    private long bytesLastSecond;

    void add(int bytes, long nowNanos) {
        roll(nowNanos);
        bytesThisSecond += bytes;
    }

    /** Zero until the first second is over, and after a second without a packet. */
    DataRate rate(long nowNanos) {
        roll(nowNanos);
        return new DataRate(bytesLastSecond * Byte.SIZE);
    }

    private void roll(long nowNanos) {
        if (secondBeganNanos == Long.MIN_VALUE) {
            secondBeganNanos = nowNanos;
        }
        long seconds = (nowNanos - secondBeganNanos) / SECOND_NANOS;
        if (seconds > 0) {
            bytesLastSecond = seconds == 1 ? bytesThisSecond : 0;
            bytesThisSecond = 0;
            secondBeganNanos += seconds * SECOND_NANOS;
        }
    }
}
