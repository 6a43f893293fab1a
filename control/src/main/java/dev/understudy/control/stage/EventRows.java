package dev.understudy.control.stage;

import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** How what happened to participants lies in the database. Every method runs in its caller's transaction. */
final class EventRows {
    /** Of one participant in one session. Somebody who joins and leaves all day must not fill the disk with it. */
    static final int KEPT = 1_000;

    private static final RowMapper<EventRow> EVENT = (row, _) -> new EventRow(
            EventName.valueOf(row.getString("name")),
            row.getString("participant_id"),
            Columns.instant(row, "happened_at"),
            Columns.optionalString(row, "remote_participant_id"),
            Columns.optionalString(row, "error_code").map(EventErrorCode::valueOf),
            Columns.value(row, "detail", Detail.class));

    record EventRow(
            EventName name,
            String participantId,
            Instant happenedAt,
            Optional<String> remoteParticipantId,
            Optional<EventErrorCode> errorCode,
            Detail detail) {

        static EventRow of(EventName name, String participantId, Instant happenedAt) {
            return new EventRow(name, participantId, happenedAt, Optional.empty(), Optional.empty(), Detail.NONE);
        }

        EventRow because(EventErrorCode code) {
            return new EventRow(name, participantId, happenedAt, remoteParticipantId, Optional.of(code), detail);
        }

        EventRow with(Detail other) {
            return new EventRow(name, participantId, happenedAt, remoteParticipantId, errorCode, other);
        }
    }

    /**
     * What only some events tell.
     *
     * @param replica true when the participant is somebody's replica, else empty
     */
    record Detail(
            Optional<String> destinationStageArn,
            Optional<String> destinationSessionId,
            Optional<Boolean> replica,
            Optional<ExchangedParticipantToken> previousToken,
            Optional<ExchangedParticipantToken> newToken) {
        static final Detail NONE =
                new Detail(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        static Detail replicated(String destinationStageArn, String destinationSessionId) {
            return new Detail(
                    Optional.of(destinationStageArn),
                    Optional.of(destinationSessionId),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        static Detail exchanged(ExchangedParticipantToken previous, ExchangedParticipantToken next) {
            return new Detail(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(previous), Optional.of(next));
        }

        Detail ofReplica() {
            return new Detail(destinationStageArn, destinationSessionId, Optional.of(true), previousToken, newToken);
        }
    }

    private EventRows() {}

    static void insert(Handle handle, String sessionId, EventRow event) {
        handle.createUpdate("""
                        INSERT INTO participant_event (session_id, participant_id, name, happened_at,
                            remote_participant_id, error_code, detail)
                        VALUES (:session, :participant, :name, :at, :remote, :error, :detail)""")
                .bind("session", sessionId)
                .bind("participant", event.participantId())
                .bind("name", event.name())
                .bind("at", event.happenedAt().toEpochMilli())
                .bind("remote", event.remoteParticipantId().orElse(null))
                .bind("error", event.errorCode().orElse(null))
                .bind("detail", Columns.json(event.detail()))
                .execute();
        forgetAllBut(handle, sessionId, event.participantId());
    }

    private static void forgetAllBut(Handle handle, String sessionId, String participantId) {
        handle.createUpdate("""
                        DELETE FROM participant_event WHERE session_id = :session AND participant_id = :participant
                            AND seq <= (SELECT seq FROM participant_event
                                WHERE session_id = :session AND participant_id = :participant
                                ORDER BY seq DESC LIMIT 1 OFFSET :kept)""")
                .bind("session", sessionId)
                .bind("participant", participantId)
                .bind("kept", KEPT)
                .execute();
    }

    static List<Pages.Row<EventRow>> before(
            Handle handle, String sessionId, String participantId, long seq, int limit) {
        return handle.createQuery("""
                        SELECT * FROM participant_event WHERE session_id = ? AND participant_id = ? AND seq < ?
                        ORDER BY seq DESC LIMIT ?""")
                .bind(0, sessionId)
                .bind(1, participantId)
                .bind(2, seq)
                .bind(3, limit)
                .map(Pages.row(EVENT))
                .list();
    }
}
