package dev.understudy.media.record;

/**
 * What is recorded, and where to.
 *
 * @param prefix of every key: {@code <stageId>/<compositionId>/<destinationId>/composite}, no slash at the end
 * @param rendition the folder of the one rendition: {@code <height>p<fps>-<12 characters>}
 * @param framesPerSecond need not be whole
 * @param width in pixels
 * @param height in pixels
 * @param videoBitsPerSecond what the encoder was told
 * @param audioBitsPerSecond what the encoder was told
 * @param targetSeconds of a segment, 2 to 10
 * @param stageArn of the stage that is recorded
 */
public record RecordingSpec(
        String prefix,
        String rendition,
        double framesPerSecond,
        int width,
        int height,
        int videoBitsPerSecond,
        int audioBitsPerSecond,
        int targetSeconds,
        String stageArn) {
    public RecordingSpec {
        if (prefix.isEmpty() || prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException("recording prefix that is empty or has a slash at an end: " + prefix);
        }
        if (targetSeconds < 2 || targetSeconds > 10) {
            throw new IllegalArgumentException("segments of " + targetSeconds + " s, not of 2 to 10");
        }
    }

    TickRate ticks() {
        return TickRate.of(framesPerSecond);
    }
}
