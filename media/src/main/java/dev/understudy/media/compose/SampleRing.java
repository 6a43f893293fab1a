package dev.understudy.media.compose;

import dev.understudy.media.codec.AudioDecoder;
import java.util.Arrays;

/** The newest third of a second or more of stereo samples by absolute position; what was never written is silence. */
final class SampleRing {
    private static final int CHANNELS = AudioDecoder.CHANNELS;

    /** A power of two; more than the longest packet and the history that concealment wants. */
    static final int CAPACITY = 1 << 14;

    private final float[] samples = new float[CHANNELS * CAPACITY];
    private long end;

    /** The position after the newest sample. */
    long end() {
        return end;
    }

    /** Goes on at another position, with nothing before it when that is ahead, and with the past kept when it is not. */
    void moveTo(long position) {
        if (position - end >= CAPACITY || position <= end - CAPACITY) {
            Arrays.fill(samples, 0);
        } else {
            for (long p = end; p < position; p++) {
                put(p, 0, 0);
            }
        }
        end = position;
    }

    /** Appends {@code count} interleaved samples a channel. */
    void append(float[] from, int firstSample, int count) {
        for (int i = firstSample; i < firstSample + count; i++) {
            put(end, from[i * CHANNELS], from[i * CHANNELS + 1]);
            end++;
        }
    }

    float at(long position, int channel) {
        return position < end && position >= end - CAPACITY ? samples[index(position) + channel] : 0;
    }

    /** Copies the last {@code count} samples a channel, interleaved. */
    void copyLast(int count, float[] to) {
        for (int i = 0; i < count; i++) {
            to[i * CHANNELS] = at(end - count + i, 0);
            to[i * CHANNELS + 1] = at(end - count + i, 1);
        }
    }

    /** Between two samples, by the cubic through the four around (Catmull-Rom). */
    float between(double position, int channel) {
        long floor = (long) Math.floor(position);
        float t = (float) (position - floor);
        float b = at(floor, channel);
        if (t == 0) {
            return b;
        }
        float a = at(floor - 1, channel);
        float c = at(floor + 1, channel);
        float d = at(floor + 2, channel);
        return b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }

    private void put(long position, float left, float right) {
        samples[index(position)] = left;
        samples[index(position) + 1] = right;
    }

    private static int index(long position) {
        return CHANNELS * (int) (position & (CAPACITY - 1));
    }
}
