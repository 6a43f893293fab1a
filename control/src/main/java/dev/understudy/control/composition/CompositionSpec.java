package dev.understudy.control.composition;

import dev.understudy.control.configuration.Video;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that rendering a composition needs to know. Immutable.
 *
 * @param id the last part of {@code arn}
 * @param startedAt when it was asked for
 * @param isStopping whether what it has rendered is only to be finished; true after a restart only
 */
public record CompositionSpec(
        String arn,
        String id,
        String stageArn,
        Layout layout,
        List<Output> outputs,
        Instant startedAt,
        boolean isStopping) {

    public CompositionSpec {
        outputs = List.copyOf(outputs);
    }

    /** Where the pictures go. */
    public sealed interface Output {
        String destinationId();

        Video video();
    }

    /**
     * A recording.
     *
     * @param encoderConfigurationId names the folder of the rendition
     * @param recordingPrefix where in the bucket, without a slash at the end
     * @param segmentSeconds the target duration of a segment
     */
    public record Recording(
            String destinationId,
            String encoderConfigurationId,
            Video video,
            String bucketName,
            String recordingPrefix,
            int segmentSeconds,
            Optional<DestinationConfiguration.Thumbnails> thumbnails)
            implements Output {}

    /** A broadcast to a channel. */
    public record Broadcast(String destinationId, Video video, String channelArn) implements Output {}

    /** The recording, where there is one. */
    public Optional<Recording> recording() {
        return outputs.stream()
                .filter(Recording.class::isInstance)
                .map(Recording.class::cast)
                .findFirst();
    }
}
