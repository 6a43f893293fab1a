package dev.understudy.media.record;

import dev.understudy.protocol.hls.MediaPlaylist;
import dev.understudy.protocol.mp4.InitSegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Cuts one unbroken run of video and audio frames into segments.
 *
 * <p>A segment begins with an IDR and is cut at the first later one from which a whole group of pictures more would make
 * it round above the target. It is closed once audio, too, has passed the cut: audio frames belong to the segment in
 * whose time they begin, so that two seconds hold 93 or 94 of them. A change of codec configuration cuts as well.
 *
 * <p>Frames that do not follow the last are refused by {@link IllegalArgumentException}: their encoder is broken.
 * Confined to one thread.
 */
final class Segmenter {
    static final int SAMPLES_A_FRAME = 1_024;

    /** About 43 s: two segments of ten seconds that wait, and as much again. More means that no video comes. */
    static final int MAX_WAITING_AUDIO_FRAMES = 2_048;

    /** Segments that are cut and wait for audio. With another one cut, the first is closed with the audio there is. */
    static final int MAX_WAITING_CUTS = 2;

    /** Twenty times what ten seconds of the highest bitrate need, and far below what an {@code mdat} can hold. */
    static final long MAX_WAITING_BYTES = 256L << 20;

    /** One encoded picture and the configuration that decodes it. */
    record VideoFrame(long tick, boolean isIdr, ByteBuffer lengthPrefixed, InitSegment init) {}

    /** One AAC frame; {@code position} counts samples on the clock that ticks count on. */
    record AudioFrame(long position, ByteBuffer data) {}

    /** The content of one segment; {@code endTick} is the tick behind its last. */
    record Span(long startTick, long endTick, List<VideoFrame> video, List<AudioFrame> audio) {}

    private final TickRate rate;
    private final long gopTicks;
    private final long maxTicks;
    private final long earliestSample;
    private final ArrayDeque<VideoFrame> video = new ArrayDeque<>();
    private final ArrayDeque<AudioFrame> audio = new ArrayDeque<>();
    private final Deque<Long> cuts = new ArrayDeque<>();
    private long waitingBytes;
    private boolean begun;
    private long runStart;
    private long segmentStart;
    private long nextTick;
    private boolean heard;
    private long nextPosition;

    /**
     * Starts an empty run.
     *
     * @param earliestTick no frame before it is taken
     * @param earliestSample audio frames that begin before it are left out
     */
    Segmenter(TickRate rate, int targetSeconds, long earliestTick, long earliestSample) {
        this.rate = rate;
        this.gopTicks = Math.round(targetSeconds * rate.framesPerSecond());
        this.maxTicks = maxTicks(rate, targetSeconds, gopTicks);
        this.earliestSample = earliestSample;
        this.nextTick = earliestTick;
    }

    /** The longest segment that, rounded, is not above the target. */
    private static long maxTicks(TickRate rate, int targetSeconds, long gopTicks) {
        long ticks = gopTicks;
        while (MediaPlaylist.roundedSeconds(rate.duration(ticks + 1)) <= targetSeconds) {
            ticks++;
        }
        return ticks;
    }

    /** The tick that must come next, once the run has begun; before that, the earliest. */
    long nextTick() {
        return nextTick;
    }

    /** The sample behind the last audio frame that came. */
    long nextPosition() {
        return heard ? nextPosition : earliestSample;
    }

    void add(VideoFrame frame) {
        if (begun ? frame.tick != nextTick : frame.tick < nextTick) {
            throw new IllegalArgumentException("frame of tick " + frame.tick + " where " + nextTick + " was due");
        }
        if (!begun) {
            begin(frame);
        }
        cutBefore(frame);
        hold(frame.lengthPrefixed);
        video.add(frame);
        nextTick++;
    }

    private void begin(VideoFrame frame) {
        if (!frame.isIdr) {
            throw new IllegalArgumentException("first frame, of tick " + frame.tick + ", is no IDR");
        }
        begun = true;
        runStart = frame.tick;
        segmentStart = frame.tick;
        nextTick = frame.tick;
    }

    private void cutBefore(VideoFrame frame) {
        long ticks = frame.tick - segmentStart;
        boolean isReconfigured = !video.isEmpty() && !video.getLast().init.equals(frame.init);
        if (ticks > 0 && frame.isIdr && (isReconfigured || ticks + gopTicks > maxTicks)) {
            cuts.add(frame.tick);
            segmentStart = frame.tick;
        } else if (isReconfigured) {
            throw new IllegalArgumentException(
                    "codec configuration changed at tick " + frame.tick + ", which is no IDR");
        } else if (ticks + 1 > maxTicks) {
            throw new IllegalArgumentException("no IDR in the " + ticks + " ticks before " + frame.tick);
        }
    }

    void add(AudioFrame frame) {
        if (heard && frame.position != nextPosition) {
            throw new IllegalArgumentException(
                    "audio at sample " + frame.position + " where " + nextPosition + " was due");
        }
        if (audio.size() == MAX_WAITING_AUDIO_FRAMES) {
            throw new IllegalArgumentException(MAX_WAITING_AUDIO_FRAMES + " audio frames wait for video");
        }
        hold(frame.data);
        audio.add(frame);
        heard = true;
        nextPosition = frame.position + SAMPLES_A_FRAME;
    }

    private void hold(ByteBuffer data) {
        waitingBytes += data.remaining();
        if (waitingBytes > MAX_WAITING_BYTES) {
            throw new IllegalArgumentException("more than " + MAX_WAITING_BYTES + " bytes wait to be a segment");
        }
    }

    /** The oldest segment that is complete. */
    Optional<Span> poll() {
        boolean isCut = !cuts.isEmpty();
        boolean isHeard = isCut && nextPosition() >= rate.firstSampleAt(cuts.getFirst());
        return isHeard || cuts.size() > MAX_WAITING_CUTS ? Optional.of(take(cuts.remove())) : Optional.empty();
    }

    /** All segments there are, the last as far as its video reaches. Nothing is added afterwards. */
    List<Span> finish() {
        List<Span> spans = new ArrayList<>();
        while (!cuts.isEmpty()) {
            spans.add(take(cuts.remove()));
        }
        if (!video.isEmpty()) {
            spans.add(take(nextTick));
        }
        return spans;
    }

    private Span take(long endTick) {
        List<VideoFrame> frames = new ArrayList<>();
        while (!video.isEmpty() && video.getFirst().tick < endTick) {
            frames.add(video.removeFirst());
        }
        long from = Math.max(earliestSample, rate.firstSampleAt(runStart));
        long to = rate.firstSampleAt(endTick);
        List<AudioFrame> sounds = new ArrayList<>();
        while (!audio.isEmpty() && audio.getFirst().position < to) {
            AudioFrame sound = audio.removeFirst();
            if (sound.position >= from) {
                sounds.add(sound);
            }
            waitingBytes -= sound.data.remaining();
        }
        frames.forEach(frame -> waitingBytes -= frame.lengthPrefixed.remaining());
        return new Span(frames.getFirst().tick, endTick, frames, sounds);
    }
}
