package dev.understudy.media.ingest;

import java.util.Arrays;

/**
 * Remembers which of the newest {@value #SIZE} packets of a stream have come, so that none is handed on twice.
 *
 * <p>A packet comes twice when a retransmission and the delayed original both arrive. What is older than the window
 * counts as a duplicate: it is too late for any consumer. Confined to one media loop.
 */
final class SequenceWindow {
    /** A power of two; over a second at the highest packet rate that one publisher may send. */
    static final int SIZE = 2_048;

    private final long[] seen = new long[SIZE / Long.SIZE];
    private long highest = -1;

    /** Whether {@code sequence}, unwrapped, comes for the first time; it is then remembered. */
    boolean isNew(long sequence) {
        if (sequence <= highest - SIZE) {
            return false;
        }
        forgetUpTo(sequence);
        long bit = 1L << sequence;
        int word = word(sequence);
        boolean isNew = (seen[word] & bit) == 0;
        seen[word] |= bit;
        return isNew;
    }

    private void forgetUpTo(long sequence) {
        if (highest < 0 || sequence - highest >= SIZE) {
            Arrays.fill(seen, 0);
        } else {
            for (long next = highest + 1; next <= sequence; next++) {
                seen[word(next)] &= ~(1L << next);
            }
        }
        highest = Math.max(highest, sequence);
    }

    private static int word(long sequence) {
        return (int) (sequence & (SIZE - 1)) / Long.SIZE;
    }
}
