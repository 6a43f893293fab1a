package dev.understudy.control.stage;

import dev.understudy.control.stage.EventRows.EventRow;
import dev.understudy.control.stage.ParticipantRows.ParticipantRow;
import dev.understudy.control.token.ParticipantClaims;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Participants come, publish, stop and go, and each is told as an event.
 *
 * <p>Thread-safe. Every method runs in its caller's transaction.
 */
final class Attendance {
    private final Happenings happenings;
    private final Replicas replicas;

    Attendance(Happenings happenings, Replicas replicas) {
        this.happenings = happenings;
        this.replicas = replicas;
    }

    /** Somebody at the door; {@code protocol} is WHIP, RTMP, RTMPS or UNKNOWN. */
    record Guest(ParticipantClaims claims, ClientDescription client, String protocol) {
        String id() {
            return claims.participantId();
        }
    }

    /** Lets somebody in, for the first time or again; true when they were in already. */
    boolean enter(Handle handle, String sessionId, Guest guest, Instant now) {
        Optional<ParticipantRow> known = ParticipantRows.find(handle, sessionId, guest.id());
        known.ifPresentOrElse(
                participant -> {
                    ParticipantRows.setConnected(handle, participant, true, now);
                    ParticipantRows.setClaims(handle, participant, guest.claims());
                },
                () -> ParticipantRows.insert(handle, sessionId, guest.claims(), guest.client(), guest.protocol(), now));
        boolean isAgain = known.filter(ParticipantRow::isConnected).isPresent();
        if (!isAgain) {
            ParticipantRows.find(handle, sessionId, guest.id()).ifPresent(p -> tell(handle, p, EventName.JOINED, now));
        }
        return isAgain;
    }

    void publish(Handle handle, ParticipantRow participant, Instant now) {
        if (participant.isConnected() && !participant.isPublishing()) {
            ParticipantRows.setPublishing(handle, participant, true, now);
            tell(handle, participant, EventName.PUBLISH_STARTED, now);
            replicas.sourceCame(handle, participant);
        }
    }

    void unpublish(Handle handle, ParticipantRow participant, Instant now) {
        if (participant.isPublishing()) {
            ParticipantRows.setPublishing(handle, participant, false, now);
            tell(handle, participant, EventName.PUBLISH_STOPPED, now);
            replicas.sourceWent(handle, participant, now);
        }
    }

    void leave(Handle handle, ParticipantRow participant, Instant now) {
        unpublish(handle, participant, now);
        if (participant.isConnected()) {
            ParticipantRows.setConnected(handle, participant, false, now);
            tell(handle, participant, EventName.LEFT, now);
        }
    }

    /** What they wanted could not be; they stay where they are. */
    void fail(Handle handle, ParticipantRow participant, EventName name, EventErrorCode code, Instant now) {
        EventRow error = EventRow.of(name, participant.id(), now).because(code);
        happenings.tell(handle, participant, error);
    }

    private void tell(Handle handle, ParticipantRow participant, EventName name, Instant now) {
        happenings.tell(handle, participant, EventRow.of(name, participant.id(), now));
    }
}
