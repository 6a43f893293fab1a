package dev.understudy.media.codec;

import java.nio.ByteBuffer;

/**
 * Reads the fields of a raw byte sequence payload (H.264 section 7.2), passing over emulation prevention bytes.
 *
 * <p>Reading past the end gives zeros and is remembered, so that a parser asks {@link #isExhausted} once, at its end.
 * Confined to one thread.
 */
final class BitReader {
    private static final int MAX_GOLOMB_ZEROS = 31;

    private final ByteBuffer bytes;
    private int zerosInRow;
    private int current;
    private int bitsLeft;
    private boolean exhausted;

    /** Reads the bytes between position and limit, leaving both untouched. */
    BitReader(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    boolean isExhausted() {
        return exhausted;
    }

    boolean flag() {
        return bit() != 0;
    }

    /** An unsigned field of {@code count} bits, 0 to 32. */
    long bits(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 1 | bit();
        }
        return value;
    }

    /** ue(v): an unsigned Exp-Golomb code (section 9.1), 0 to 2^32 - 2. */
    long unsigned() {
        int zeros = 0;
        while (bit() == 0) {
            zeros++;
            if (zeros > MAX_GOLOMB_ZEROS || exhausted) {
                exhausted = true;
                return 0;
            }
        }
        return (1L << zeros) - 1 + bits(zeros);
    }

    /** se(v): a signed Exp-Golomb code (section 9.1.1). */
    long signed() {
        long code = unsigned();
        return (code & 1) == 1 ? (code + 1) / 2 : -code / 2;
    }

    private int bit() {
        if (bitsLeft == 0) {
            nextByte();
        }
        bitsLeft--;
        return current >>> bitsLeft & 1;
    }

    private void nextByte() {
        bitsLeft = 8;
        if (zerosInRow == 2 && bytes.hasRemaining() && bytes.get(bytes.position()) == 3) {
            bytes.get();
            zerosInRow = 0;
        }
        exhausted |= !bytes.hasRemaining();
        current = bytes.hasRemaining() ? bytes.get() & 0xFF : 0;
        zerosInRow = current == 0 ? zerosInRow + 1 : 0;
    }
}
