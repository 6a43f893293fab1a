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

/** How participants lie in the database. Every method runs in its caller's transaction. */
final class ParticipantRows {
    private static final RowMapper<ParticipantRow> PARTICIPANT = ParticipantRows::read;

    /** ACTIVE sorts before STOPPED: the state is that of the liveliest of somebody's replications. */
    private static final String SELECT = """
            SELECT participant.*, (SELECT MIN(replication.state) FROM replication
                    WHERE source_session_id = participant.session_id AND participant_id = participant.id) AS replicated
            FROM participant""";

    /**
     * A participant of a session.
     *
     * @param claims of the token that counts now; empty for a replica, which has none
     * @param hasPublished whether they ever published to this session
     * @param replicated the state of their replications to other stages; empty when there never was one
     * @param source whose replica they are; empty for everybody else
     * @param ingest what they publish by; empty for those who come with a token
     */
    record ParticipantRow(
            String sessionId,
            String id,
            String userId,
            Map<String, String> attributes,
            ClientDescription client,
            String protocol,
            Optional<ParticipantClaims> claims,
            boolean isConnected,
            Instant joinedAt,
            boolean hasPublished,
            boolean isPublishing,
            ParticipantRecording recording,
            Optional<String> replicated,
            Optional<Source> source,
            Optional<IngestRows.Use> ingest) {}

    /** A participant of a stage's session. */
    record OnStage(String stageArn, ParticipantRow participant) {}

    /** Where a replica comes from. */
    record Source(String stageArn, String sessionId) {}

    /** Which participants a list shows; at most one is set. */
    record Filter(
            Optional<String> userId,
            Optional<Boolean> published,
            Optional<Boolean> isConnected,
            Optional<String> recordingState) {

        private record Condition(String column, Object value) {}

        /** A term of its own for each, so that each can have an index. */
        private Optional<Condition> condition() {
            return userId.map(id -> new Condition("user_id", id))
                    .or(() -> published.map(p -> new Condition("published", p ? 1 : 0)))
                    .or(() -> isConnected.map(c -> new Condition("state", state(c))))
                    .or(() -> recordingState.map(state -> new Condition("recording_state", state)));
        }
    }

    private ParticipantRows() {}

    static Optional<ParticipantRow> find(Handle handle, String sessionId, String id) {
        return handle.createQuery(SELECT + " WHERE session_id = ? AND id = ?")
                .bind(0, sessionId)
                .bind(1, id)
                .map(PARTICIPANT)
                .findOne();
    }

    /** The participant of the stage's active session; empty when there is no session, or nobody of this id in it. */
    static Optional<ParticipantRow> present(Handle handle, String stageArn, String id) {
        return SessionRows.active(handle, stageArn).flatMap(session -> find(handle, session.id(), id));
    }

    /** Those who have a connection of their own. */
    static List<ParticipantRow> connected(Handle handle) {
        return handle.createQuery(SELECT + " WHERE state = 'CONNECTED' AND source_session_id IS NULL ORDER BY seq")
                .map(PARTICIPANT)
                .list();
    }

    /** Those of the stage who have a connection of their own. */
    static List<ParticipantRow> connected(Handle handle, String stageArn) {
        return handle.createQuery(SELECT + """
                         JOIN stage_session ON stage_session.id = session_id
                        WHERE stage_arn = ? AND ended_at IS NULL AND state = 'CONNECTED'
                            AND source_session_id IS NULL ORDER BY participant.seq""")
                .bind(0, stageArn)
                .map(PARTICIPANT)
                .list();
    }

    /** Those who have been publishing at a stretch since {@code time} or longer. */
    static List<OnStage> publishingSince(Handle handle, Instant time) {
        return handle.createQuery(SELECT.replace("participant.*", "participant.*, stage_arn") + """
                         JOIN stage_session ON stage_session.id = session_id
                        WHERE publishing = 1 AND publishing_since <= ? ORDER BY participant.seq""")
                .bind(0, time.toEpochMilli())
                .map((row, context) -> new OnStage(row.getString("stage_arn"), read(row, context)))
                .list();
    }

    static List<Pages.Row<ParticipantRow>> before(Handle handle, String sessionId, Filter filter, long seq, int limit) {
        Optional<Filter.Condition> condition = filter.condition();
        String term = condition.map(c -> " AND " + c.column() + " = :value").orElse("");
        var query = handle.createQuery(SELECT + " WHERE session_id = :session AND seq < :seq" + term
                        + " ORDER BY seq DESC LIMIT :limit")
                .bind("session", sessionId)
                .bind("seq", seq)
                .bind("limit", limit);
        condition.ifPresent(c -> query.bind("value", c.value()));
        return query.map(Pages.row(PARTICIPANT)).list();
    }

    /** The key with which a participant id was first used on a stage, {@code ""} for the node's own; empty when never. */
    static Optional<String> firstKey(Handle handle, String stageArn, String id) {
        return handle.createQuery("""
                        SELECT key_arn FROM participant JOIN stage_session ON stage_session.id = participant.session_id
                        WHERE participant.id = ? AND stage_arn = ? AND source_session_id IS NULL
                        ORDER BY participant.seq LIMIT 1""")
                .bind(0, id)
                .bind(1, stageArn)
                .mapTo(String.class)
                .findOne();
    }

    /** Whether somebody of this id, be it a replica, has ever been in a session of the stage. */
    static boolean hasTakenPart(Handle handle, String stageArn, String id) {
        return handle.createQuery("""
                        SELECT COUNT(*) FROM participant JOIN stage_session ON stage_session.id = participant.session_id
                        WHERE participant.id = ? AND stage_arn = ?""")
                        .bind(0, id)
                        .bind(1, stageArn)
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    /** How many others have one of the session's places to publish. */
    static int countPublishersBut(Handle handle, String sessionId, String id) {
        return handle.createQuery("""
                        SELECT COUNT(*) FROM participant
                        WHERE session_id = ? AND is_publisher = 1 AND state = 'CONNECTED' AND id <> ?""")
                .bind(0, sessionId)
                .bind(1, id)
                .mapTo(int.class)
                .one();
    }

    static boolean isAnyRecording(Handle handle, String sessionId) {
        return handle.createQuery("""
                                SELECT COUNT(*) FROM participant
                                WHERE session_id = ? AND recording_state IN ('STARTING', 'ACTIVE', 'STOPPING')""").bind(0, sessionId).mapTo(int.class).one() > 0;
    }

    static void insert(
            Handle handle,
            String sessionId,
            ParticipantClaims claims,
            ClientDescription client,
            String protocol,
            Instant now) {
        Optional<IngestRows.Use> ingest = claims.isSelfSigned()
                ? Optional.empty()
                : IngestRows.use(handle, claims.stageArn(), claims.participantId());
        handle.createUpdate("""
                        INSERT INTO participant (session_id, id, user_id, attributes, client, protocol, claims, key_arn,
                            state, joined_at, published, publishing, ingest_configuration_arn, redundant_ingest)
                        VALUES (:session, :id, :userId, :attributes, :client, :protocol, :claims, :keyArn,
                            'CONNECTED', :now, 0, 0, :ingest, :isRedundant)""")
                .bind("session", sessionId)
                .bind("id", claims.participantId())
                .bind("userId", claims.userId())
                .bind("attributes", Columns.json(claims.attributes()))
                .bind("client", Columns.json(client))
                .bind("protocol", protocol)
                .bind("claims", Columns.json(claims))
                .bind("keyArn", claims.keyArn())
                .bind("now", now.toEpochMilli())
                .bind("ingest", ingest.map(IngestRows.Use::configurationArn).orElse(null))
                .bind("isRedundant", ingest.filter(IngestRows.Use::isRedundant).isPresent())
                .execute();
    }

    /** A replica is like its source but for where it is, and has published nothing. */
    static void insertReplica(
            Handle handle,
            String sessionId,
            ParticipantRow of,
            Map<String, String> attributes,
            Source source,
            Instant now) {
        handle.createUpdate("""
                        INSERT INTO participant (session_id, id, user_id, attributes, client, protocol,
                            state, joined_at, published, publishing, source_stage_arn, source_session_id)
                        VALUES (:session, :id, :userId, :attributes, :client, :protocol,
                            'CONNECTED', :now, 0, 0, :sourceStageArn, :sourceSessionId)""")
                .bind("session", sessionId)
                .bind("id", of.id())
                .bind("userId", of.userId())
                .bind("attributes", Columns.json(attributes))
                .bind("client", Columns.json(of.client()))
                .bind("protocol", of.protocol())
                .bind("now", now.toEpochMilli())
                .bind("sourceStageArn", source.stageArn())
                .bind("sourceSessionId", source.sessionId())
                .execute();
    }

    /** Another token counts from now on. */
    static void setClaims(Handle handle, ParticipantRow row, ParticipantClaims claims) {
        handle.execute(
                "UPDATE participant SET user_id = ?, attributes = ?, claims = ? WHERE session_id = ? AND id = ?",
                claims.userId(),
                Columns.json(claims.attributes()),
                Columns.json(claims),
                row.sessionId(),
                row.id());
    }

    static void setAttributes(Handle handle, ParticipantRow row, Map<String, String> attributes) {
        handle.execute(
                "UPDATE participant SET attributes = ? WHERE session_id = ? AND id = ?",
                Columns.json(attributes),
                row.sessionId(),
                row.id());
    }

    /** Whoever is not connected has no place to publish. */
    static void setConnected(Handle handle, ParticipantRow row, boolean isConnected, Instant now) {
        handle.createUpdate("""
                        UPDATE participant SET state = :state, left_at = CASE WHEN :isConnected THEN NULL ELSE :now END,
                            is_publisher = CASE WHEN :isConnected THEN is_publisher ELSE 0 END
                        WHERE session_id = :session AND id = :id""")
                .bind("state", state(isConnected))
                .bind("isConnected", isConnected)
                .bind("now", now.toEpochMilli())
                .bind("session", row.sessionId())
                .bind("id", row.id())
                .execute();
    }

    /** Takes one of the session's places to publish, until they leave. */
    static void takePlace(Handle handle, String sessionId, String id) {
        handle.execute("UPDATE participant SET is_publisher = 1 WHERE session_id = ? AND id = ?", sessionId, id);
    }

    static void setPublishing(Handle handle, ParticipantRow row, boolean isPublishing, Instant now) {
        handle.createUpdate("""
                        UPDATE participant SET publishing = :publishing,
                            published = CASE WHEN :isPublishing THEN 1 ELSE published END,
                            publishing_since = CASE WHEN :isPublishing THEN :now ELSE NULL END,
                            unpublished_at = CASE WHEN :isPublishing THEN NULL ELSE :now END
                        WHERE session_id = :session AND id = :id""")
                .bind("publishing", isPublishing ? 1 : 0)
                .bind("isPublishing", isPublishing)
                .bind("now", now.toEpochMilli())
                .bind("session", row.sessionId())
                .bind("id", row.id())
                .execute();
    }

    static void setRecording(Handle handle, ParticipantRow row, ParticipantRecording recording) {
        handle.execute(
                """
                UPDATE participant SET recording_state = ?, recording_bucket = ?, recording_prefix = ?
                WHERE session_id = ? AND id = ?""", recording.state().name(), recording.bucketName(), recording.prefix(), row.sessionId(), row.id());
    }

    static String state(boolean isConnected) {
        return isConnected ? "CONNECTED" : "DISCONNECTED";
    }

    private static ParticipantRow read(ResultSet row, StatementContext context) throws SQLException {
        boolean isRedundant = row.getBoolean("redundant_ingest");
        @Nullable String sourceSessionId = row.getString("source_session_id");
        return new ParticipantRow(
                row.getString("session_id"),
                row.getString("id"),
                row.getString("user_id"),
                Columns.strings(row, "attributes"),
                Columns.value(row, "client", ClientDescription.class),
                row.getString("protocol"),
                Columns.optionalValue(row, "claims", ParticipantClaims.class),
                row.getString("state").equals("CONNECTED"),
                Columns.instant(row, "joined_at"),
                row.getInt("published") == 1,
                row.getInt("publishing") == 1,
                new ParticipantRecording(
                        RecordingState.valueOf(row.getString("recording_state")),
                        row.getString("recording_bucket"),
                        row.getString("recording_prefix")),
                Columns.optionalString(row, "replicated"),
                sourceSessionId == null
                        ? Optional.empty()
                        : Optional.of(new Source(row.getString("source_stage_arn"), sourceSessionId)),
                Columns.optionalString(row, "ingest_configuration_arn")
                        .map(arn -> new IngestRows.Use(arn, isRedundant)));
    }
}
