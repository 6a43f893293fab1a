package dev.understudy.media.compose;

import dev.understudy.media.codec.AudioDecoder;

/**
 * Guesses sound where none came: what the decoder makes of the loss, or else the last pitch period, again and again.
 *
 * <p>A gap that is loss is filled at full strength for 100 ms and then fades within 20; one that the sender meant as
 * silence (DTX) fades within 5 ms, which keeps it from clicking. Samples are interleaved stereo.
 */
final class Concealment {
    private static final int CHANNELS = AudioDecoder.CHANNELS;
    private static final int LOSS_HELD_SAMPLES = 4_800;
    private static final float LOSS_FADE = 1f / 960;
    private static final float SILENCE_FADE = 1f / 240;

    /** Periods from 2.5 to 15 ms, as of voices from 67 to 400 Hz, compared over 10 ms. */
    private static final int MIN_PERIOD = 120;

    private static final int MAX_PERIOD = 720;
    private static final int COMPARED = 480;

    /** What of the past is looked at. */
    static final int HISTORY_SAMPLES = MAX_PERIOD + COMPARED;

    private final AudioDecoder decoder;
    private final float[] guess = new float[CHANNELS * AudioDecoder.MAX_PACKET_SAMPLES];
    private int guessed;
    private int used;
    private boolean isRepeating;
    private int run;
    private float gain;
    private long concealedSamples;

    Concealment(AudioDecoder decoder) {
        this.decoder = decoder;
    }

    /** Real sound has come: a gap after it starts at full strength. */
    void heard() {
        isRepeating = false;
        guessed = 0;
        used = 0;
        run = 0;
        gain = 1;
    }

    /** Whether the last sample was not a real one. */
    boolean isAfterGap() {
        return run > 0 || gain == 0;
    }

    /** Samples guessed because of loss, since the start. */
    long concealedSamples() {
        return concealedSamples;
    }

    /**
     * Writes what the gap goes on with.
     *
     * @param history the last {@link #HISTORY_SAMPLES} samples a channel before the gap's next sample
     * @param packetSamples of the last packet, a channel
     */
    void fill(float[] out, int samples, boolean isLoss, float[] history, int packetSamples) {
        for (int i = 0; i < samples; i++) {
            if (gain > 0 && used == guessed) {
                refill(history, packetSamples);
            }
            for (int c = 0; c < CHANNELS; c++) {
                out[i * CHANNELS + c] = gain > 0 ? gain * guess[used * CHANNELS + c] : 0;
            }
            used = gain > 0 ? used + 1 : used;
            concealedSamples += isLoss && gain > 0 ? 1 : 0;
            weaken(isLoss);
        }
    }

    private void weaken(boolean isLoss) {
        run++;
        if (!isLoss) {
            gain = Math.max(0, gain - SILENCE_FADE);
        } else if (run > LOSS_HELD_SAMPLES) {
            gain = Math.max(0, gain - LOSS_FADE);
        }
    }

    /** The decoder's guess goes on where it left off; a period of our own, found where the gap began, is repeated. */
    private void refill(float[] history, int packetSamples) {
        used = 0;
        if (isRepeating) {
            return;
        }
        guessed = decoder.conceal(packetSamples, guess);
        if (guessed == 0) {
            isRepeating = true;
            guessed = period(history);
            System.arraycopy(history, (HISTORY_SAMPLES - guessed) * CHANNELS, guess, 0, guessed * CHANNELS);
        }
    }

    /** The lag at which the newest sound is most like what came before it. */
    private static int period(float[] history) {
        int best = MAX_PERIOD;
        double bestLikeness = 0;
        for (int lag = MIN_PERIOD; lag <= MAX_PERIOD; lag++) {
            double likeness = likeness(history, lag);
            if (likeness > bestLikeness) {
                bestLikeness = likeness;
                best = lag;
            }
        }
        return best;
    }

    /** Normalised correlation of every second sample, both channels as one. */
    private static double likeness(float[] history, int lag) {
        double product = 0;
        double energy = 1e-9;
        for (int i = HISTORY_SAMPLES - COMPARED; i < HISTORY_SAMPLES; i += 2) {
            double now = history[i * CHANNELS] + history[i * CHANNELS + 1];
            double then = history[(i - lag) * CHANNELS] + history[(i - lag) * CHANNELS + 1];
            product += now * then;
            energy += then * then;
        }
        return product / Math.sqrt(energy);
    }
}
