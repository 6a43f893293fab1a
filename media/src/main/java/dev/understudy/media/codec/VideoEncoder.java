package dev.understudy.media.codec;

import java.nio.ByteBuffer;

/**
 * Encodes pictures of one size to H.264, one access unit for each tick, in order of ticks: no B frames, key frames only
 * where asked for, every key frame an IDR, and groups of pictures closed. BT.709 of limited range, and its VUI says so.
 * Confined to one thread.
 */
public interface VideoEncoder extends AutoCloseable {
    /** Takes access units, perhaps some ticks after their pictures went in. */
    interface AccessUnits {
        /**
         * One encoded picture.
         *
         * @param lengthPrefixed NAL units, each behind its length in four bytes; no parameter sets, no delimiter;
         *     reused as soon as this returns
         */
        void accessUnit(long tick, boolean isKeyFrame, ByteBuffer lengthPrefixed);
    }

    /** The SPS that the access unit now handed out is coded with (or the first one will be): one NAL unit, bare. */
    ByteBuffer sps();

    /** The PPS beside {@link #sps}. */
    ByteBuffer pps();

    /**
     * Takes the picture of a tick in. Ticks come without a gap.
     *
     * @param picture read before this returns, and not kept
     * @param forceKeyFrame whether this tick is an IDR; the first one is in any case
     */
    void encode(long tick, Picture picture, boolean forceKeyFrame, AccessUnits sink);

    /** Hands out what is still inside. Nothing is encoded afterwards. */
    void finish(AccessUnits sink);

    /**
     * Asks for less work a picture from the next forced key frame on, where {@link #sps} and {@link #pps} may change.
     *
     * @return false when there is nothing faster
     */
    boolean fasten();

    @Override
    void close();
}
