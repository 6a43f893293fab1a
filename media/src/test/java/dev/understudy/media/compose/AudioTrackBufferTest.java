package dev.understudy.media.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.media.codec.AudioDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudioTrackBufferTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final int MIX_SAMPLES = 480;

    /** Decodes a packet to a sine of 300 Hz at its own place: the payload is its position and its length. */
    private static final class Sine implements AudioDecoder {
        @Override
        public int decode(ByteBuffer packet, float[] out) {
            long position = packet.getLong(0);
            int samples = packet.getInt(8);
            for (int i = 0; i < samples; i++) {
                out[2 * i] = value(position + i);
                out[2 * i + 1] = out[2 * i];
            }
            return samples;
        }

        static float value(long position) {
            return (float) (0.5 * Math.sin(2 * Math.PI * 300 * position / 48_000));
        }

        @Override
        public int conceal(int samples, float[] out) {
            return 0;
        }

        @Override
        public void close() {}
    }

    private final PlayoutClock clock = new PlayoutClock(48_000, 100 * MILLI, false, new PublisherClock());
    private final AudioTrackBuffer buffer = new AudioTrackBuffer(new Sine(), clock);
    private final float[] heard = new float[20 * 48_000];
    private int mixed;

    private void send(long sequence, long position, int samples) {
        clock.received(position, position * SECOND / 48_000);
        buffer.received(sequence, position, payload(position, samples));
    }

    private static ByteBuffer payload(long position, int samples) {
        return ByteBuffer.allocate(12).putLong(position).putInt(samples).flip();
    }

    /** Mixes until the sound of {@code position} has been heard, when nothing drifts. */
    private void mixUpTo(long position) {
        float[] sum = new float[2 * MIX_SAMPLES];
        while (mixed < position + 4_800) {
            Arrays.fill(sum, 0);
            buffer.mix(sum, 0, MIX_SAMPLES, (mixed + MIX_SAMPLES) * SECOND / 48_000);
            for (int i = 0; i < MIX_SAMPLES; i++) {
                heard[mixed + i] = sum[2 * i];
            }
            mixed += MIX_SAMPLES;
        }
    }

    /** The sound of a position, heard one playout delay (4800 samples) later. */
    private float at(long position) {
        return heard[(int) position + 4_800];
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 480, 960, 1_920, 2_880, 5_760})
    void anyPacketTimeComesOutSampleBySample(int samples) {
        for (int i = 0; i < 48_000 / samples; i++) {
            send(i, (long) i * samples, samples);
            mixUpTo((long) i * samples - 9_600);
        }
        mixUpTo(40_000);

        assertThat(at(40)).as("within the ramp of joining").isBetween(0.01f, 0.2f);
        for (int position = 480; position < 40_000; position++) {
            assertThat(at(position)).isEqualTo(Sine.value(position));
        }
        assertThat(buffer.concealedSamples()).isZero();
    }

    @Test
    void disorderWithinTheDelayIsNotHeard() {
        var random = new SplittableRandom(3);
        for (int i = 0; i < 100; i += 4) {
            for (int shuffled : new int[] {2, 0, 3, 1}) {
                send(i + shuffled, (i + shuffled) * 960L, 960);
            }
            mixUpTo(Math.max(0, (i - 6 - random.nextInt(3)) * 960L));
        }

        for (int position = 480; position < 80_000; position++) {
            assertThat(at(position)).isEqualTo(Sine.value(position));
        }
    }

    @Test
    void lossIsConcealedForAHundredMillisecondsThenFades() {
        sendAllBut(50, 70);

        float loudest = 0;
        for (int position = 50 * 960; position < 50 * 960 + 4_800; position++) {
            loudest = Math.max(loudest, Math.abs(at(position)));
            assertThat(Math.abs(at(position) - at(position - 1)))
                    .as("no click at " + position)
                    .isLessThan(0.06f);
        }
        assertThat(loudest).isCloseTo(0.5f, within(0.02f));
        assertThat(at(50 * 960 + 4_800 + 1_000)).isZero();
        assertThat(at(69 * 960)).isZero();
        assertThat(at(71 * 960)).isEqualTo(Sine.value(71 * 960));
        assertThat(buffer.concealedSamples()).isBetween(4_800L, 4_800L + 960 + 240);
    }

    @Test
    void oneLostPacketIsHardlyHeard() {
        sendAllBut(50, 51);

        for (int position = 49 * 960; position < 53 * 960; position++) {
            assertThat(at(position)).isCloseTo(Sine.value(position), within(0.06f));
        }
        assertThat(buffer.concealedSamples()).isEqualTo(960);
    }

    @Test
    void whatTheSenderLeftOutIsSilence() {
        for (int i = 0; i < 50; i++) {
            send(i, i * 960L, 960);
            mixUpTo((i - 4) * 960L);
        }
        for (int i = 50; i < 100; i++) {
            send(i, (i + 4) * 960L, 960);
            mixUpTo(i * 960L);
        }

        assertThat(at(52 * 960)).isZero();
        assertThat(at(56 * 960)).isEqualTo(Sine.value(56 * 960));
        assertThat(buffer.concealedSamples()).isZero();
    }

    @Test
    void leavingIsARampOfFiveMilliseconds() {
        for (int i = 0; i < 50; i++) {
            send(i, i * 960L, 960);
        }
        mixUpTo(30_720);
        buffer.leave();
        mixUpTo(31_200);

        for (int position = 30_721; position < 31_200; position++) {
            assertThat(Math.abs(at(position) - at(position - 1))).isLessThan(0.06f);
        }
        assertThat(at(31_100)).isZero();
        assertThat(buffer.isSilentForGood()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.002, 0.0005, 0.002})
    void driftIsFollowedByResamplingWithoutAClick(double drift) {
        for (int i = 0; i < 800; i++) {
            long position = i * 960L;
            clock.received(position, Math.round(position * (1 + drift) * SECOND / 48_000));
            buffer.received(i, position, payload(position, 960));
            mixUpTo(Math.round(position * (1 + drift)) - 4_800);
        }

        for (int position = 1_000; position < 780 * 960; position++) {
            assertThat(Math.abs(at(position) - at(position - 1)))
                    .as("at " + position)
                    .isLessThan(0.021f);
        }
        assertThat(buffer.concealedSamples()).isZero();
        assertThat(buffer.dropped()).isZero();
    }

    private void sendAllBut(int firstLost, int endOfLost) {
        for (int i = 0; i < 100; i++) {
            if (i < firstLost || i >= endOfLost) {
                send(i, i * 960L, 960);
            }
            mixUpTo(i * 960L - 3_840);
        }
    }
}
