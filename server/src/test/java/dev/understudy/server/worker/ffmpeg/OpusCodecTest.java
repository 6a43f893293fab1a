package dev.understudy.server.worker.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.media.codec.AudioDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpusCodecTest {
    private static final FfmpegCodecs CODECS = new FfmpegCodecs();
    private static final int BLOCK = OpusEncoder.PACKET_SAMPLES;
    private static final double TONE_HZ = 440;
    private static final double LEVEL = 0.5;

    private final float[] out = new float[AudioDecoder.CHANNELS * AudioDecoder.MAX_PACKET_SAMPLES];

    private static List<ByteBuffer> tone(int packets) {
        List<ByteBuffer> encoded = new ArrayList<>();
        try (OpusEncoder encoder = new OpusEncoder()) {
            for (int block = 0; block < packets; block++) {
                float[] samples = new float[2 * BLOCK];
                for (int i = 0; i < BLOCK; i++) {
                    double phase = 2 * Math.PI * TONE_HZ * (block * BLOCK + i) / 48_000;
                    samples[2 * i] = (float) (LEVEL * Math.sin(phase));
                    samples[2 * i + 1] = (float) (LEVEL / 2 * Math.sin(phase));
                }
                encoder.encode(samples, opus -> encoded.add(copy(opus)));
            }
        }
        return encoded;
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocateDirect(bytes.remaining())
                .put(bytes.duplicate())
                .flip();
    }

    /** Effective value of one channel. */
    private static double level(float[] samples, int count, int channel) {
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += samples[2 * i + channel] * samples[2 * i + channel];
        }
        return Math.sqrt(squares / count);
    }

    @Test
    void comesBackAtItsLevelOnBothChannels() {
        try (AudioDecoder decoder = CODECS.audioDecoder()) {
            int samples = 0;
            for (ByteBuffer packet : tone(25)) {
                samples = decoder.decode(packet, out);
                assertThat(samples).isEqualTo(BLOCK);
            }
            assertThat(level(out, samples, 0)).isCloseTo(LEVEL / Math.sqrt(2), within(0.02));
            assertThat(level(out, samples, 1)).isCloseTo(LEVEL / 2 / Math.sqrt(2), within(0.02));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 960, 2_000, 5_760})
    void concealsALossOfAnyLengthByWhatWentBefore(int lost) {
        try (AudioDecoder decoder = CODECS.audioDecoder()) {
            tone(25).forEach(packet -> decoder.decode(packet, out));

            assertThat(decoder.conceal(lost, out)).isEqualTo(lost);

            assertThat(level(out, 120, 0)).isCloseTo(LEVEL / Math.sqrt(2), within(0.1));
        }
    }

    @Test
    void concealsNothingBeforeTheFirstPacket() {
        try (AudioDecoder decoder = CODECS.audioDecoder()) {
            assertThat(decoder.conceal(960, out)).isZero();
        }
    }

    @Test
    void givesNoSamplesForWhatIsNotOpus() {
        try (AudioDecoder decoder = CODECS.audioDecoder()) {
            assertThat(decoder.decode(ByteBuffer.allocate(0), out)).isZero();
            assertThat(decoder.decode(ByteBuffer.allocate(100_000), out)).isZero();
            assertThat(decoder.decode(ByteBuffer.wrap(new byte[] {(byte) 0xFF, 0x3F, 1}), out))
                    .isZero();
        }
    }

    @RepeatedTest(300)
    void survivesHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        try (AudioDecoder decoder = CODECS.audioDecoder()) {
            for (int i = 0; i < 20; i++) {
                byte[] packet = new byte[random.nextInt(1, 300)];
                random.nextBytes(packet);
                assertThat(decoder.decode(ByteBuffer.wrap(packet), out)).isBetween(0, AudioDecoder.MAX_PACKET_SAMPLES);
                assertThat(decoder.conceal(960, out)).isBetween(0, 960);
            }
        }
    }
}
