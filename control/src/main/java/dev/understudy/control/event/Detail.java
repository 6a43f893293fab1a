package dev.understudy.control.event;

import java.time.Instant;
import java.util.Optional;

/**
 * What an event says beside where and when it happened: the {@code detail} of its envelope, member by member in snake
 * case. Members that are empty are left out.
 *
 * <p>AWS publishes most of the forms; what it leaves open is in docs/events.md.
 */
public sealed interface Detail {
    /** What a {@code reason} is cut to, so that no envelope is larger than a receiver takes. */
    int MAX_REASON_CHARS = 1_024;

    /** The {@code detail-type} of the envelope. */
    default String detailType() {
        return switch (this) {
            case StageUpdate _ -> "IVS Stage Update";
            case CompositionStateChange _ -> "IVS Composition State Change";
            case ParticipantRecordingStateChange _ -> "IVS Participant Recording State Change";
        };
    }

    /**
     * Something about a participant of a stage; the envelope's resource is the stage.
     *
     * @param eventName as in {@code Participant Published}
     * @param errorCode of a {@code Participant Publish Error}
     * @param destinationStageArn where a participant is replicated to, of a replication's events only
     * @param destinationSessionId of that stage
     */
    record StageUpdate(
            String sessionId,
            String eventName,
            Instant eventTime,
            String userId,
            String participantId,
            Optional<String> errorCode,
            Optional<String> destinationStageArn,
            Optional<String> destinationSessionId)
            implements Detail {

        public StageUpdate {
            eventTime = Envelope.shown(eventTime);
        }

        /** An event with what every event about a participant has, and nothing else. */
        public StageUpdate(String sessionId, String eventName, Instant eventTime, String userId, String participantId) {
            this(
                    sessionId,
                    eventName,
                    eventTime,
                    userId,
                    participantId,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /** The same for an error. */
        public StageUpdate withErrorCode(String code) {
            return new StageUpdate(
                    sessionId,
                    eventName,
                    eventTime,
                    userId,
                    participantId,
                    Optional.of(code),
                    destinationStageArn,
                    destinationSessionId);
        }

        /** The same for a replication to another stage. */
        public StageUpdate withDestination(String stageArn, String stageSessionId) {
            return new StageUpdate(
                    sessionId,
                    eventName,
                    eventTime,
                    userId,
                    participantId,
                    errorCode,
                    Optional.of(stageArn),
                    Optional.of(stageSessionId));
        }
    }

    /**
     * Something about a composition, which is the envelope's resource.
     *
     * @param eventName as in {@code Session Start} or {@code Destination Failure}
     * @param id of the destination, where it is about one
     * @param reason of a failure
     */
    record CompositionStateChange(String eventName, String stageArn, Optional<String> id, Optional<String> reason)
            implements Detail {

        public CompositionStateChange {
            reason = reason.map(text -> text.substring(0, Math.min(text.length(), MAX_REASON_CHARS)));
        }
    }

    /**
     * Something about the recording of one participant; the envelope's resource is the stage.
     *
     * @param eventName {@code Recording Start}, {@code Recording End}, {@code Recording Start Failure} or
     *     {@code Recording End Failure}
     * @param recordingDurationMs of a recording that has ended
     */
    record ParticipantRecordingStateChange(
            String sessionId,
            String eventName,
            String participantId,
            String recordingS3BucketName,
            String recordingS3KeyPrefix,
            Optional<Long> recordingDurationMs)
            implements Detail {}
}
