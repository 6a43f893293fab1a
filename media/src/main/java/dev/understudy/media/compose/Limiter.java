package dev.understudy.media.compose;

/**
 * Keeps a sum of voices below full scale: turns down at once where it would pass -1 dBFS, and up again slowly. Both
 * channels are turned alike, so that nobody moves in the room. What stays below is not touched.
 */
final class Limiter {
    private static final float CEILING = 0.891f;

    /** Back from half to full strength in about a third of a second at 48 kHz. */
    private static final float RELEASE = 1f / 30_000;

    private float gain = 1;

    /** Works on interleaved stereo in place. */
    void limit(float[] samples) {
        for (int i = 0; i + 1 < samples.length; i += 2) {
            float peak = Math.max(Math.abs(samples[i]), Math.abs(samples[i + 1]));
            gain = Math.min(1, gain + RELEASE);
            gain = peak * gain > CEILING ? CEILING / peak : gain;
            samples[i] *= gain;
            samples[i + 1] *= gain;
        }
    }
}
