package dev.understudy.media.codec;

import java.nio.ByteBuffer;

/**
 * Encodes 48 kHz stereo to AAC-LC frames of 1024 samples. Confined to one thread.
 *
 * <p>AAC encoders begin with a priming frame that covers the 1024 samples before the first. It is dropped here, so that
 * frame n that comes out holds block n that went in, and audio keeps step with video to the sample without an edit
 * list.
 */
public interface AudioEncoder extends AutoCloseable {
    int FRAME_SAMPLES = 1_024;

    /** Takes frames in order, one for every block, perhaps one block late. */
    interface Frames {
        /** One raw AAC frame without ADTS; its bytes are reused as soon as this returns. */
        void frame(ByteBuffer aac);
    }

    /** ISO/IEC 14496-3 section 1.6.2.1. */
    ByteBuffer audioSpecificConfig();

    /** Takes the next block in: {@link #FRAME_SAMPLES} samples a channel, interleaved, between -1 and 1. */
    void encode(float[] block, Frames sink);

    /** Hands out what is still inside, so that every block has had its frame. Nothing is encoded afterwards. */
    void finish(Frames sink);

    @Override
    void close();
}
