package dev.understudy.media.record;

import dev.understudy.media.codec.AnnexB;
import dev.understudy.media.codec.AudioSpecificConfig;
import dev.understudy.media.codec.Sps;
import dev.understudy.protocol.mp4.AudioTrack;
import dev.understudy.protocol.mp4.AvcConfiguration;
import dev.understudy.protocol.mp4.InitSegment;
import dev.understudy.protocol.mp4.VideoTrack;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The recording of one composition: encoded frames go in, and the files that Amazon IVS would write come out.
 *
 * <pre>
 * started --> (codecConfig, video, audio)* --> ended | failed
 *                  ^               |
 *                  +---- seam <----+   the worker died; another one goes on at a later tick
 * </pre>
 *
 * <p>Times in the files count from the recording's first tick, across seams too, so that what is missing there is a hole
 * and nothing shifts. A recording that its node left behind goes on by {@link RecordingResume}.
 *
 * <p>Frames that do not follow one another, or that no player could decode, are refused by {@link
 * IllegalArgumentException}: the worker that made them is broken. Nothing of the recording is lost; kill the worker and
 * call {@link #seam}. Sans-IO; confined to one thread.
 */
public final class CompositeRecording {
    private static final int IDR = 5;

    private final RecordingSpec spec;
    private final TickRate rate;
    private final FileSink sink;
    private final RecordingDocuments documents;
    private final Publication publication;

    private Optional<Instant> startedAt;
    private boolean isOver;
    private Segmenter segmenter;
    private @Nullable InitSegment init;

    /** A tick, and when it was due. */
    private long anchorTick;

    private Instant anchorAt;

    /** The tick whose decode time is 0, once there is a frame. */
    private Optional<Long> originTick = Optional.empty();

    /** Behind the last audio sample that is in a file. */
    private long publishedSamples = Long.MIN_VALUE;

    /**
     * A recording of which nothing is written yet.
     *
     * @param epoch when tick 0 is due
     */
    public CompositeRecording(RecordingSpec spec, Instant epoch, FileSink sink) {
        this(spec, epoch, sink, new Publication(spec, sink), Optional.empty());
    }

    CompositeRecording(
            RecordingSpec spec, Instant epoch, FileSink sink, Publication publication, Optional<Instant> startedAt) {
        this.spec = spec;
        this.rate = spec.ticks();
        this.sink = sink;
        this.documents = RecordingDocuments.of(spec);
        this.publication = publication;
        this.startedAt = startedAt;
        this.anchorAt = epoch;
        this.segmenter = new Segmenter(rate, spec.targetSeconds(), 0, Long.MIN_VALUE);
    }

    /** Says that recording has begun. Not needed again after a resume. */
    public void started(Instant at) {
        startedAt = Optional.of(at);
        sink.put(spec.prefix() + "/" + RecordingDocuments.STARTED, documents.started(at));
    }

    /**
     * What decodes the frames that follow; may be given again, and where it differs from before, at the next IDR, a new
     * part begins. The bytes are copied.
     *
     * @param sps one NAL unit, no start code
     * @param pps one NAL unit, no start code
     */
    public void codecConfig(ByteBuffer sps, ByteBuffer pps, ByteBuffer audioSpecificConfig) {
        Sps picture = Sps.parse(sps);
        AudioSpecificConfig sound = AudioSpecificConfig.parse(audioSpecificConfig);
        if (picture == null || !pps.hasRemaining() || sound == null) {
            throw new IllegalArgumentException("malformed codec configuration");
        }
        if (picture.width() != spec.width() || picture.height() != spec.height()) {
            throw new IllegalArgumentException("video of " + picture.width() + "x" + picture.height() + " where "
                    + spec.width() + "x" + spec.height() + " was asked for");
        }
        if (sound.sampleRate() != TickRate.SAMPLES_A_SECOND) {
            throw new IllegalArgumentException("audio of " + sound.sampleRate() + " Hz");
        }
        var avc = new AvcConfiguration(
                copy(sps), copy(pps), picture.chromaFormat(), picture.bitDepthLuma(), picture.bitDepthChroma());
        init = new InitSegment(
                new VideoTrack(rate.timescale(), spec.width(), spec.height(), avc),
                new AudioTrack(
                        sound.sampleRate(), sound.channels(), copy(audioSpecificConfig), spec.audioBitsPerSecond()));
    }

    /**
     * Takes the picture of a tick. Ticks come without a gap, from the first IDR to the next {@link #seam}.
     *
     * @param accessUnit NAL units, each behind its length in four bytes; no parameter sets; copied
     */
    public void video(long tick, boolean isIdr, ByteBuffer accessUnit) {
        requireRunning();
        if (init == null) {
            throw new IllegalArgumentException("frame of tick " + tick + " before any codec configuration");
        }
        requirePicture(tick, isIdr, accessUnit);
        segmenter.add(new Segmenter.VideoFrame(tick, isIdr, copy(accessUnit), init));
        if (originTick.isEmpty()) {
            originTick = Optional.of(tick - publication.listedTicks());
        }
        publish();
    }

    /**
     * Takes one AAC frame of 1024 samples. Frames come without a gap until the next {@link #seam}; what lies before the
     * first tick is left out.
     *
     * @param samplePosition of its first sample, on the clock that has tick k at sample k × 48 000 ÷ fps
     * @param frame copied
     */
    public void audio(long samplePosition, ByteBuffer frame) {
        requireRunning();
        if (!frame.hasRemaining()) {
            throw new IllegalArgumentException("empty audio frame at sample " + samplePosition);
        }
        segmenter.add(new Segmenter.AudioFrame(samplePosition, copy(frame)));
        publish();
    }

    /**
     * Closes the open segment at the last frame that came, because the encoder died; a new part begins with the next.
     *
     * @param nextTick the earliest tick that can follow
     * @param at when {@code nextTick} is due
     */
    public void seam(long nextTick, Instant at) {
        requireRunning();
        if (nextTick < segmenter.nextTick()) {
            throw new IllegalArgumentException("seam back to tick " + nextTick + " from " + segmenter.nextTick());
        }
        segmenter.finish().forEach(this::publish);
        publication.endPart();
        anchorTick = nextTick;
        anchorAt = at;
        init = null;
        segmenter = new Segmenter(rate, spec.targetSeconds(), nextTick, publishedSamples);
    }

    /** Closes the open segment and the playlists, and says that recording is over. */
    public void ended(Instant at) {
        close();
        Instant began = startedAt.orElseThrow(() -> new IllegalStateException("ended before it was started"));
        put(RecordingDocuments.ENDED, documents.ended(began, at, duration()));
    }

    /**
     * Closes what there is, as {@link #ended} does, and says that it is not all there should be.
     *
     * @param reason shown to the customer as it is
     */
    public void failed(Instant at, String reason) {
        close();
        byte[] document = startedAt
                .map(began -> documents.failed(began, at, duration(), reason))
                .orElseGet(() -> documents.startFailed(at));
        put(RecordingDocuments.FAILED, document);
    }

    /** How much is in closed segments. */
    public Duration duration() {
        return publication.duration();
    }

    /** How many closed segments there are. */
    public int segments() {
        return publication.listedSegments();
    }

    private void close() {
        requireRunning();
        isOver = true;
        segmenter.finish().forEach(this::publish);
        publication.end();
    }

    private void publish() {
        for (Optional<Segmenter.Span> span = segmenter.poll(); span.isPresent(); span = segmenter.poll()) {
            publish(span.get());
        }
    }

    private void publish(Segmenter.Span span) {
        Instant startsAt = anchorAt.plus(rate.duration(span.startTick() - anchorTick));
        publication.add(span, originTick.orElseThrow(), startsAt);
        List<Segmenter.AudioFrame> audio = span.audio();
        if (!audio.isEmpty()) {
            publishedSamples = audio.getLast().position() + Segmenter.SAMPLES_A_FRAME;
        }
    }

    private void put(String path, byte[] content) {
        sink.put(spec.prefix() + "/" + path, content);
    }

    private void requireRunning() {
        if (isOver) {
            throw new IllegalStateException("the recording " + spec.prefix() + " is over");
        }
    }

    private static void requirePicture(long tick, boolean isIdr, ByteBuffer accessUnit) {
        List<ByteBuffer> nals = AnnexB.fromLengthPrefixed(accessUnit);
        if (nals == null || nals.isEmpty()) {
            throw new IllegalArgumentException("frame of tick " + tick + " is no list of NAL units");
        }
        if (nals.stream().anyMatch(nal -> AnnexB.nalType(nal) == IDR) != isIdr) {
            throw new IllegalArgumentException("frame of tick " + tick + (isIdr ? " has no IDR" : " is an IDR"));
        }
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
}
