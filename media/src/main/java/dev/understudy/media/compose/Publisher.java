package dev.understudy.media.compose;

import dev.understudy.media.codec.Codecs;
import dev.understudy.media.link.LinkMessage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One participant who publishes: a name, a clock shared by its tracks, and the tracks. */
final class Publisher {
    private final LinkMessage.AddPublisher added;
    private final PublisherClock clock = new PublisherClock();
    private final Map<Integer, Track> tracks = new LinkedHashMap<>();
    private boolean hasBeenShown;

    Publisher(LinkMessage.AddPublisher added) {
        this.added = added;
    }

    int number() {
        return added.publisher();
    }

    void add(LinkMessage.AddTrack track, Codecs codecs, long delayNanos, long nowNanos) {
        boolean isVideo = track.kind() == LinkMessage.TrackKind.VIDEO;
        PlayoutClock playout = new PlayoutClock(track.clockRateHz(), delayNanos, isVideo, clock);
        Track made = isVideo
                ? new VideoTrack(codecs, playout, clock, track.parameterSets(), nowNanos)
                : new AudioTrack(codecs, playout, clock);
        tracks.put(track.track(), made);
    }

    /** The track, no longer this publisher's; null when it is not. */
    @Nullable
    Track remove(int track) {
        return tracks.remove(track);
    }

    @Nullable
    Track track(int track) {
        return tracks.get(track);
    }

    Map<Integer, Track> tracks() {
        return tracks;
    }

    Stream<VideoTrack> videoTracks() {
        return tracks.values().stream().filter(VideoTrack.class::isInstance).map(VideoTrack.class::cast);
    }

    /** The tile as it is now: the newest of the tracks that show something. */
    Tile tile() {
        Optional<VideoTrack> shown =
                videoTracks().filter(track -> track.picture() != null).reduce((_, newer) -> newer);
        return new Tile(
                added.publisher(),
                added.participantId(),
                added.userId(),
                shown.map(track ->
                        new Tile.Video(Objects.requireNonNull(track.picture()), track.scaler(), track.isFresh())));
    }

    /** Whether its video is in the picture for the first time; says so once. */
    boolean takeFirstShown() {
        boolean isFirst = !hasBeenShown && videoTracks().anyMatch(track -> track.picture() != null);
        hasBeenShown |= isFirst;
        return isFirst;
    }
}
