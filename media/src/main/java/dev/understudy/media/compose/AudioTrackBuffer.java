package dev.understudy.media.compose;

import dev.understudy.media.codec.AudioDecoder;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sound of one Opus track, by RTP time: packets go in as they arrive, samples come out when they are due.
 *
 * <pre>
 *   packets by sequence ──decode──▶ samples by RTP time ──resample──▶ mix
 *                          │ a hole: guess or silence      │ at the pace of the playout clock
 * </pre>
 *
 * <p>Packets are decoded when they are due, in order, so that a late one has its whole playout delay to come. A hole
 * between packets that follow each other in sequence is silence the sender did not send (DTX); any other is loss.
 *
 * <p>The reading position follows the playout clock by reading up to 0.5 % faster or slower, so nothing is cut or said
 * twice. Only when it is more than 100 ms off does it leap, from a fade out into a fade in. Times of 5 ms that begin and end
 * everything are linear ramps.
 */
final class AudioTrackBuffer implements AutoCloseable {
    /** Two and a half seconds of 2.5 ms packets, and a tick comes once a second: what is beyond is never played out. */
    static final int MAX_PACKETS = 1_024;

    private static final int CHANNELS = AudioDecoder.CHANNELS;
    private static final int RAMP_SAMPLES = 240;
    private static final double MAX_RESAMPLING = 0.005;
    private static final int LEAP_SAMPLES = 4_800;

    /** How far the cubic between two samples looks ahead. */
    private static final int LOOKAHEAD_SAMPLES = 3;

    /** What DTX sends now and then is a table of contents and at most one byte (RFC 6716 section 3.1). */
    private static final int MAX_DTX_BYTES = 2;

    private record Packet(long position, ByteBuffer payload) {}

    private final AudioDecoder decoder;
    private final PlayoutClock clock;
    private final Concealment concealment;
    private final SampleRing ring = new SampleRing();
    private final TreeMap<Long, Packet> waiting = new TreeMap<>();
    private final float[] decoded = new float[CHANNELS * AudioDecoder.MAX_PACKET_SAMPLES];
    private final float[] guessed = new float[CHANNELS * AudioDecoder.MAX_PACKET_SAMPLES];
    private final float[] history = new float[CHANNELS * Concealment.HISTORY_SAMPLES];

    private long lastSequence = Long.MIN_VALUE;
    private int lastSamples = 960;
    private boolean lastWasDtx = true;
    private boolean isReading;
    private double position;
    private float gain;
    private float targetGain = 1;
    private long dropped;

    /** Takes over {@code decoder}, which it closes, but not the clock, which must count in 48 kHz. */
    AudioTrackBuffer(AudioDecoder decoder, PlayoutClock clock) {
        this.decoder = decoder;
        this.clock = clock;
        this.concealment = new Concealment(decoder);
    }

    /**
     * Takes a packet in.
     *
     * @param timestamp unwrapped
     * @param payload kept
     */
    void received(long sequence, long timestamp, ByteBuffer payload) {
        if (sequence <= lastSequence || waiting.putIfAbsent(sequence, new Packet(timestamp, payload)) != null) {
            dropped++;
        }
        if (waiting.size() > MAX_PACKETS) {
            waiting.pollFirstEntry();
            dropped++;
        }
    }

    /** Fades out from now on. */
    void leave() {
        targetGain = 0;
    }

    /** Whether it has left and nothing more is to be heard. */
    boolean isSilentForGood() {
        return targetGain == 0 && (gain == 0 || !isReading);
    }

    /** Packets that came too late, twice or in too great a number. */
    long dropped() {
        return dropped;
    }

    /** Samples that were guessed because of loss. */
    long concealedSamples() {
        return concealment.concealedSamples();
    }

    /**
     * Adds this track's next samples to a sum.
     *
     * @param sum interleaved stereo
     * @param at the first sample to add to
     * @param endNanos when the sample after the last is due
     */
    void mix(float[] sum, int at, int samples, long endNanos) {
        if (!clock.isRunning()) {
            return;
        }
        double begin = clock.timestampAt(endNanos) - samples;
        if (!isReading) {
            isReading = true;
            startAt(begin);
        } else if (Math.abs(begin - position) > LEAP_SAMPLES) {
            fadeOut(sum, at, Math.min(samples, RAMP_SAMPLES));
            startAt(begin);
        }
        double step = step(begin - position, samples);
        decodeUntil((long) Math.ceil(position + samples * step) + LOOKAHEAD_SAMPLES);
        for (int i = 0; i < samples; i++) {
            turnGain();
            add(sum, at + i, position + i * step, gain);
        }
        position += samples * step;
    }

    private void turnGain() {
        float step = 1f / RAMP_SAMPLES;
        gain = gain < targetGain ? Math.min(targetGain, gain + step) : Math.max(targetGain, gain - step);
    }

    /** Samples read for each one written; exactly 1 unless the clock is more than one sample away. */
    private static double step(double behind, int samples) {
        if (Math.abs(behind) <= 1) {
            return 1;
        }
        return 1 + Math.clamp(behind / samples, -MAX_RESAMPLING, MAX_RESAMPLING);
    }

    private void startAt(double begin) {
        position = Math.rint(begin);
        gain = 0;
        if (position > ring.end() || position < ring.end() - SampleRing.CAPACITY / 2) {
            ring.moveTo((long) position);
        }
    }

    private void fadeOut(float[] sum, int at, int samples) {
        decodeUntil((long) Math.ceil(position + samples) + LOOKAHEAD_SAMPLES);
        for (int i = 0; i < samples; i++) {
            add(sum, at + i, position + i, gain * (samples - i) / samples);
        }
    }

    private void add(float[] sum, int at, double position, float gain) {
        for (int c = 0; c < CHANNELS; c++) {
            sum[at * CHANNELS + c] += gain * ring.between(position, c);
        }
    }

    private void decodeUntil(long end) {
        while (ring.end() < end) {
            Map.Entry<Long, Packet> next = waiting.firstEntry();
            if (next == null || next.getValue().position >= end) {
                fillGap(end, next);
            } else if (next.getValue().position > ring.end()) {
                fillGap(next.getValue().position, next);
            } else {
                waiting.pollFirstEntry();
                decode(next.getKey(), next.getValue());
            }
        }
    }

    private void fillGap(long end, Map.@Nullable Entry<Long, Packet> next) {
        boolean isLoss = next == null ? !lastWasDtx : next.getKey() != lastSequence + 1;
        while (ring.end() < end) {
            int samples = (int) Math.min(end - ring.end(), AudioDecoder.MAX_PACKET_SAMPLES);
            guess(samples, isLoss);
            ring.append(guessed, 0, samples);
        }
    }

    private void guess(int samples, boolean isLoss) {
        ring.copyLast(Concealment.HISTORY_SAMPLES, history);
        concealment.fill(guessed, samples, isLoss, history, lastSamples);
    }

    private void decode(long sequence, Packet packet) {
        long late = ring.end() - packet.position;
        boolean isAfterGap = concealment.isAfterGap() && late < lastSamples;
        if (isAfterGap) {
            guess(RAMP_SAMPLES, false);
        }
        int samples = decoder.decode(packet.payload.duplicate(), decoded);
        lastSequence = sequence;
        if (samples <= late) {
            dropped++;
            return;
        }
        if (isAfterGap) {
            blend((int) late, samples);
        }
        ring.append(decoded, (int) late, samples - (int) late);
        lastSamples = samples;
        lastWasDtx = packet.payload.remaining() <= MAX_DTX_BYTES;
        concealment.heard();
    }

    /** From the guess, which fades, into what was really said. */
    private void blend(int first, int end) {
        int ramp = Math.min(RAMP_SAMPLES, end - first);
        for (int i = 0; i < ramp; i++) {
            for (int c = 0; c < CHANNELS; c++) {
                int at = (first + i) * CHANNELS + c;
                decoded[at] = decoded[at] * i / ramp + guessed[i * CHANNELS + c];
            }
        }
    }

    @Override
    public void close() {
        decoder.close();
    }
}
