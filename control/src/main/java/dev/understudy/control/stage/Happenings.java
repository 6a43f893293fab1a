package dev.understudy.control.stage;

import dev.understudy.control.event.Detail.ParticipantRecordingStateChange;
import dev.understudy.control.event.Detail.StageUpdate;
import dev.understudy.control.event.Outbox;
import dev.understudy.control.stage.EventRows.EventRow;
import dev.understudy.control.stage.ParticipantRows.ParticipantRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Tells what happened to participants: to ListParticipantEvents, and to the receivers of events what concerns those.
 *
 * <p>Thread-safe. Every method runs in its caller's transaction.
 */
final class Happenings {
    private final Outbox outbox;

    Happenings(Outbox outbox) {
        this.outbox = outbox;
    }

    /** What happens to a replica is told to receivers by what happens to its source. */
    void tell(Handle handle, ParticipantRow participant, EventRow event) {
        EventRows.insert(handle, participant.sessionId(), event);
        if (participant.source().isEmpty()) {
            eventName(event.name())
                    .map(name -> update(participant, name, event))
                    .ifPresent(update -> outbox.add(handle, event.happenedAt(), stage(handle, participant), update));
        }
    }

    private static Optional<String> eventName(EventName name) {
        return switch (name) {
            case PUBLISH_STARTED -> Optional.of("Participant Published");
            case PUBLISH_STOPPED -> Optional.of("Participant Unpublished");
            case PUBLISH_ERROR -> Optional.of("Participant Publish Error");
            case REPLICATION_STARTED -> Optional.of("Participant Replication Started");
            case REPLICATION_STOPPED -> Optional.of("Participant Replication Ended");
            case JOINED, LEFT, SUBSCRIBE_STARTED, SUBSCRIBE_STOPPED, SUBSCRIBE_ERROR, JOIN_ERROR, TOKEN_EXCHANGED ->
                Optional.empty();
        };
    }

    private static StageUpdate update(ParticipantRow participant, String name, EventRow event) {
        return new StageUpdate(
                participant.sessionId(),
                name,
                event.happenedAt(),
                participant.userId(),
                participant.id(),
                event.errorCode().map(EventErrorCode::name),
                event.detail().destinationStageArn(),
                event.detail().destinationSessionId());
    }

    /**
     * The recording of a participant, which was as {@code participant} says, has become {@code next}.
     *
     * @param length of what has been recorded, once it has ended
     */
    void tell(
            Handle handle,
            ParticipantRow participant,
            ParticipantRecording next,
            Optional<Duration> length,
            Instant at) {
        recordingEventName(participant.recording().state(), next.state())
                .map(name -> new ParticipantRecordingStateChange(
                        participant.sessionId(),
                        name,
                        participant.id(),
                        next.bucketName(),
                        next.prefix(),
                        length.map(Duration::toMillis)))
                .ifPresent(change -> outbox.add(handle, at, stage(handle, participant), change));
    }

    private static Optional<String> recordingEventName(RecordingState before, RecordingState next) {
        return switch (next) {
            case ACTIVE -> Optional.of("Recording Start");
            case STOPPED -> Optional.of("Recording End");
            case FAILED ->
                Optional.of(before == RecordingState.STARTING ? "Recording Start Failure" : "Recording End Failure");
            case DISABLED, STARTING, STOPPING -> Optional.empty();
        };
    }

    private static String stage(Handle handle, ParticipantRow participant) {
        return SessionRows.stageArn(handle, participant.sessionId());
    }
}
