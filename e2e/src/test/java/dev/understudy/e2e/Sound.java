package dev.understudy.e2e;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The sound of a recording. */
final class Sound {
    private static final int RATE = 48_000;

    /** 20 ms tell tones apart that are 150 Hz from each other. */
    private static final int WINDOW = 960;

    private static final int HOP = 120;

    private final short[] samples;

    private Sound(short[] samples) {
        this.samples = samples;
    }

    static Sound of(Path recording) {
        ShortBuffer decoded = ByteBuffer.wrap(
                        Ffmpeg.sound(Recordings.mediaPlaylist(recording).orElseThrow()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        short[] samples = new short[decoded.remaining()];
        decoded.get(samples);
        return new Sound(samples);
    }

    /** When a tone began, in seconds: where half a window is filled by it. */
    List<Double> beeps(int hertz) {
        double[] levels = new double[Math.max(0, (samples.length - WINDOW) / HOP)];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = level(i * HOP, hertz);
        }
        double half = Arrays.stream(levels).max().orElse(0) / 2;
        List<Double> beeps = new ArrayList<>();
        for (int i = 1; i < levels.length; i++) {
            if (levels[i - 1] < half && levels[i] >= half) {
                beeps.add((i * HOP + WINDOW / 2.0) / RATE);
            }
        }
        return beeps;
    }

    /** How much of a window is the tone (Goertzel). */
    private double level(int start, int hertz) {
        double coefficient = 2 * Math.cos(2 * Math.PI * hertz / RATE);
        double last = 0;
        double beforeLast = 0;
        for (int i = start; i < start + WINDOW; i++) {
            double next = samples[i] + coefficient * last - beforeLast;
            beforeLast = last;
            last = next;
        }
        return Math.sqrt(last * last + beforeLast * beforeLast - coefficient * last * beforeLast);
    }
}
