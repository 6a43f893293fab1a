package dev.understudy.media.record;

import java.util.List;

/**
 * What a recording turned out to be.
 *
 * @param width in pixels; 0 where it could not be read
 * @param height in pixels; 0 where it could not be read
 * @param durationSeconds of all listed segments
 * @param segments how many are listed
 * @param discontinuities places where a new part begins
 * @param findings what is not as it should be, in words; empty for a sound recording
 */
public record RecordingReport(
        int width,
        int height,
        double framesPerSecond,
        double durationSeconds,
        int segments,
        int discontinuities,
        List<String> findings) {
    public RecordingReport {
        findings = List.copyOf(findings);
    }

    public boolean isSound() {
        return findings.isEmpty();
    }
}
