package dev.understudy.server.publish;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * Encoded sound and pictures in memory, made to be played in a loop: both tracks are {@code duration} long, so that they
 * stay together however often they begin again. Immutable, as long as nobody writes into its buffers.
 *
 * @param video access units in Annex B form, times in 90 kHz, the first a key frame; empty for sound alone
 * @param audio Opus packets, times in 48 kHz; empty for pictures alone
 * @param duration a whole number of ticks of both clocks; whole seconds always are
 */
public record Clip(List<Frame> video, List<Frame> audio, Duration duration) {
    public static final int VIDEO_CLOCK_RATE = 90_000;
    public static final int AUDIO_CLOCK_RATE = 48_000;

    /**
     * One access unit or one Opus packet.
     *
     * @param ticks since the clip's start, in the clock of its track
     * @param bytes between position and limit; nobody consumes them
     * @param isKeyFrame whether decoding can begin here; true for all of Opus
     */
    public record Frame(long ticks, ByteBuffer bytes, boolean isKeyFrame) {}

    public Clip {
        video = List.copyOf(video);
        audio = List.copyOf(audio);
        if (video.isEmpty() && audio.isEmpty()) {
            throw new IllegalArgumentException("a clip without any frame");
        }
        if (!video.isEmpty() && !video.getFirst().isKeyFrame) {
            throw new IllegalArgumentException("a clip that does not begin with a key frame");
        }
        checkOrder(video, ticks(duration, VIDEO_CLOCK_RATE));
        checkOrder(audio, ticks(duration, AUDIO_CLOCK_RATE));
    }

    private static void checkOrder(List<Frame> frames, long lengthTicks) {
        long previous = -1;
        for (Frame frame : frames) {
            if (frame.ticks <= previous || frame.ticks >= lengthTicks) {
                throw new IllegalArgumentException(
                        "frame at " + frame.ticks + " behind one at " + previous + " in " + lengthTicks + " ticks");
            }
            previous = frame.ticks;
        }
    }

    long videoTicks() {
        return ticks(duration, VIDEO_CLOCK_RATE);
    }

    long audioTicks() {
        return ticks(duration, AUDIO_CLOCK_RATE);
    }

    private static long ticks(Duration duration, int clockRate) {
        long scaled = Math.multiplyExact(duration.toNanos(), clockRate);
        if (scaled <= 0 || scaled % 1_000_000_000L != 0) {
            throw new IllegalArgumentException("a clip of " + duration + " is no whole number of ticks");
        }
        return scaled / 1_000_000_000L;
    }
}
