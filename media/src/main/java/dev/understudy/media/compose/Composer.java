package dev.understudy.media.compose;

import dev.understudy.media.codec.Codecs;
import dev.understudy.media.link.LinkMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A worker's whole mind: link messages and time go in, link messages come out.
 *
 * <pre>
 *   RTP ──▶ Track ──▶ VideoQueue ──▶ decoder ──▶ Compositor ──▶ encoder ──▶ VideoFrame
 *             │  (PlayoutClock says when)            ▲
 *             │                                 Renderer: one tick after the other
 *             │                                      ▼
 *             └─────▶ AudioTrackBuffer ─────────▶ AudioMixer ──▶ encoder ──▶ AudioFrame
 * </pre>
 *
 * <p>Sans-IO: all times are nanoseconds of the node's clock. One call of {@link #elapsed} renders one tick at most, so
 * the caller, who reads the clock again between calls, shows the composer how far it lags. Confined to one thread. What
 * the codecs throw goes through: a composer that threw is of no more use.
 */
public final class Composer implements AutoCloseable {
    /** Takes messages for the node; their buffers are theirs. */
    public interface Outbox {
        void send(LinkMessage.ToNode message);
    }

    private final Codecs codecs;
    private final LongSupplier cpuNanos;
    private final Map<Integer, Publisher> publishers = new LinkedHashMap<>();
    private final Map<Integer, Publisher> publisherOfTrack = new LinkedHashMap<>();
    private final List<AudioTrack> leaving = new ArrayList<>();
    private Track.Counts countsOfGone = Track.Counts.NONE;
    private long strayPackets;
    private @Nullable Renderer renderer;

    /**
     * Waits for {@link LinkMessage.Configure}.
     *
     * @param cpuNanos CPU time of the whole process, for statistics
     */
    public Composer(Codecs codecs, LongSupplier cpuNanos) {
        this.codecs = codecs;
        this.cpuNanos = cpuNanos;
    }

    /**
     * Takes a message in. A {@link LinkMessage.Ping} is not for here: who owns the clock answers it.
     *
     * @throws IllegalStateException when the node does not keep to the order of messages
     */
    public void received(LinkMessage.ToWorker message, long nowNanos) {
        switch (message) {
            case LinkMessage.Configure m -> configure(m, nowNanos);
            case LinkMessage.AddPublisher m -> publishers.put(m.publisher(), new Publisher(m));
            case LinkMessage.RemovePublisher m -> removePublisher(m.publisher());
            case LinkMessage.AddTrack m -> addTrack(m, nowNanos);
            case LinkMessage.RemoveTrack m -> removeTrack(m.track());
            case LinkMessage.Rtp m -> receivedRtp(m);
            case LinkMessage.SenderReport m -> track(m.track()).ifPresent(track -> track.reported(m));
            case LinkMessage.Stop m -> configured().stopAfter(m.lastTick());
            case LinkMessage.Ping _ -> {}
        }
    }

    /** When {@link #elapsed} is to be called next, perhaps long past; {@link Long#MAX_VALUE} for never. */
    public long deadlineNanos() {
        if (renderer == null || renderer.isDrained()) {
            return Long.MAX_VALUE;
        }
        long request =
                videoTracks().mapToLong(VideoTrack::requestDeadlineNanos).min().orElse(Long.MAX_VALUE);
        return Math.min(request, renderer.deadlineNanos());
    }

    /** Lets time pass. Calling early, or once more, does no harm. */
    public void elapsed(long nowNanos, Outbox out) {
        if (renderer == null || renderer.isDrained()) {
            return;
        }
        requestKeyFrames(nowNanos, out);
        renderer.elapsed(nowNanos, publishers.values(), sounding(), out);
        leaving.removeIf(track -> track.buffer().isSilentForGood() && retire(track));
        if (renderer.isStatisticsDue(nowNanos)) {
            out.send(statistics(renderer));
        }
        if (renderer.takeDrained()) {
            out.send(statistics(renderer));
            out.send(new LinkMessage.Drained());
        }
    }

    /** Whether everything up to the last tick has been sent, and {@link LinkMessage.Drained} too. */
    public boolean isDrained() {
        return renderer != null && renderer.isDrained();
    }

    /** How often the encoder's preset was lowered because it could not keep up. */
    public int presetSteps() {
        return renderer == null ? 0 : renderer.presetSteps();
    }

    private void configure(LinkMessage.Configure configure, long nowNanos) {
        if (renderer != null) {
            throw new IllegalStateException("configured twice");
        }
        renderer = new Renderer(configure, codecs, nowNanos);
    }

    private Renderer configured() {
        if (renderer == null) {
            throw new IllegalStateException("not configured yet");
        }
        return renderer;
    }

    private void addTrack(LinkMessage.AddTrack track, long nowNanos) {
        Publisher publisher = publishers.get(track.publisher());
        if (publisher == null) {
            throw new IllegalStateException("track " + track.track() + " of unknown publisher " + track.publisher());
        }
        publisher.add(track, codecs, configured().playoutDelayNanos(), nowNanos);
        publisherOfTrack.put(track.track(), publisher);
    }

    private void removePublisher(int number) {
        Publisher publisher = publishers.remove(number);
        if (publisher != null) {
            List.copyOf(publisher.tracks().keySet()).forEach(this::removeTrack);
        }
    }

    /** Sound fades out for some milliseconds yet. */
    private void removeTrack(int number) {
        Publisher publisher = publisherOfTrack.remove(number);
        Track track = publisher == null ? null : publisher.remove(number);
        switch (track) {
            case AudioTrack audio -> {
                audio.buffer().leave();
                leaving.add(audio);
            }
            case VideoTrack video -> retire(video);
            case null -> {}
        }
    }

    private boolean retire(Track track) {
        countsOfGone = countsOfGone.plus(track.counts());
        track.close();
        return true;
    }

    private void receivedRtp(LinkMessage.Rtp rtp) {
        track(rtp.track()).ifPresentOrElse(track -> track.received(rtp), () -> strayPackets++);
    }

    private Optional<Track> track(int number) {
        return Optional.ofNullable(publisherOfTrack.get(number)).map(publisher -> publisher.track(number));
    }

    private Stream<VideoTrack> videoTracks() {
        return publishers.values().stream().flatMap(Publisher::videoTracks);
    }

    private Collection<AudioTrackBuffer> sounding() {
        Stream<Track> all = publishers.values().stream().flatMap(publisher -> publisher.tracks().values().stream());
        return Stream.concat(all, leaving.stream())
                .filter(AudioTrack.class::isInstance)
                .map(track -> ((AudioTrack) track).buffer())
                .toList();
    }

    private void requestKeyFrames(long nowNanos, Outbox out) {
        publishers
                .values()
                .forEach(publisher -> publisher.tracks().forEach((number, track) -> {
                    if (track instanceof VideoTrack video && video.takeKeyFrameRequest(nowNanos)) {
                        out.send(new LinkMessage.RequestKeyFrame(number));
                    }
                }));
    }

    private LinkMessage.Statistics statistics(Renderer renderer) {
        Track.Counts counts = Stream.concat(
                        publishers.values().stream().flatMap(publisher -> publisher.tracks().values().stream()),
                        leaving.stream())
                .map(Track::counts)
                .reduce(countsOfGone, Track.Counts::plus);
        return new LinkMessage.Statistics(
                cpuNanos.getAsLong(),
                renderer.ticksRendered(),
                renderer.ticksRepeated(),
                counts.framesDecoded(),
                counts.framesDamaged(),
                counts.concealedSamples(),
                counts.packetsDropped() + strayPackets);
    }

    /** Closes every codec. */
    @Override
    public void close() {
        List.copyOf(publishers.keySet()).forEach(this::removePublisher);
        leaving.forEach(this::retire);
        leaving.clear();
        if (renderer != null) {
            renderer.close();
        }
    }
}
