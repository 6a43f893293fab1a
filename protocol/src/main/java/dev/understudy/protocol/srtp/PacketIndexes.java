package dev.understudy.protocol.srtp;

import java.util.Arrays;

/**
 * Which packet indexes of one source were seen, so that none counts twice (RFC 3711 section 3.3.2).
 *
 * <p>A ring of {@link SrtpLimits#REPLAY_WINDOW} bits, the bit of an index at its remainder. Confined to one thread.
 */
final class PacketIndexes {
    private static final int WINDOW = SrtpLimits.REPLAY_WINDOW;
    private static final int SEQUENCE_BITS = 16;
    private static final long HALF_ROUND = 1L << (SEQUENCE_BITS - 1);

    /** A key ends with its 48-bit indexes (RFC 3711 section 9.2), after thousands of years. */
    private static final long MAX_INDEX = (1L << 48) - 1;

    private final long[] seen = new long[WINDOW / Long.SIZE];
    private long highest = -1;

    /**
     * The index that a packet with this sequence number most likely has: the one nearest to the highest seen (RFC 3711
     * section 3.3.1). Negative when it can have none, as before the very first round.
     */
    long guess(int sequenceNumber) {
        if (highest < 0) {
            return sequenceNumber;
        }
        long index = (highest & -(1L << SEQUENCE_BITS)) | sequenceNumber;
        if (index - highest > HALF_ROUND) {
            return index - (1L << SEQUENCE_BITS);
        }
        return highest - index > HALF_ROUND ? index + (1L << SEQUENCE_BITS) : index;
    }

    /** Whether the index was not seen, is not too old to tell, and is one that the key may protect. */
    boolean isNew(long index) {
        if (index < 0 || index > MAX_INDEX || index <= highest - WINDOW) {
            return false;
        }
        return index > highest || (seen[word(index)] & bit(index)) == 0;
    }

    /** Marks a packet as seen, after it proved to be genuine: a forged one must not move the window. */
    void mark(long index) {
        if (index - highest >= WINDOW) {
            Arrays.fill(seen, 0);
        } else {
            for (long skipped = highest + 1; skipped < index; skipped++) {
                seen[word(skipped)] &= ~bit(skipped);
            }
        }
        seen[word(index)] |= bit(index);
        highest = Math.max(highest, index);
    }

    /** The highest index seen; -1 before any. */
    long highest() {
        return highest;
    }

    private static int word(long index) {
        return (int) (index & (WINDOW - 1)) / Long.SIZE;
    }

    private static long bit(long index) {
        return 1L << (index & (Long.SIZE - 1));
    }
}
