package dev.understudy.control.token;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * Who has been disconnected from a stage for good: their tokens are dead, whether they have been used or not. Every method
 * runs in its caller's transaction.
 */
public final class Disconnections {
    private Disconnections() {}

    public static void insert(Handle handle, String stageArn, String participantId, Instant now) {
        handle.execute("""
                INSERT INTO disconnected_participant (stage_arn, participant_id, disconnected_at) VALUES (?, ?, ?)
                ON CONFLICT (stage_arn, participant_id) DO UPDATE SET disconnected_at = excluded.disconnected_at""", stageArn, participantId, now.toEpochMilli());
    }

    public static boolean has(Handle handle, String stageArn, String participantId) {
        return handle.createQuery(
                                "SELECT COUNT(*) FROM disconnected_participant WHERE stage_arn = ? AND participant_id = ?")
                        .bind(0, stageArn)
                        .bind(1, participantId)
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    /** How many of a stage are remembered. */
    public static int count(Handle handle, String stageArn) {
        return handle.createQuery("SELECT COUNT(*) FROM disconnected_participant WHERE stage_arn = ?")
                .bind(0, stageArn)
                .mapTo(int.class)
                .one();
    }

    public static void delete(Handle handle, String stageArn, String participantId) {
        handle.execute(
                "DELETE FROM disconnected_participant WHERE stage_arn = ? AND participant_id = ?",
                stageArn,
                participantId);
    }

    public static void deleteBefore(Handle handle, Instant time) {
        handle.execute("DELETE FROM disconnected_participant WHERE disconnected_at < ?", time.toEpochMilli());
    }
}
