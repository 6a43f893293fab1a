package dev.understudy.media.compose;

import dev.understudy.media.codec.AudioEncoder;
import java.util.Arrays;
import java.util.Collection;

/**
 * Adds all tracks up, at unity gain into a {@link Limiter}, in blocks of one AAC frame that begin at whole multiples of
 * its length after the epoch. The count of samples is exact: it follows ticks, never a clock.
 */
final class AudioMixer {
    private static final int CHANNELS = 2;

    /** How often a track's pace is set anew: 10 ms. */
    private static final int STRIDE_SAMPLES = 480;

    /** Takes whole blocks. */
    interface Blocks {
        /**
         * One block of {@link AudioEncoder#FRAME_SAMPLES} samples a channel, interleaved, reused afterwards.
         *
         * @param sample its first, from the epoch
         */
        void block(long sample, float[] samples);
    }

    private final TickClock clock;
    private final Limiter limiter = new Limiter();
    private final float[] block = new float[CHANNELS * AudioEncoder.FRAME_SAMPLES];
    private long next;
    private int filled;

    /** Begins with the first block that does not begin before sample {@code from}. */
    AudioMixer(TickClock clock, long from) {
        this.clock = clock;
        this.next = Math.ceilDiv(from, (long) AudioEncoder.FRAME_SAMPLES) * AudioEncoder.FRAME_SAMPLES;
    }

    /** Mixes up to a sample, which is not included. */
    void mixUpTo(long sample, Collection<AudioTrackBuffer> tracks, Blocks out) {
        while (next < sample) {
            int room = Math.min(STRIDE_SAMPLES, AudioEncoder.FRAME_SAMPLES - filled);
            int samples = (int) Math.min(room, sample - next);
            long endNanos = clock.sampleNanos(next + samples);
            for (AudioTrackBuffer track : tracks) {
                track.mix(block, filled, samples, endNanos);
            }
            advance(samples, out);
        }
    }

    /** Fills the block that was begun with silence, so that sound lasts as long as the picture. */
    void finish(Blocks out) {
        if (filled > 0) {
            advance(AudioEncoder.FRAME_SAMPLES - filled, out);
        }
    }

    private void advance(int samples, Blocks out) {
        next += samples;
        filled += samples;
        if (filled == AudioEncoder.FRAME_SAMPLES) {
            limiter.limit(block);
            out.block(next - filled, block);
            Arrays.fill(block, 0);
            filled = 0;
        }
    }
}
