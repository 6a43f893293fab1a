package dev.understudy.media.compose;

import java.util.ArrayList;
import java.util.List;

/**
 * What the tracks of one publisher share: the distance from their sender's wall clock to the node's clock, by which
 * picture and sound that were captured together are played together.
 */
final class PublisherClock {
    /** Tracks farther apart do not report the same wall clock, or one of them has just set it: each goes by its own. */
    private static final long MAX_APART_NANOS = 1_000_000_000L;

    private final List<PlayoutClock> tracks = new ArrayList<>();

    /** Bounded by the tracks that the node adds, which are few. */
    void add(PlayoutClock track) {
        tracks.add(track);
    }

    void remove(PlayoutClock track) {
        tracks.remove(track);
    }

    /** The smallest distance that any of the tracks has seen, which is the one least disturbed by the way. */
    long offsetNanos(PlayoutClock asking) {
        long own = asking.ownOffsetNanos();
        if (!asking.hasReports()) {
            return own;
        }
        return tracks.stream()
                .filter(track -> sharesWith(track, own))
                .mapToLong(PlayoutClock::ownOffsetNanos)
                .min()
                .orElse(own);
    }

    /** How many tracks have reports; when it changes, {@link #offsetNanos} may leap. */
    int reporting() {
        return (int) tracks.stream().filter(PlayoutClock::hasReports).count();
    }

    private static boolean sharesWith(PlayoutClock track, long own) {
        return track.hasReports() && track.hasPackets() && Math.abs(track.ownOffsetNanos() - own) <= MAX_APART_NANOS;
    }
}
