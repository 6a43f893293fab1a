package dev.understudy.control.stage;

import dev.understudy.control.api.Ids;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** How stage sessions lie in the database. Every method runs in its caller's transaction. */
final class SessionRows {
    /** Of the random part. */
    private static final int ID_LENGTH = 13;

    private static final RowMapper<SessionRow> SESSION = (row, _) -> new SessionRow(
            row.getString("id"), Columns.instant(row, "started_at"), Columns.optionalInstant(row, "ended_at"));

    /**
     * A session is over when nobody is connected and its last publisher stopped at {@code :time} or before; where nobody
     * has published, the last who left counts.
     */
    private static final String OVER = """
            ended_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM participant WHERE session_id = stage_session.id AND state = 'CONNECTED')
                AND COALESCE(
                    (SELECT MAX(unpublished_at) FROM participant WHERE session_id = stage_session.id),
                    (SELECT MAX(left_at) FROM participant WHERE session_id = stage_session.id)) <= :time""";

    record SessionRow(String id, Instant startedAt, Optional<Instant> endedAt) {}

    private SessionRows() {}

    static Optional<SessionRow> active(Handle handle, String stageArn) {
        return handle.createQuery("SELECT * FROM stage_session WHERE stage_arn = ? AND ended_at IS NULL")
                .bind(0, stageArn)
                .map(SESSION)
                .findOne();
    }

    /** The id of the stage's active session, which begins now if there is none. */
    static String activeOrNew(Handle handle, String stageArn, Ids ids, Instant now) {
        return active(handle, stageArn).map(SessionRow::id).orElseGet(() -> {
            String id = "st-" + ids.next(ID_LENGTH);
            insert(handle, id, stageArn, now);
            return id;
        });
    }

    /** The stage of a session that there is. */
    static String stageArn(Handle handle, String id) {
        return handle.createQuery("SELECT stage_arn FROM stage_session WHERE id = ?")
                .bind(0, id)
                .mapTo(String.class)
                .one();
    }

    static Optional<SessionRow> find(Handle handle, String stageArn, String id) {
        return handle.createQuery("SELECT * FROM stage_session WHERE stage_arn = ? AND id = ?")
                .bind(0, stageArn)
                .bind(1, id)
                .map(SESSION)
                .findOne();
    }

    static List<Pages.Row<SessionRow>> before(Handle handle, String stageArn, long seq, int limit) {
        return handle.createQuery(
                        "SELECT * FROM stage_session WHERE stage_arn = ? AND seq < ? ORDER BY seq DESC LIMIT ?")
                .bind(0, stageArn)
                .bind(1, seq)
                .bind(2, limit)
                .map(Pages.row(SESSION))
                .list();
    }

    private static void insert(Handle handle, String id, String stageArn, Instant startedAt) {
        handle.execute(
                "INSERT INTO stage_session (id, stage_arn, started_at) VALUES (?, ?, ?)",
                id,
                stageArn,
                startedAt.toEpochMilli());
    }

    static boolean hasOver(Handle handle, Instant time) {
        return handle.createQuery("SELECT COUNT(*) FROM stage_session WHERE " + OVER)
                        .bind("time", time.toEpochMilli())
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    /** Ends the sessions that have been over since {@code time}, each when its last participant left. */
    static void endOver(Handle handle, Instant time) {
        handle.createUpdate("""
                        UPDATE stage_session SET ended_at =
                            (SELECT MAX(left_at) FROM participant WHERE session_id = stage_session.id)
                        WHERE\s""" + OVER).bind("time", time.toEpochMilli()).execute();
    }
}
