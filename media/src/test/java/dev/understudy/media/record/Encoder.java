package dev.understudy.media.record;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Stands for a worker: frames that are no pictures but have their form, one IDR at the start and at each tick that the
 * group of pictures divides, and audio that runs a little behind video.
 */
final class Encoder {
    private static final byte[] SPS =
            HexFormat.of().parseHex("6764001facd9405005bb016a02020280000003008000001e078c18cb");
    private static final byte[] PPS = HexFormat.of().parseHex("68ebe3cb22c0");
    private static final byte[] AAC_LC_STEREO_48K = HexFormat.of().parseHex("1190");
    private static final int AUDIO_DELAY_SAMPLES = 3_000;

    private final TickRate rate;
    private final long gopTicks;
    private final long firstTick;
    private long tick;
    private long position;

    Encoder(double framesPerSecond, int targetSeconds, long firstTick) {
        this.rate = TickRate.of(framesPerSecond);
        this.gopTicks = Math.round(targetSeconds * framesPerSecond);
        this.firstTick = firstTick;
        this.tick = firstTick;
        this.position = Math.floorDiv(rate.firstSampleAt(firstTick), 1_024L) * 1_024;
    }

    Encoder configure(CompositeRecording recording) {
        recording.codecConfig(ByteBuffer.wrap(SPS), ByteBuffer.wrap(PPS), ByteBuffer.wrap(AAC_LC_STEREO_48K));
        return this;
    }

    /** Renders up to and not including {@code endTick}. */
    Encoder renderTo(long endTick, CompositeRecording recording) {
        for (; tick < endTick; tick++) {
            boolean isIdr = tick == firstTick || tick % gopTicks == 0;
            recording.video(tick, isIdr, picture(tick, isIdr));
            soundTo(rate.firstSampleAt(tick + 1) - AUDIO_DELAY_SAMPLES, recording);
        }
        return this;
    }

    /** Hands out the audio that is still inside. */
    void drain(CompositeRecording recording) {
        soundTo(rate.firstSampleAt(tick), recording);
    }

    private void soundTo(long end, CompositeRecording recording) {
        for (; position < end; position += 1_024) {
            recording.audio(position, ByteBuffer.allocate(32).putLong(0, position));
        }
    }

    static ByteBuffer picture(long tick, boolean isIdr) {
        int bytes = isIdr ? 200 : 20;
        return ByteBuffer.allocate(4 + bytes)
                .putInt(bytes)
                .put((byte) (isIdr ? 0x65 : 0x41))
                .putLong(tick)
                .rewind();
    }
}
