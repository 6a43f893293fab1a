package dev.understudy.media.ingest;

import dev.understudy.media.link.LinkMessage.TrackKind;
import java.nio.ByteBuffer;

/**
 * What a publisher sends on one of its media sections. Immutable.
 *
 * @param clockRateHz of RTP timestamps: 90 000 or 48 000
 * @param channels of audio, 1 or 2; 0 for video
 * @param parameterSets SPS and PPS in Annex B form as signalled in SDP; empty where they come in band. Read-only
 */
public record Track(TrackKind kind, int clockRateHz, int channels, ByteBuffer parameterSets) {
    public Track {
        if (clockRateHz <= 0) {
            throw new IllegalArgumentException("clock rate of " + clockRateHz + " Hz");
        }
        parameterSets = parameterSets.asReadOnlyBuffer();
    }

    public static Track audio(int channels) {
        return new Track(TrackKind.AUDIO, 48_000, channels, ByteBuffer.allocate(0));
    }

    public static Track video(ByteBuffer parameterSets) {
        return new Track(TrackKind.VIDEO, 90_000, 0, parameterSets);
    }

    /** Between position and limit; a view of the caller's own. */
    @Override
    public ByteBuffer parameterSets() {
        return parameterSets.duplicate();
    }
}
