package dev.understudy.protocol.rtcp;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The status of each packet in a transport-wide feedback, packed into chunks of 16 bits as they come: runs of equal
 * symbols, vectors of 14 one-bit symbols, vectors of 7 two-bit symbols (draft-holmer-rmcat-transport-wide-cc-extensions-01
 * section 3.1.1).
 *
 * <p>The last chunk stays open as long as some form of chunk can hold it and the next symbol as well.
 */
final class StatusChunks {
    static final int NOT_RECEIVED = 0;
    static final int SMALL_DELTA = 1;
    static final int LARGE_DELTA = 2;

    private static final int MAX_RUN = 0x1FFF;
    private static final int ONE_BIT_SYMBOLS = 14;
    private static final int TWO_BIT_SYMBOLS = 7;

    private short[] closed = new short[64];
    private int closedChunks;

    /** The symbols of the open chunk. A run longer than a vector is known by its first symbol alone. */
    private final int[] open = new int[ONE_BIT_SYMBOLS];

    private int openSymbols;

    /** The bytes written if this were all. */
    int bytes() {
        return (closedChunks + (openSymbols == 0 ? 0 : 1)) * Short.BYTES;
    }

    void add(int symbol) {
        if (!fits(symbol)) {
            closeChunk();
        }
        if (openSymbols < ONE_BIT_SYMBOLS) {
            open[openSymbols] = symbol;
        }
        openSymbols++;
    }

    /** Adds {@code count} packets that were not received. */
    void addNotReceived(int count) {
        for (int i = 0; i < count; i++) {
            add(NOT_RECEIVED);
        }
    }

    void writeTo(ByteBuffer into) {
        for (int i = 0; i < closedChunks; i++) {
            into.putShort(closed[i]);
        }
        if (openSymbols > 0) {
            into.putShort(lastChunk());
        }
    }

    private boolean fits(int symbol) {
        if (openSymbols < TWO_BIT_SYMBOLS) {
            return true;
        }
        boolean fitsOneBit = openSymbols < ONE_BIT_SYMBOLS && symbol != LARGE_DELTA && !hasLargeDelta();
        return fitsOneBit || (openSymbols < MAX_RUN && isRunOf(symbol));
    }

    private boolean isRunOf(int symbol) {
        for (int i = 0; i < Math.min(openSymbols, ONE_BIT_SYMBOLS); i++) {
            if (open[i] != symbol) {
                return false;
            }
        }
        return true;
    }

    private boolean hasLargeDelta() {
        for (int i = 0; i < Math.min(openSymbols, ONE_BIT_SYMBOLS); i++) {
            if (open[i] == LARGE_DELTA) {
                return true;
            }
        }
        return false;
    }

    private void closeChunk() {
        if (isRunOf(open[0])) {
            close(run(), openSymbols);
        } else if (openSymbols == ONE_BIT_SYMBOLS) {
            close(oneBitVector(), ONE_BIT_SYMBOLS);
        } else {
            close(twoBitVector(), TWO_BIT_SYMBOLS);
        }
    }

    /** Keeps the chunk; what it did not take of the open symbols moves to the front. */
    private void close(short chunk, int taken) {
        if (closedChunks == closed.length) {
            closed = Arrays.copyOf(closed, 2 * closed.length);
        }
        closed[closedChunks++] = chunk;
        int left = openSymbols - taken;
        System.arraycopy(open, openSymbols == taken ? 0 : taken, open, 0, left);
        openSymbols = left;
    }

    private short lastChunk() {
        if (isRunOf(open[0])) {
            return run();
        }
        return openSymbols <= TWO_BIT_SYMBOLS ? twoBitVector() : oneBitVector();
    }

    private short run() {
        return (short) ((open[0] << 13) | openSymbols);
    }

    private short oneBitVector() {
        int chunk = 0x8000;
        for (int i = 0; i < openSymbols; i++) {
            chunk |= open[i] << (ONE_BIT_SYMBOLS - 1 - i);
        }
        return (short) chunk;
    }

    private short twoBitVector() {
        int chunk = 0xC000;
        for (int i = 0; i < Math.min(openSymbols, TWO_BIT_SYMBOLS); i++) {
            chunk |= open[i] << (2 * (TWO_BIT_SYMBOLS - 1 - i));
        }
        return (short) chunk;
    }
}
