package dev.understudy.protocol.mp4;

import java.util.List;

/**
 * The samples of one track in one media segment.
 *
 * @param baseDecodeTime of the first sample, in units of the track's timescale
 */
public record TrackFragment(int trackId, long baseDecodeTime, List<Sample> samples) {
    public TrackFragment {
        if (baseDecodeTime < 0) {
            throw new IllegalArgumentException("fragment of track " + trackId + " at " + baseDecodeTime);
        }
        samples = List.copyOf(samples);
    }

    /** In units of the track's timescale. */
    public long duration() {
        return samples.stream().mapToLong(Sample::duration).sum();
    }

    int dataBytes() {
        return samples.stream().mapToInt(sample -> sample.data().remaining()).reduce(0, Math::addExact);
    }
}
