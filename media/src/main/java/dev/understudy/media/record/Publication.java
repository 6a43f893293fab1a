package dev.understudy.media.record;

import dev.understudy.media.codec.AudioSpecificConfig;
import dev.understudy.media.codec.Sps;
import dev.understudy.protocol.hls.MediaPlaylist;
import dev.understudy.protocol.hls.MultivariantPlaylist;
import dev.understudy.protocol.hls.MultivariantPlaylist.Variant;
import dev.understudy.protocol.mp4.AudioTrack;
import dev.understudy.protocol.mp4.InitSegment;
import dev.understudy.protocol.mp4.MediaSegment;
import dev.understudy.protocol.mp4.Sample;
import dev.understudy.protocol.mp4.TrackFragment;
import dev.understudy.protocol.mp4.VideoTrack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of one rendition in an order in which a player never finds a name without its file: initialization
 * segment, segment, media playlist, and the multivariant playlist once the first segment is listed. Confined to one
 * thread.
 */
final class Publication {
    private final RecordingSpec spec;
    private final TickRate rate;
    private final FileSink sink;
    private final List<MediaPlaylist.Part> closedParts = new ArrayList<>();
    private final boolean isResumed;
    private MediaPlaylist.@Nullable Part openPart;
    private @Nullable InitSegment openInit;
    private @Nullable InitSegment lastInit;
    private long listedTicks;
    private int listedSegments;
    private boolean isInMultivariant;

    /** Of the segments written here. */
    private final BandwidthMeter bandwidth;

    Publication(RecordingSpec spec, FileSink sink) {
        this.spec = spec;
        this.rate = spec.ticks();
        this.sink = sink;
        this.isResumed = false;
        this.bandwidth = new BandwidthMeter(spec.targetSeconds());
    }

    /**
     * Goes on after the segments of {@code playlist}.
     *
     * @param lastInit of its last part, if that could be read
     */
    Publication(RecordingSpec spec, FileSink sink, MediaPlaylist playlist, Optional<InitSegment> lastInit) {
        this.spec = spec;
        this.rate = spec.ticks();
        this.sink = sink;
        this.isResumed = true;
        this.bandwidth = new BandwidthMeter(spec.targetSeconds());
        this.lastInit = lastInit.orElse(null);
        closedParts.addAll(playlist.parts());
        for (MediaPlaylist.Part part : closedParts) {
            listedSegments += part.segments().size();
            part.segments().forEach(segment -> listedTicks += rate.ticksIn(segment.duration()));
        }
    }

    /** All that is listed, earlier lives of the recording included. */
    long listedTicks() {
        return listedTicks;
    }

    int listedSegments() {
        return listedSegments;
    }

    Duration duration() {
        return rate.duration(listedTicks);
    }

    /**
     * Writes a segment and lists it.
     *
     * @param originTick the tick whose decode time is 0
     * @param startsAt when its first tick was due
     */
    void add(Segmenter.Span span, long originTick, Instant startsAt) {
        InitSegment init = span.video().getFirst().init();
        MediaPlaylist.Part part = openPart != null && init.equals(openInit) ? openPart : begin(init, startsAt);
        String uri = listedSegments + ".mp4";
        byte[] file = segment(span, originTick).bytes();
        put(uri, file);
        Duration duration = rate.duration(span.endTick() - span.startTick());
        List<MediaPlaylist.Segment> segments = new ArrayList<>(part.segments());
        segments.add(new MediaPlaylist.Segment(uri, duration));
        openPart = new MediaPlaylist.Part(part.initUri(), part.startsAt(), segments);
        listedSegments++;
        listedTicks += span.endTick() - span.startTick();
        bandwidth.add(file.length, duration);
        put(RecordingDocuments.PLAYLIST, text(playlist(false)));
        if (!isInMultivariant) {
            putMultivariant(init, nominalBitsPerSecond(), OptionalLong.empty());
            isInMultivariant = true;
        }
    }

    private MediaPlaylist.Part begin(InitSegment init, Instant startsAt) {
        endPart();
        String uri = "init-" + closedParts.size() + ".mp4";
        put(uri, init.bytes());
        openInit = init;
        lastInit = init;
        return new MediaPlaylist.Part(uri, startsAt, List.of());
    }

    /** What follows begins a new part. */
    void endPart() {
        if (openPart != null) {
            closedParts.add(openPart);
            openPart = null;
        }
    }

    /** Turns the playlist into one on demand and says how much bandwidth it takes. Nothing if no segment is listed. */
    void end() {
        if (listedSegments == 0) {
            return;
        }
        put(RecordingDocuments.PLAYLIST, text(playlist(true)));
        if (lastInit == null) {
            return;
        }
        // Segments of an earlier life were measured there, and may be heavier than those of this one.
        long peak = isResumed
                ? Math.max(nominalBitsPerSecond(), bandwidth.peakBitsPerSecond())
                : bandwidth.peakBitsPerSecond();
        OptionalLong average =
                bandwidth.isEmpty() ? OptionalLong.empty() : OptionalLong.of(bandwidth.averageBitsPerSecond());
        putMultivariant(lastInit, peak, average);
    }

    private long nominalBitsPerSecond() {
        return (long) spec.videoBitsPerSecond() + spec.audioBitsPerSecond();
    }

    private MediaPlaylist playlist(boolean ended) {
        List<MediaPlaylist.Part> parts = new ArrayList<>(closedParts);
        if (openPart != null) {
            parts.add(openPart);
        }
        return new MediaPlaylist(spec.targetSeconds(), parts, ended);
    }

    private void putMultivariant(InitSegment init, long bandwidth, OptionalLong average) {
        String uri = spec.rendition() + "/" + RecordingDocuments.PLAYLIST;
        Variant variant =
                new Variant(uri, bandwidth, average, spec.width(), spec.height(), rate.framesPerSecond(), codecs(init));
        String key = spec.prefix() + "/" + RecordingDocuments.HLS_FOLDER + "/" + RecordingDocuments.MULTIVARIANT;
        sink.put(key, text(new MultivariantPlaylist(List.of(variant)).text()));
    }

    static String codecs(InitSegment init) {
        Sps sps = Objects.requireNonNull(Sps.parse(init.video().avc().sps()), "SPS");
        var audio =
                Objects.requireNonNull(AudioSpecificConfig.parse(init.audio().specificConfig()), "AudioSpecificConfig");
        return sps.codec() + "," + audio.codec();
    }

    private MediaSegment segment(Segmenter.Span span, long originTick) {
        List<Sample> video = span.video().stream()
                .map(frame -> new Sample(frame.lengthPrefixed(), TickRate.UNITS_A_TICK, frame.isIdr()))
                .toList();
        List<Sample> audio = span.audio().stream()
                .map(frame -> new Sample(frame.data(), Segmenter.SAMPLES_A_FRAME, true))
                .toList();
        long videoTime = (span.startTick() - originTick) * TickRate.UNITS_A_TICK;
        long audioTime =
                span.audio().isEmpty() ? 0 : span.audio().getFirst().position() - rate.firstSampleAt(originTick);
        return new MediaSegment(
                listedSegments + 1L,
                List.of(
                        new TrackFragment(VideoTrack.ID, videoTime, video),
                        new TrackFragment(AudioTrack.ID, audioTime, audio)));
    }

    private void put(String name, byte[] content) {
        sink.put(spec.prefix() + "/" + RecordingDocuments.HLS_FOLDER + "/" + spec.rendition() + "/" + name, content);
    }

    private static byte[] text(MediaPlaylist playlist) {
        return text(playlist.text());
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
