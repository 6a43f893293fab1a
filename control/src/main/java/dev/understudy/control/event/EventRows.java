package dev.understudy.control.event;

import dev.understudy.control.event.Progress.Waiting;
import dev.understudy.control.store.Columns;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** How events, and what sinks have had of them, lie in the database. Every method runs in its caller's transaction. */
final class EventRows {
    private static final RowMapper<Event> EVENT = (row, _) -> new Event(
            row.getLong("seq"),
            row.getString("id"),
            row.getString("resource"),
            Columns.instant(row, "happened_at"),
            row.getString("envelope"));

    private EventRows() {}

    static void insert(Handle handle, String id, String resource, Instant happenedAt, String envelope, int bytes) {
        handle.execute("""
                INSERT INTO event (id, resource, happened_at, envelope, bytes_so_far) VALUES (?, ?, ?, ?,
                    ? + COALESCE((SELECT bytes_so_far FROM event ORDER BY seq DESC LIMIT 1), 0))""", id, resource, happenedAt.toEpochMilli(), envelope, bytes);
    }

    static List<Event> after(Handle handle, long seq, int limit) {
        return handle.createQuery("SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?")
                .bind(0, seq)
                .bind(1, limit)
                .map(EVENT)
                .list();
    }

    /** The first event of a resource among those from {@code first} to {@code last}. */
    static Optional<Event> next(Handle handle, String resource, long first, long last) {
        return handle.createQuery("SELECT * FROM event WHERE resource = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT 1")
                .bind(0, resource)
                .bind(1, first)
                .bind(2, last)
                .map(EVENT)
                .findOne();
    }

    /** The number of the newest event that there has been; 0 when there has been none. */
    static long newest(Handle handle) {
        return handle.createQuery("SELECT COALESCE(MAX(seq), 0) FROM event")
                .mapTo(long.class)
                .one();
    }

    static Optional<Long> position(Handle handle, String sink) {
        return handle.createQuery("SELECT position FROM event_sink WHERE name = ?")
                .bind(0, sink)
                .mapTo(long.class)
                .findOne();
    }

    static void insertSink(Handle handle, String sink, long position) {
        handle.execute(
                "INSERT INTO event_sink (name, position, delivered, failed, parked, dropped) VALUES (?, ?, 0, 0, 0, 0)",
                sink,
                position);
    }

    static Map<String, Waiting> waiting(Handle handle, String sink) {
        Map<String, Waiting> waiting = new LinkedHashMap<>();
        handle.createQuery("SELECT * FROM event_backlog WHERE sink = ?")
                .bind(0, sink)
                .map((row, _) -> Map.entry(
                        row.getString("resource"),
                        new Waiting(
                                row.getLong("seq"),
                                row.getInt("attempts"),
                                row.getInt("refusals"),
                                Columns.instant(row, "due_at"))))
                .forEach(e -> waiting.put(e.getKey(), e.getValue()));
        return waiting;
    }

    /** Makes the sink where it is gone: tests may empty the database. */
    static void setProgress(Handle handle, String sink, long position, SinkStatus more, SinkHealth health) {
        handle.createUpdate("""
                        INSERT INTO event_sink (name, position, delivered, failed, parked, dropped,
                            last_success_at, last_error, last_error_at, next_attempt_at)
                        VALUES (:sink, :position, :delivered, :failed, :parked, 0,
                            :success_at, :error, :error_at, :next_attempt_at)
                        ON CONFLICT (name) DO UPDATE SET position = excluded.position,
                            delivered = event_sink.delivered + excluded.delivered,
                            failed = event_sink.failed + excluded.failed,
                            parked = event_sink.parked + excluded.parked,
                            last_success_at = COALESCE(excluded.last_success_at, event_sink.last_success_at),
                            last_error = COALESCE(excluded.last_error, event_sink.last_error),
                            last_error_at = COALESCE(excluded.last_error_at, event_sink.last_error_at),
                            next_attempt_at = excluded.next_attempt_at""")
                .bind("success_at", health.lastSuccessAt().map(Instant::toEpochMilli))
                .bind("error", health.lastError())
                .bind("error_at", health.lastErrorAt().map(Instant::toEpochMilli))
                .bind("next_attempt_at", health.nextAttemptAt().map(Instant::toEpochMilli))
                .bind("position", position)
                .bind("delivered", more.delivered())
                .bind("failed", more.failed())
                .bind("parked", more.parked())
                .bind("sink", sink)
                .execute();
    }

    static void setWaiting(Handle handle, String sink, String resource, Waiting waiting) {
        handle.createUpdate("""
                        INSERT INTO event_backlog (sink, resource, seq, attempts, refusals, due_at)
                        VALUES (:sink, :resource, :seq, :attempts, :refusals, :due)
                        ON CONFLICT (sink, resource) DO UPDATE SET seq = excluded.seq, attempts = excluded.attempts,
                            refusals = excluded.refusals, due_at = excluded.due_at""")
                .bind("sink", sink)
                .bind("resource", resource)
                .bind("seq", waiting.seq())
                .bind("attempts", waiting.attempts())
                .bind("refusals", waiting.refusals())
                .bind("due", waiting.dueAt().toEpochMilli())
                .execute();
    }

    static void deleteWaiting(Handle handle, String sink, String resource) {
        handle.execute("DELETE FROM event_backlog WHERE sink = ? AND resource = ?", sink, resource);
    }

    /** Keeps the newest {@code most} of what a sink did not take. */
    static void park(Handle handle, String sink, Event event, String reason, Instant now, int most) {
        handle.execute(
                "INSERT INTO event_parked (sink, event_id, resource, envelope, reason, parked_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                sink,
                event.id(),
                event.resource(),
                event.envelope(),
                reason,
                now.toEpochMilli());
        handle.execute("""
                DELETE FROM event_parked WHERE sink = ? AND seq <=
                    (SELECT seq FROM event_parked WHERE sink = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)""", sink, sink, most);
    }

    static List<Parked> parked(Handle handle, String sink, int limit) {
        return handle.createQuery("SELECT * FROM event_parked WHERE sink = ? ORDER BY seq DESC LIMIT ?")
                .bind(0, sink)
                .bind(1, limit)
                .map((row, _) -> new Parked(
                        row.getString("event_id"),
                        row.getString("reason"),
                        Columns.instant(row, "parked_at"),
                        row.getString("envelope")))
                .list();
    }

    /** How every sink is doing that has ever been there, by its name. */
    static Map<String, SinkStatus> statuses(Handle handle) {
        return handle.createQuery("""
                        SELECT name, delivered, failed, parked, dropped,
                            (SELECT COUNT(*) FROM event WHERE event.seq > event_sink.position)
                                + (SELECT COUNT(*) FROM event_backlog JOIN event
                                    ON event.resource = event_backlog.resource AND event.seq >= event_backlog.seq
                                        AND event.seq <= event_sink.position
                                    WHERE event_backlog.sink = event_sink.name) AS pending
                        FROM event_sink""")
                .map((row, _) -> Map.entry(
                        row.getString("name"),
                        new SinkStatus(
                                row.getLong("pending"),
                                row.getLong("delivered"),
                                row.getLong("failed"),
                                row.getLong("parked"),
                                row.getLong("dropped"))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static Optional<SinkHealth> health(Handle handle, String sink) {
        return handle.createQuery("SELECT * FROM event_sink WHERE name = ?")
                .bind(0, sink)
                .map((row, _) -> new SinkHealth(
                        Columns.optionalInstant(row, "last_success_at"),
                        Columns.optionalString(row, "last_error"),
                        Columns.optionalInstant(row, "last_error_at"),
                        Columns.optionalInstant(row, "next_attempt_at")))
                .findOne();
    }

    /** An event as far as it matters to what is kept. */
    record Age(long seq, Instant happenedAt, long bytesSoFar) {}

    static List<Age> oldest(Handle handle, int limit) {
        return ages(handle, "SELECT seq, happened_at, bytes_so_far FROM event ORDER BY seq LIMIT ?", limit);
    }

    static Optional<Age> youngest(Handle handle) {
        return ages(handle, "SELECT seq, happened_at, bytes_so_far FROM event ORDER BY seq DESC LIMIT ?", 1).stream()
                .findFirst();
    }

    private static List<Age> ages(Handle handle, String query, int limit) {
        return handle.createQuery(query)
                .bind(0, limit)
                .map((row, _) ->
                        new Age(row.getLong("seq"), Columns.instant(row, "happened_at"), row.getLong("bytes_so_far")))
                .list();
    }

    /** The last event up to which a sink has nothing left to deliver. */
    static long settled(Handle handle, String sink) {
        return handle.createQuery("""
                        SELECT COALESCE((SELECT MIN(seq) - 1 FROM event_backlog WHERE sink = event_sink.name), position)
                        FROM event_sink WHERE name = ?""").bind(0, sink).mapTo(long.class).findOne().orElse(0L);
    }

    /** Deletes the events up to {@code seq}, and counts for each sink what it had still to get of them. */
    static void drop(Handle handle, long seq) {
        handle.createUpdate("""
                        UPDATE event_sink SET dropped = dropped
                            + (SELECT COUNT(*) FROM event WHERE event.seq > event_sink.position AND event.seq <= :seq)
                            + (SELECT COUNT(*) FROM event_backlog JOIN event
                                ON event.resource = event_backlog.resource AND event.seq >= event_backlog.seq
                                    AND event.seq <= event_sink.position AND event.seq <= :seq
                                WHERE event_backlog.sink = event_sink.name)""").bind("seq", seq).execute();
        handle.execute("DELETE FROM event WHERE seq <= ?", seq);
    }
}
