package dev.understudy.control.stage;

import java.util.List;
import java.util.Optional;

/**
 * How a stage records each of its participants, as answers show it, with every default filled in.
 *
 * @param storageConfigurationArn {@code ""} while participants are not recorded
 * @param mediaTypes exactly one of AUDIO_VIDEO, AUDIO_ONLY and NONE
 */
public record AutoParticipantRecordingConfiguration(
        String storageConfigurationArn,
        List<String> mediaTypes,
        ThumbnailConfiguration thumbnailConfiguration,
        int recordingReconnectWindowSeconds,
        HlsConfiguration hlsConfiguration,
        boolean recordParticipantReplicas) {

    /** What a request may leave out. */
    public record Asked(
            String storageConfigurationArn,
            List<String> mediaTypes,
            Optional<ThumbnailConfiguration.Asked> thumbnailConfiguration,
            Optional<Integer> recordingReconnectWindowSeconds,
            Optional<HlsConfiguration.Asked> hlsConfiguration,
            Optional<Boolean> recordParticipantReplicas) {

        /** Nobody is recorded. Asking for no storage resets all else, whatever it says. */
        static final AutoParticipantRecordingConfiguration.Asked NOTHING =
                new AutoParticipantRecordingConfiguration.Asked(
                        "", List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Pictures beside the recording.
     *
     * @param storage SEQUENTIAL, LATEST or both
     * @param recordingMode INTERVAL or DISABLED
     */
    public record ThumbnailConfiguration(int targetIntervalSeconds, List<String> storage, String recordingMode) {
        public record Asked(
                Optional<Integer> targetIntervalSeconds, List<String> storage, Optional<String> recordingMode) {
            static final ThumbnailConfiguration.Asked NOTHING =
                    new ThumbnailConfiguration.Asked(Optional.empty(), List.of(), Optional.empty());
        }

        static ThumbnailConfiguration of(ThumbnailConfiguration.Asked asked) {
            return new ThumbnailConfiguration(
                    asked.targetIntervalSeconds().orElse(60),
                    orDefault(asked.storage(), "SEQUENTIAL"),
                    asked.recordingMode().orElse("DISABLED"));
        }
    }

    public record HlsConfiguration(int targetSegmentDurationSeconds) {
        public record Asked(Optional<Integer> targetSegmentDurationSeconds) {}
    }

    static AutoParticipantRecordingConfiguration of(AutoParticipantRecordingConfiguration.Asked wish) {
        AutoParticipantRecordingConfiguration.Asked asked =
                wish.storageConfigurationArn().isEmpty() ? AutoParticipantRecordingConfiguration.Asked.NOTHING : wish;
        return new AutoParticipantRecordingConfiguration(
                asked.storageConfigurationArn(),
                orDefault(asked.mediaTypes(), "AUDIO_VIDEO"),
                ThumbnailConfiguration.of(asked.thumbnailConfiguration().orElse(ThumbnailConfiguration.Asked.NOTHING)),
                asked.recordingReconnectWindowSeconds().orElse(0),
                new HlsConfiguration(asked.hlsConfiguration()
                        .flatMap(HlsConfiguration.Asked::targetSegmentDurationSeconds)
                        .orElse(6)),
                asked.recordParticipantReplicas().orElse(true));
    }

    private static List<String> orDefault(List<String> values, String value) {
        return values.isEmpty() ? List.of(value) : values;
    }
}
