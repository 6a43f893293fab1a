package dev.understudy.server.worker;

import dev.understudy.media.link.LinkMessage;
import dev.understudy.media.link.LinkMessage.TrackKind;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides which RTP packets a full queue does without: whole access units only, and video before audio.
 *
 * <p>The decision falls with an access unit's first packet and holds for all of it, so that a decoder sees frames
 * missing and never half of one. Once video of a track is shed, it stays so until the queue has emptied to
 * {@link #RESUME_BYTES}; then the track needs a key frame. Packets of an older access unit are retransmissions and pass.
 *
 * <p>Holds no queue and no lock; confined to whoever owns it.
 */
final class RtpShedding {
    /** Two seconds of twelve publishers at 1.5 Mbit/s: more waiting would be too late to show. */
    static final int VIDEO_LIMIT_BYTES = 4 << 20;

    /** Leaves a minute of audio where video has filled the queue. */
    static final int AUDIO_LIMIT_BYTES = 6 << 20;

    /** Where even an access unit that was let in is cut short. */
    static final int HARD_LIMIT_BYTES = 8 << 20;

    static final int RESUME_BYTES = 1 << 20;

    private static final int TIMESTAMP_OFFSET = 4;

    /** What becomes of a packet. */
    enum Verdict {
        KEEP,
        DROP,
        /** Keep it, and ask for a key frame of its track, which is decodable again only from there. */
        RESUME
    }

    private static final class Track {
        private final int publisher;
        private final TrackKind kind;
        private boolean seen;
        private int timestamp;
        private boolean sheds;

        private Track(int publisher, TrackKind kind) {
            this.publisher = publisher;
            this.kind = kind;
        }
    }

    private final Map<Integer, Track> tracks = new HashMap<>();

    /** Learns of tracks; must see every message that is not RTP. */
    void observe(LinkMessage.ToWorker message) {
        switch (message) {
            case LinkMessage.AddTrack added -> tracks.put(added.track(), new Track(added.publisher(), added.kind()));
            case LinkMessage.RemoveTrack removed -> tracks.remove(removed.track());
            case LinkMessage.RemovePublisher removed ->
                tracks.values().removeIf(track -> track.publisher == removed.publisher());
            default -> {}
        }
    }

    /** How many tracks it knows. */
    int trackCount() {
        return tracks.size();
    }

    /**
     * What to do with a packet.
     *
     * @param queuedBytes how much waits already
     */
    Verdict judge(LinkMessage.Rtp rtp, int queuedBytes) {
        Track track = tracks.get(rtp.track());
        ByteBuffer packet = rtp.packet();
        if (track == null || packet.remaining() < TIMESTAMP_OFFSET + Integer.BYTES) {
            return Verdict.DROP;
        }
        int timestamp = packet.getInt(packet.position() + TIMESTAMP_OFFSET);
        boolean shedBefore = track.sheds;
        if (!track.seen || timestamp - track.timestamp > 0) {
            track.seen = true;
            track.timestamp = timestamp;
            track.sheds = sheds(track, queuedBytes);
        } else if (timestamp != track.timestamp) {
            return queuedBytes < VIDEO_LIMIT_BYTES ? Verdict.KEEP : Verdict.DROP;
        }
        if (track.sheds || queuedBytes > HARD_LIMIT_BYTES) {
            track.sheds = true;
            return Verdict.DROP;
        }
        return shedBefore && track.kind == TrackKind.VIDEO ? Verdict.RESUME : Verdict.KEEP;
    }

    private static boolean sheds(Track track, int queuedBytes) {
        return switch (track.kind) {
            case VIDEO -> queuedBytes > (track.sheds ? RESUME_BYTES : VIDEO_LIMIT_BYTES);
            case AUDIO -> queuedBytes > AUDIO_LIMIT_BYTES;
        };
    }
}
