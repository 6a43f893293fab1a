package dev.understudy.server.publish;

import dev.understudy.server.publish.Clip.Frame;
import java.util.List;

/**
 * Plays a clip without end: hands out its frames in the order in which they are due, with times that only grow. Sans-IO;
 * confined to one thread.
 *
 * <p>Asked for a key frame, it leaps ahead to the clip's next one, in both tracks by the same time, so that sound and
 * picture stay together. It leaps only where that is a whole number of audio packets, so that no hole is heard: with 30
 * pictures and 50 packets a second that is every 100 ms. If the key frame comes by itself before that, all the better.
 */
final class ClipPlayer {
    private final Track video;
    private final Track audio;
    private boolean isKeyFrameWanted;

    /** Where one track stands: its next frame, and what to add to the clip's times. */
    private static final class Track {
        private final List<Frame> frames;
        private final long lengthTicks;
        private final int clockRate;
        private int index;
        private long offsetTicks;

        private Track(List<Frame> frames, long lengthTicks, int clockRate) {
            this.frames = frames;
            this.lengthTicks = lengthTicks;
            this.clockRate = clockRate;
        }

        private Frame frame() {
            return frames.get(index);
        }

        private long ticks() {
            return offsetTicks + frame().ticks();
        }

        private long dueNanos() {
            return frames.isEmpty() ? Long.MAX_VALUE : nanos(ticks(), clockRate);
        }

        private void advance() {
            index++;
            if (index == frames.size()) {
                index = 0;
                offsetTicks += lengthTicks;
            }
        }

        /** Continues with another frame, at the time of the one that was next. */
        private void leapTo(int other) {
            long now = ticks();
            index = other;
            offsetTicks = now - frame().ticks();
        }

        /** How long after the next frame the {@code other} one plays; the clip repeats. */
        private long ticksUntil(int other) {
            return Math.floorMod(frames.get(other).ticks() - frame().ticks(), lengthTicks);
        }

        private int nextKeyFrame() {
            int at = index;
            while (!frames.get(at).isKeyFrame()) {
                at = (at + 1) % frames.size();
            }
            return at;
        }

        /** The frame exactly so long after the next one, or -1. */
        private int frameAfter(long ticks) {
            for (int i = 0; i < frames.size(); i++) {
                if (ticksUntil(i) == ticks) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** A frame and when it is due; {@code ticks} since the start, in the clock of its track. */
    record Step(boolean isVideo, Frame frame, long ticks) {}

    ClipPlayer(Clip clip) {
        this.video = new Track(clip.video(), clip.videoTicks(), Clip.VIDEO_CLOCK_RATE);
        this.audio = new Track(clip.audio(), clip.audioTicks(), Clip.AUDIO_CLOCK_RATE);
    }

    /** Makes the next picture, or one soon after, a key frame. */
    void requestKeyFrame() {
        isKeyFrameWanted = !video.frames.isEmpty();
    }

    /** When the next frame is due, since the start. */
    long dueNanos() {
        return Math.min(video.dueNanos(), audio.dueNanos());
    }

    /** The next frame. Of two that are due at once the picture comes first. */
    Step next() {
        boolean isVideo = video.dueNanos() <= audio.dueNanos();
        if (isVideo && isKeyFrameWanted) {
            leap();
            isKeyFrameWanted = !video.frame().isKeyFrame();
        }
        Track track = isVideo ? video : audio;
        var step = new Step(isVideo, track.frame(), track.ticks());
        track.advance();
        return step;
    }

    private void leap() {
        int keyFrame = video.nextKeyFrame();
        long audioTicksScaled = video.ticksUntil(keyFrame) * audio.clockRate;
        boolean isWhole = audioTicksScaled % video.clockRate == 0;
        int packet = isWhole && !audio.frames.isEmpty() ? audio.frameAfter(audioTicksScaled / video.clockRate) : -1;
        if (packet >= 0) {
            audio.leapTo(packet);
        }
        if (packet >= 0 || audio.frames.isEmpty()) {
            video.leapTo(keyFrame);
        }
    }

    /** A time in ticks as nanoseconds; right for years. */
    static long nanos(long ticks, int clockRate) {
        return ticks / clockRate * 1_000_000_000L + ticks % clockRate * 1_000_000_000L / clockRate;
    }

    /** A time in nanoseconds as ticks; right for years. */
    static long ticks(long nanos, int clockRate) {
        return nanos / 1_000_000_000L * clockRate + nanos % 1_000_000_000L * clockRate / 1_000_000_000L;
    }
}
