package dev.understudy.protocol.srtp;

import org.jspecify.annotations.Nullable;

/**
 * The sources of one direction, by SSRC: a handful, so that a scan of an array beats a map of boxed numbers. Confined to
 * one thread.
 */
final class Sources {
    private final int[] ssrcs = new int[SrtpLimits.MAX_SOURCES];
    private final PacketIndexes[] indexes = new PacketIndexes[SrtpLimits.MAX_SOURCES];
    private int count;

    /** What is known of this source; null when nothing is. */
    @Nullable
    PacketIndexes find(int ssrc) {
        for (int i = 0; i < count; i++) {
            if (ssrcs[i] == ssrc) {
                return indexes[i];
            }
        }
        return null;
    }

    boolean isFull() {
        return count == SrtpLimits.MAX_SOURCES;
    }

    void add(int ssrc, PacketIndexes source) {
        if (isFull()) {
            throw new IllegalStateException("more than " + SrtpLimits.MAX_SOURCES + " sources");
        }
        ssrcs[count] = ssrc;
        indexes[count] = source;
        count++;
    }
}
