package dev.understudy.media.codec;

import java.nio.ByteBuffer;

/**
 * Decodes one Opus stream to 48 kHz stereo, whatever the stream's own channels; mono comes out on both. Samples are
 * interleaved (left, right) and lie between -1 and 1. Confined to one thread.
 */
public interface AudioDecoder extends AutoCloseable {
    int CHANNELS = 2;
    int SAMPLES_PER_SECOND = 48_000;

    /** Samples a channel in the longest Opus packet, 120 ms (RFC 6716 section 2.1.4). */
    int MAX_PACKET_SAMPLES = 5_760;

    /**
     * Takes the next packet in.
     *
     * @param packet between position and limit, which stay; not kept
     * @param out at least {@link #CHANNELS} × {@link #MAX_PACKET_SAMPLES}, written from its start
     * @return samples a channel; 0 when the packet is not Opus
     */
    int decode(ByteBuffer packet, float[] out);

    /**
     * Guesses what a lost packet held.
     *
     * @param samples a channel, at most {@link #MAX_PACKET_SAMPLES}
     * @return samples a channel, at most {@code samples}; 0 where the decoder cannot guess, and the caller does
     */
    int conceal(int samples, float[] out);

    @Override
    void close();
}
