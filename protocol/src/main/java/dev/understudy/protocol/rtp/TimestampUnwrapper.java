package dev.understudy.protocol.rtp;

/**
 * Turns 32-bit RTP timestamps, which wrap, into timestamps that do not. Confined to one media loop.
 *
 * <p>A timestamp is taken to be the nearest to the highest seen so far. The first one is lifted by 2^32, so that an
 * earlier one that comes after it is not negative.
 */
public final class TimestampUnwrapper {
    private static final long CYCLE = 1L << 32;

    private long highest = -1;

    /**
     * The timestamp that does not wrap; its lowest 32 bits are the RTP timestamp.
     *
     * @param timestamp 0 to 4 294 967 295, in ticks of any clock
     */
    public long unwrap(long timestamp) {
        if (highest < 0) {
            highest = CYCLE + timestamp;
            return highest;
        }
        long unwrapped = highest + (int) (timestamp - highest);
        highest = Math.max(highest, unwrapped);
        return unwrapped;
    }
}
