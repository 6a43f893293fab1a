package dev.understudy.control.stage;

import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import dev.understudy.control.token.ParticipantClaims;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** How sessions, participants and their events lie in the database. Every method runs in its caller's transaction. */
final class ParticipantRows {
    private static final RowMapper<SessionRow> SESSION = (row, _) -> new SessionRow(
            row.getString("id"), Columns.instant(row, "started_at"), Columns.optionalInstant(row, "ended_at"));
    private static final RowMapper<ParticipantRow> PARTICIPANT = ParticipantRows::participant;
    private static final RowMapper<EventRow> EVENT = (row, _) -> new EventRow(
            row.getString("name"),
            row.getString("participant_id"),
            Columns.instant(row, "happened_at"),
            Columns.optionalString(row, "remote_participant_id"),
            Columns.optionalString(row, "error_code"));

    record SessionRow(String id, Instant startedAt, Optional<Instant> endedAt) {}

    record ParticipantRow(
            String sessionId,
            String id,
            String userId,
            Map<String, String> attributes,
            ClientDescription client,
            String protocol,
            String tokenDigest,
            boolean isConnected,
            Instant joinedAt,
            boolean hasPublished,
            boolean isPublishing) {}

    record EventRow(
            String name,
            String participantId,
            Instant happenedAt,
            Optional<String> remoteParticipantId,
            Optional<String> errorCode) {}

    /** Which participants a list shows; at most one is set. */
    record Filter(Optional<String> userId, Optional<Boolean> published, Optional<Boolean> isConnected) {}

    private ParticipantRows() {}

    static Optional<SessionRow> activeSession(Handle handle, String stageArn) {
        return handle.createQuery("SELECT * FROM stage_session WHERE stage_arn = ? AND ended_at IS NULL")
                .bind(0, stageArn)
                .map(SESSION)
                .findOne();
    }

    static Optional<SessionRow> session(Handle handle, String stageArn, String id) {
        return handle.createQuery("SELECT * FROM stage_session WHERE stage_arn = ? AND id = ?")
                .bind(0, stageArn)
                .bind(1, id)
                .map(SESSION)
                .findOne();
    }

    static List<Pages.Row<SessionRow>> sessionsBefore(Handle handle, String stageArn, long seq, int limit) {
        return handle.createQuery(
                        "SELECT * FROM stage_session WHERE stage_arn = ? AND seq < ? ORDER BY seq DESC LIMIT ?")
                .bind(0, stageArn)
                .bind(1, seq)
                .bind(2, limit)
                .map(Pages.row(SESSION))
                .list();
    }

    /** The stage of a session that there is. */
    static String stageArn(Handle handle, String sessionId) {
        return handle.createQuery("SELECT stage_arn FROM stage_session WHERE id = ?")
                .bind(0, sessionId)
                .mapTo(String.class)
                .one();
    }

    static void insertSession(Handle handle, String id, String stageArn, Instant startedAt) {
        handle.execute(
                "INSERT INTO stage_session (id, stage_arn, started_at) VALUES (?, ?, ?)",
                id,
                stageArn,
                startedAt.toEpochMilli());
    }

    /** Ends the sessions that nobody has been in since {@code time}, each when its last participant left. */
    static int endSessionsEmptySince(Handle handle, Instant time) {
        return handle.createUpdate("""
                        UPDATE stage_session SET ended_at = COALESCE(
                            (SELECT MAX(left_at) FROM participant WHERE session_id = stage_session.id), started_at)
                        WHERE ended_at IS NULL AND id IN (SELECT session_id FROM participant
                            GROUP BY session_id
                            HAVING SUM(CASE WHEN state = 'CONNECTED' THEN 1 ELSE 0 END) = 0 AND MAX(left_at) <= :time)""").bind("time", time.toEpochMilli()).execute();
    }

    static boolean hasSessionEmptySince(Handle handle, Instant time) {
        return handle.createQuery("""
                                SELECT COUNT(*) FROM stage_session WHERE ended_at IS NULL AND
                                    NOT EXISTS (SELECT 1 FROM participant WHERE session_id = stage_session.id
                                        AND (state = 'CONNECTED' OR left_at > :time))""")
                        .bind("time", time.toEpochMilli())
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    static Optional<ParticipantRow> participant(Handle handle, String sessionId, String id) {
        return handle.createQuery("SELECT * FROM participant WHERE session_id = ? AND id = ?")
                .bind(0, sessionId)
                .bind(1, id)
                .map(PARTICIPANT)
                .findOne();
    }

    static List<ParticipantRow> connected(Handle handle) {
        return handle.createQuery("SELECT * FROM participant WHERE state = 'CONNECTED' ORDER BY seq")
                .map(PARTICIPANT)
                .list();
    }

    static List<Pages.Row<ParticipantRow>> participantsBefore(
            Handle handle, String sessionId, Filter filter, long seq, int limit) {
        return handle.createQuery("""
                        SELECT * FROM participant WHERE session_id = :session AND seq < :seq
                            AND (:userId IS NULL OR user_id = :userId)
                            AND (:published IS NULL OR published = :published)
                            AND (:state IS NULL OR state = :state)
                        ORDER BY seq DESC LIMIT :limit""")
                .bind("session", sessionId)
                .bind("seq", seq)
                .bind("userId", orNull(filter.userId()))
                .bind("published", filter.published().map(p -> p ? 1 : 0).orElse(null))
                .bind("state", orNull(filter.isConnected().map(ParticipantRows::state)))
                .bind("limit", limit)
                .map(Pages.row(PARTICIPANT))
                .list();
    }

    static void insert(
            Handle handle,
            String sessionId,
            ParticipantClaims claims,
            ClientDescription client,
            String protocol,
            Instant now) {
        handle.createUpdate("""
                        INSERT INTO participant (session_id, id, user_id, attributes, client, protocol, token_digest,
                            state, joined_at, published, publishing)
                        VALUES (:session, :id, :userId, :attributes, :client, :protocol, :digest,
                            'CONNECTED', :now, 0, 0)""")
                .bind("session", sessionId)
                .bind("id", claims.participantId())
                .bind("userId", claims.userId())
                .bind("attributes", Columns.json(claims.attributes()))
                .bind("client", Columns.json(client))
                .bind("protocol", protocol)
                .bind("digest", claims.tokenDigest())
                .bind("now", now.toEpochMilli())
                .execute();
    }

    static void setConnected(Handle handle, ParticipantRow row, boolean isConnected, Instant now) {
        handle.createUpdate("""
                        UPDATE participant SET state = :state, left_at = CASE WHEN :isConnected THEN NULL ELSE :now END
                        WHERE session_id = :session AND id = :id""")
                .bind("state", state(isConnected))
                .bind("isConnected", isConnected)
                .bind("now", now.toEpochMilli())
                .bind("session", row.sessionId())
                .bind("id", row.id())
                .execute();
    }

    static void setPublishing(Handle handle, ParticipantRow row, boolean isPublishing, Instant now) {
        handle.createUpdate("""
                        UPDATE participant SET publishing = :publishing,
                            published = CASE WHEN :isPublishing THEN 1 ELSE published END,
                            unpublished_at = CASE WHEN :isPublishing THEN NULL ELSE :now END
                        WHERE session_id = :session AND id = :id""")
                .bind("publishing", isPublishing ? 1 : 0)
                .bind("isPublishing", isPublishing)
                .bind("now", now.toEpochMilli())
                .bind("session", row.sessionId())
                .bind("id", row.id())
                .execute();
    }

    static void insert(Handle handle, String sessionId, EventRow event) {
        handle.createUpdate("""
                        INSERT INTO participant_event
                            (session_id, participant_id, name, happened_at, remote_participant_id, error_code)
                        VALUES (:session, :participant, :name, :at, :remote, :error)""")
                .bind("session", sessionId)
                .bind("participant", event.participantId())
                .bind("name", event.name())
                .bind("at", event.happenedAt().toEpochMilli())
                .bind("remote", orNull(event.remoteParticipantId()))
                .bind("error", orNull(event.errorCode()))
                .execute();
    }

    static List<Pages.Row<EventRow>> eventsBefore(
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

    static void disconnectForGood(Handle handle, String stageArn, String participantId, Instant now) {
        handle.execute("""
                INSERT INTO disconnected_participant (stage_arn, participant_id, disconnected_at) VALUES (?, ?, ?)
                ON CONFLICT (stage_arn, participant_id) DO UPDATE SET disconnected_at = excluded.disconnected_at""", stageArn, participantId, now.toEpochMilli());
    }

    static boolean isDisconnectedForGood(Handle handle, String stageArn, String participantId) {
        return handle.createQuery(
                                "SELECT COUNT(*) FROM disconnected_participant WHERE stage_arn = ? AND participant_id = ?")
                        .bind(0, stageArn)
                        .bind(1, participantId)
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    static void allowAgain(Handle handle, String stageArn, String participantId) {
        handle.execute(
                "DELETE FROM disconnected_participant WHERE stage_arn = ? AND participant_id = ?",
                stageArn,
                participantId);
    }

    static int forgetDisconnectedBefore(Handle handle, Instant time) {
        return handle.execute("DELETE FROM disconnected_participant WHERE disconnected_at < ?", time.toEpochMilli());
    }

    static String state(boolean isConnected) {
        return isConnected ? "CONNECTED" : "DISCONNECTED";
    }

    private static @Nullable String orNull(Optional<String> value) {
        return value.orElse(null);
    }

    private static ParticipantRow participant(ResultSet row, StatementContext context) throws SQLException {
        return new ParticipantRow(
                row.getString("session_id"),
                row.getString("id"),
                row.getString("user_id"),
                Columns.strings(row, "attributes"),
                Columns.value(row, "client", ClientDescription.class),
                row.getString("protocol"),
                row.getString("token_digest"),
                row.getString("state").equals("CONNECTED"),
                Columns.instant(row, "joined_at"),
                row.getInt("published") == 1,
                row.getInt("publishing") == 1);
    }
}
