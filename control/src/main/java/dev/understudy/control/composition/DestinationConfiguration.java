package dev.understudy.control.composition;

import dev.understudy.control.api.ApiException;
import java.util.List;
import java.util.Optional;

/** Where a composition goes, as answers show it: exactly one of the two is there, with every default filled in. */
public record DestinationConfiguration(String name, Optional<Channel> channel, Optional<S3> s3) {
    private static final int DEFAULT_SEGMENT_SECONDS = 2;
    private static final int DEFAULT_THUMBNAIL_SECONDS = 60;

    /** What a request may leave out. */
    public record Asked(Optional<String> name, Optional<Channel> channel, Optional<S3.Asked> s3) {}

    /** A broadcast to a channel; without encoder configuration in the default picture. */
    public record Channel(String channelArn, Optional<String> encoderConfigurationArn) {}

    /** A recording. */
    public record S3(
            String storageConfigurationArn,
            List<String> encoderConfigurationArns,
            RecordingConfiguration recordingConfiguration,
            Optional<List<Thumbnails>> thumbnailConfigurations) {

        public record Asked(
                String storageConfigurationArn,
                List<String> encoderConfigurationArns,
                Optional<RecordingConfiguration.Asked> recordingConfiguration,
                List<Thumbnails.Asked> thumbnailConfigurations) {}

        static S3 of(S3.Asked asked) {
            var thumbnails =
                    asked.thumbnailConfigurations().stream().map(Thumbnails::of).toList();
            return new S3(
                    asked.storageConfigurationArn(),
                    asked.encoderConfigurationArns(),
                    RecordingConfiguration.of(asked.recordingConfiguration()),
                    thumbnails.isEmpty() ? Optional.empty() : Optional.of(thumbnails));
        }

        /** The only one there may be. */
        String encoderConfigurationArn() {
            return encoderConfigurationArns.getFirst();
        }
    }

    public record RecordingConfiguration(HlsConfiguration hlsConfiguration, String format) {
        public record Asked(Optional<HlsConfiguration.Asked> hlsConfiguration, Optional<String> format) {}

        static RecordingConfiguration of(Optional<RecordingConfiguration.Asked> asked) {
            int segmentSeconds = asked.flatMap(RecordingConfiguration.Asked::hlsConfiguration)
                    .flatMap(HlsConfiguration.Asked::targetSegmentDurationSeconds)
                    .orElse(DEFAULT_SEGMENT_SECONDS);
            return new RecordingConfiguration(
                    new HlsConfiguration(segmentSeconds),
                    asked.flatMap(RecordingConfiguration.Asked::format).orElse("HLS"));
        }
    }

    public record HlsConfiguration(int targetSegmentDurationSeconds) {
        public record Asked(Optional<Integer> targetSegmentDurationSeconds) {}
    }

    /**
     * Pictures beside the video.
     *
     * @param storage SEQUENTIAL, LATEST or both
     */
    public record Thumbnails(int targetIntervalSeconds, List<String> storage) {
        public record Asked(Optional<Integer> targetIntervalSeconds, List<String> storage) {}

        static Thumbnails of(Thumbnails.Asked asked) {
            return new Thumbnails(
                    asked.targetIntervalSeconds().orElse(DEFAULT_THUMBNAIL_SECONDS),
                    asked.storage().isEmpty() ? List.of("SEQUENTIAL") : asked.storage());
        }
    }

    static DestinationConfiguration of(DestinationConfiguration.Asked asked) {
        if (asked.channel().isPresent() == asked.s3().isPresent()) {
            throw ApiException.invalid("destinations", "must have exactly one of channel and s3 in each element");
        }
        return new DestinationConfiguration(
                asked.name().orElse(""), asked.channel(), asked.s3().map(S3::of));
    }

    /** One destination, or two of different kinds. */
    static List<DestinationConfiguration> of(List<DestinationConfiguration.Asked> asked) {
        List<DestinationConfiguration> destinations =
                asked.stream().map(DestinationConfiguration::of).toList();
        long recordings = destinations.stream().filter(d -> d.s3().isPresent()).count();
        if (recordings > 1 || destinations.size() - recordings > 1) {
            throw ApiException.invalid("destinations", "must have at most one channel and at most one s3");
        }
        return destinations;
    }

    /** Empty for a channel that is to get the default picture. */
    Optional<String> encoderConfigurationArn() {
        return channel.flatMap(Channel::encoderConfigurationArn).or(() -> s3.map(S3::encoderConfigurationArn));
    }
}
