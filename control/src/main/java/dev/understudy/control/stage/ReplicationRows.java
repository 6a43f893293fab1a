package dev.understudy.control.stage;

import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** How replications of participants lie in the database. Every method runs in its caller's transaction. */
final class ReplicationRows {

    /**
     * A participant of one stage shown on another.
     *
     * @param attributes those that the call set, without the participant's own
     * @param reconnectWindow how long the replica waits for a source that stopped publishing
     */
    record ReplicationRow(
            String sourceStageArn,
            String sourceSessionId,
            String participantId,
            String destinationStageArn,
            String destinationSessionId,
            Map<String, String> attributes,
            Duration reconnectWindow,
            boolean isActive) {}

    private ReplicationRows() {}

    /** Stores a replication as active; one that was between the same two sessions begins again. */
    static void start(Handle handle, ReplicationRow row) {
        handle.createUpdate("""
                        INSERT INTO replication (source_session_id, source_stage_arn, participant_id,
                            destination_session_id, destination_stage_arn, attributes, reconnect_window_seconds, state)
                        VALUES (:sourceSession, :sourceStage, :participant, :destinationSession, :destinationStage,
                            :attributes, :window, 'ACTIVE')
                        ON CONFLICT (source_session_id, participant_id, destination_session_id) DO UPDATE SET
                            attributes = excluded.attributes, state = 'ACTIVE', source_left_at = NULL,
                            reconnect_window_seconds = excluded.reconnect_window_seconds""")
                .bind("sourceSession", row.sourceSessionId())
                .bind("sourceStage", row.sourceStageArn())
                .bind("participant", row.participantId())
                .bind("destinationSession", row.destinationSessionId())
                .bind("destinationStage", row.destinationStageArn())
                .bind("attributes", Columns.json(row.attributes()))
                .bind("window", row.reconnectWindow().toSeconds())
                .execute();
    }

    static void setStopped(Handle handle, ReplicationRow row) {
        handle.execute("""
                UPDATE replication SET state = 'STOPPED', source_left_at = NULL
                WHERE source_session_id = ? AND participant_id = ? AND destination_session_id = ?""", row.sourceSessionId(), row.participantId(), row.destinationSessionId());
    }

    /** The source stopped publishing; its replicas wait. */
    static void setSourceAway(Handle handle, String sourceSessionId, String participantId, Instant now) {
        handle.execute("""
                UPDATE replication SET source_left_at = ?
                WHERE source_session_id = ? AND participant_id = ? AND state = 'ACTIVE'""", now.toEpochMilli(), sourceSessionId, participantId);
    }

    /** The source publishes again. */
    static void setSourceBack(Handle handle, String sourceSessionId, String participantId) {
        handle.execute(
                "UPDATE replication SET source_left_at = NULL WHERE source_session_id = ? AND participant_id = ?",
                sourceSessionId,
                participantId);
    }

    static List<ReplicationRow> activeOf(Handle handle, String sourceSessionId, String participantId) {
        return handle.createQuery("""
                        SELECT * FROM replication
                        WHERE source_session_id = ? AND participant_id = ? AND state = 'ACTIVE' ORDER BY seq""")
                .bind(0, sourceSessionId)
                .bind(1, participantId)
                .map(ReplicationRows::read)
                .list();
    }

    /** The newest of a participant to one stage, whether it is active or not. */
    static Optional<ReplicationRow> newest(
            Handle handle, String sourceStageArn, String participantId, String destinationStageArn) {
        return handle.createQuery("""
                        SELECT * FROM replication
                        WHERE source_stage_arn = ? AND participant_id = ? AND destination_stage_arn = ?
                        ORDER BY state = 'ACTIVE' DESC, seq DESC LIMIT 1""")
                .bind(0, sourceStageArn)
                .bind(1, participantId)
                .bind(2, destinationStageArn)
                .map(ReplicationRows::read)
                .findOne();
    }

    static List<ReplicationRow> activeTo(Handle handle, String destinationStageArn) {
        return handle.createQuery("SELECT * FROM replication WHERE destination_stage_arn = ? AND state = 'ACTIVE'")
                .bind(0, destinationStageArn)
                .map(ReplicationRows::read)
                .list();
    }

    static List<ReplicationRow> activeFrom(Handle handle, String sourceStageArn) {
        return handle.createQuery("SELECT * FROM replication WHERE source_stage_arn = ? AND state = 'ACTIVE'")
                .bind(0, sourceStageArn)
                .map(ReplicationRows::read)
                .list();
    }

    /** Those whose source has been away for longer than their window. */
    static List<ReplicationRow> givenUp(Handle handle, Instant now) {
        return handle.createQuery("""
                        SELECT * FROM replication
                        WHERE source_left_at IS NOT NULL AND source_left_at + 1000 * reconnect_window_seconds <= ?
                        ORDER BY seq""")
                .bind(0, now.toEpochMilli())
                .map(ReplicationRows::read)
                .list();
    }

    static List<Pages.Row<ReplicationRow>> before(
            Handle handle, String sourceStageArn, String participantId, long seq, int limit) {
        return handle.createQuery("""
                        SELECT * FROM replication WHERE source_stage_arn = ? AND participant_id = ? AND seq < ?
                        ORDER BY seq DESC LIMIT ?""")
                .bind(0, sourceStageArn)
                .bind(1, participantId)
                .bind(2, seq)
                .bind(3, limit)
                .map(Pages.row(ReplicationRows::read))
                .list();
    }

    private static ReplicationRow read(ResultSet row, StatementContext context) throws SQLException {
        return new ReplicationRow(
                row.getString("source_stage_arn"),
                row.getString("source_session_id"),
                row.getString("participant_id"),
                row.getString("destination_stage_arn"),
                row.getString("destination_session_id"),
                Columns.strings(row, "attributes"),
                Duration.ofSeconds(row.getLong("reconnect_window_seconds")),
                row.getString("state").equals("ACTIVE"));
    }
}
