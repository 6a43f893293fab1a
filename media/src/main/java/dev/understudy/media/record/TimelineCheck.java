package dev.understudy.media.record;

import dev.understudy.media.codec.AnnexB;
import dev.understudy.protocol.hls.MediaPlaylist;
import dev.understudy.protocol.mp4.AudioTrack;
import dev.understudy.protocol.mp4.MediaSegment;
import dev.understudy.protocol.mp4.Sample;
import dev.understudy.protocol.mp4.TrackFragment;
import dev.understudy.protocol.mp4.VideoTrack;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Follows the times of one rendition from segment to segment and says where they are not what was promised: each frame
 * one tick after the last, audio without a gap or an overlap, an IDR at the start of each segment, durations as listed.
 * Confined to one thread.
 */
final class TimelineCheck {
    private static final int IDR = 5;

    private final TickRate rate;
    private final long gopTicks;
    private final Findings findings;
    private long videoEnd;
    private long audioEnd;
    private boolean isPartStart = true;
    private boolean isFirstPart = true;

    TimelineCheck(TickRate rate, int targetSeconds, Findings findings) {
        this.rate = rate;
        this.gopTicks = Math.round(targetSeconds * rate.framesPerSecond());
        this.findings = findings;
    }

    /** What follows begins behind a discontinuity. */
    void beginPart() {
        isFirstPart = false;
        isPartStart = true;
    }

    /** Takes the next segment; {@code isPartEnd} if a discontinuity or the end of the recording follows it. */
    void segment(MediaPlaylist.Segment listed, MediaSegment file, boolean isPartEnd) {
        Optional<TrackFragment> video = track(file, VideoTrack.ID);
        if (video.isEmpty()) {
            findings.add(listed.uri() + ": no video");
            return;
        }
        long start = video.get().baseDecodeTime();
        checkVideoTimes(listed.uri(), video.get());
        checkLength(listed, video.get().samples().size(), isPartEnd);
        checkPictures(listed.uri(), video.get().samples());
        videoEnd = start + video.get().duration();
        checkAudio(listed.uri(), track(file, AudioTrack.ID), start, isPartEnd);
        isPartStart = false;
    }

    /** The whole number of ticks that a listed duration, which is rounded, stands for. */
    Duration exactly(Duration listed) {
        return rate.duration(rate.ticksIn(listed));
    }

    /** How far audio ends from video, in samples; to ask at the end of a recording that ended well. */
    long audioShortBySamples() {
        return samplesAt(videoEnd) - audioEnd;
    }

    private static Optional<TrackFragment> track(MediaSegment file, int id) {
        return file.tracks().stream().filter(track -> track.trackId() == id).findFirst();
    }

    private void checkVideoTimes(String uri, TrackFragment video) {
        long start = video.baseDecodeTime();
        boolean follows = isPartStart ? start >= videoEnd : start == videoEnd;
        findings.unless(follows, uri + ": video begins at " + start + " where " + videoEnd + " is due");
        findings.unless(
                !isFirstPart || !isPartStart || start == 0, uri + ": the recording begins at " + start + ", not at 0");
        findings.unless(
                video.samples().stream().allMatch(sample -> sample.duration() == TickRate.UNITS_A_TICK),
                uri + ": a frame does not last one tick");
    }

    private void checkLength(MediaPlaylist.Segment listed, int ticks, boolean isPartEnd) {
        Duration actual = rate.duration(ticks);
        long apartNanos = actual.minus(listed.duration()).abs().toNanos();
        findings.unless(apartNanos <= 10_000, listed.uri() + ": lasts " + actual + ", listed as " + listed.duration());
        boolean mayDiffer = isPartEnd || (isPartStart && !isFirstPart);
        findings.unless(
                mayDiffer || ticks == gopTicks, listed.uri() + ": has " + ticks + " frames instead of " + gopTicks);
    }

    private void checkPictures(String uri, List<Sample> pictures) {
        findings.unless(!pictures.isEmpty() && pictures.getFirst().isSync(), uri + ": does not begin with an IDR");
        for (int i = 0; i < pictures.size(); i++) {
            Sample picture = pictures.get(i);
            List<ByteBuffer> nals = AnnexB.fromLengthPrefixed(picture.data());
            boolean isIdr = nals != null && nals.stream().anyMatch(nal -> AnnexB.nalType(nal) == IDR);
            findings.unless(nals != null && !nals.isEmpty(), uri + ": frame " + i + " is no list of NAL units");
            findings.unless(isIdr == picture.isSync(), uri + ": frame " + i + " is marked otherwise than it is coded");
        }
    }

    private void checkAudio(String uri, Optional<TrackFragment> audio, long videoStart, boolean isPartEnd) {
        if (audio.isEmpty()) {
            findings.unless(isPartEnd, uri + ": no audio");
            return;
        }
        long start = audio.get().baseDecodeTime();
        if (isPartStart) {
            long late = start - samplesAt(videoStart);
            findings.unless(
                    late >= 0 && late <= Segmenter.SAMPLES_A_FRAME,
                    uri + ": audio begins " + late + " samples after video");
        } else {
            findings.unless(start == audioEnd, uri + ": audio begins at " + start + " where " + audioEnd + " is due");
        }
        findings.unless(
                audio.get().samples().stream().allMatch(sample -> sample.duration() == Segmenter.SAMPLES_A_FRAME),
                uri + ": an audio frame does not last " + Segmenter.SAMPLES_A_FRAME + " samples");
        audioEnd = start + audio.get().duration();
        long beyond = audioEnd - samplesAt(videoEnd);
        findings.unless(
                beyond < Segmenter.SAMPLES_A_FRAME && (beyond >= 0 || isPartEnd),
                uri + ": audio ends " + beyond + " samples after video");
    }

    private long samplesAt(long videoUnits) {
        return rate.firstSampleAt(videoUnits / TickRate.UNITS_A_TICK);
    }
}
