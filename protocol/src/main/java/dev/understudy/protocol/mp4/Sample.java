package dev.understudy.protocol.mp4;

import java.nio.ByteBuffer;

/**
 * One coded picture, or one frame of audio.
 *
 * @param data what the decoder gets: NAL units that each follow their length of four bytes, or raw AAC
 * @param duration in units of the track's timescale
 * @param isSync whether decoding can begin here
 */
public record Sample(ByteBuffer data, int duration, boolean isSync) {
    public Sample {
        if (duration < 0) {
            throw new IllegalArgumentException("sample of negative duration: " + duration);
        }
        data = data.slice().asReadOnlyBuffer();
    }
}
