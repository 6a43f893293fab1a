package dev.understudy.protocol.rtp;

/**
 * Turns 16-bit sequence numbers, which wrap, into numbers that do not. Confined to one media loop.
 *
 * <p>A number is taken to be the nearest to the highest seen so far, so packets may come late or leap ahead by up to
 * 32 767. The first one is lifted by 65 536, so that an earlier one that comes after it is not negative.
 */
public final class SequenceUnwrapper {
    private static final long CYCLE = 1L << 16;

    private long highest = -1;

    /**
     * The number that does not wrap; its lowest 16 bits are the sequence number.
     *
     * @param sequenceNumber 0 to 65 535
     */
    public long unwrap(int sequenceNumber) {
        if (highest < 0) {
            highest = CYCLE + sequenceNumber;
            return highest;
        }
        long unwrapped = highest + (short) (sequenceNumber - (int) highest);
        highest = Math.max(highest, unwrapped);
        return unwrapped;
    }
}
