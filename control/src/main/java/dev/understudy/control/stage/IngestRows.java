package dev.understudy.control.stage;

import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** How ingest configurations lie in the database. Every method runs in its caller's transaction. */
final class IngestRows {
    /** One is active while somebody with one of its participant ids publishes to its stage. */
    private static final String SELECT = """
            SELECT ingest_configuration.*, EXISTS (
                SELECT 1 FROM stage_session
                    JOIN participant ON participant.session_id = stage_session.id
                    JOIN ingest_credential ON ingest_credential.participant_id = participant.id
                WHERE stage_session.stage_arn = ingest_configuration.stage_arn AND stage_session.ended_at IS NULL
                    AND participant.publishing = 1
                    AND ingest_credential.ingest_configuration_arn = ingest_configuration.arn) AS is_active
            FROM ingest_configuration""";

    private static final Table<Row> TABLE = new Table<>("ingest_configuration", SELECT, IngestRows::read);

    /** A configuration without its credentials; {@code stageArn} is {@code ""} while it leads nowhere. */
    record Row(
            String arn,
            String name,
            String stageArn,
            String userId,
            Map<String, String> attributes,
            String protocol,
            boolean isActive,
            Map<String, String> tags) {}

    /** What one stream is sent with, and as whom. */
    record Credential(String participantId, String streamKey) {
        @Override
        public String toString() {
            return "Credential[participantId=" + participantId + "]";
        }
    }

    /** Which configuration a participant publishes by; {@code isRedundant} when it is by one of several streams. */
    record Use(String configurationArn, boolean isRedundant) {}

    /** Which configurations a list shows; at most one is set. */
    record Filter(Optional<String> stageArn, Optional<Boolean> isActive) {}

    private IngestRows() {}

    static int count(Handle handle) {
        return TABLE.count(handle);
    }

    static Optional<Row> find(Handle handle, String arn) {
        return TABLE.find(handle, arn);
    }

    static List<Pages.Row<Row>> before(Handle handle, Filter filter, long seq, int limit) {
        return handle.createQuery("SELECT * FROM (" + SELECT + """
                        ) WHERE seq < :seq
                            AND (:stageArn IS NULL OR stage_arn = :stageArn)
                            AND (:isActive IS NULL OR is_active = :isActive)
                        ORDER BY seq DESC LIMIT :limit""")
                .bind("seq", seq)
                .bind("stageArn", filter.stageArn().orElse(null))
                .bind(
                        "isActive",
                        filter.isActive().map(active -> active ? 1 : 0).orElse(null))
                .bind("limit", limit)
                .map(Pages.row(IngestRows::read))
                .list();
    }

    static void insert(Handle handle, Row row) {
        handle.execute(
                """
                INSERT INTO ingest_configuration (arn, name, stage_arn, user_id, attributes, protocol, tags)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                row.arn(),
                row.name(),
                Columns.nullIfEmpty(row.stageArn()),
                row.userId(),
                Columns.json(row.attributes()),
                row.protocol(),
                Columns.json(row.tags()));
    }

    static void setStage(Handle handle, String arn, String stageArn) {
        handle.execute(
                "UPDATE ingest_configuration SET stage_arn = ? WHERE arn = ?", Columns.nullIfEmpty(stageArn), arn);
    }

    /** Takes from the stage the configuration that a participant publishes by, if they do. */
    static void detach(Handle handle, String stageArn, String participantId) {
        handle.execute("""
                UPDATE ingest_configuration SET stage_arn = NULL
                WHERE stage_arn = ? AND arn IN
                    (SELECT ingest_configuration_arn FROM ingest_credential WHERE participant_id = ?)""", stageArn, participantId);
    }

    static void delete(Handle handle, String arn) {
        TABLE.delete(handle, arn);
    }

    /** The configuration's own first, then those of redundant ingest. */
    static List<Credential> credentials(Handle handle, String arn) {
        return handle.createQuery(
                        "SELECT * FROM ingest_credential WHERE ingest_configuration_arn = ? ORDER BY position")
                .bind(0, arn)
                .map((row, _) -> new Credential(row.getString("participant_id"), row.getString("stream_key")))
                .list();
    }

    static void insert(Handle handle, String arn, int position, Credential credential) {
        handle.execute("""
                INSERT INTO ingest_credential (stream_key, ingest_configuration_arn, position, participant_id)
                VALUES (?, ?, ?, ?)""", credential.streamKey(), arn, position, credential.participantId());
    }

    static void deleteRedundantCredentials(Handle handle, String arn) {
        handle.execute("DELETE FROM ingest_credential WHERE ingest_configuration_arn = ? AND position > 0", arn);
    }

    /** What somebody on a stage publishes by; empty for whoever comes with a token. */
    static Optional<Use> use(Handle handle, String stageArn, String participantId) {
        return handle.createQuery("""
                        SELECT arn, position FROM ingest_credential
                            JOIN ingest_configuration ON arn = ingest_configuration_arn
                        WHERE participant_id = ? AND stage_arn = ?""")
                .bind(0, participantId)
                .bind(1, stageArn)
                .map((row, _) -> new Use(row.getString("arn"), row.getInt("position") > 0))
                .findOne();
    }

    private static Row read(ResultSet row, StatementContext context) throws SQLException {
        return new Row(
                row.getString("arn"),
                row.getString("name"),
                Columns.optionalString(row, "stage_arn").orElse(""),
                row.getString("user_id"),
                Columns.strings(row, "attributes"),
                row.getString("protocol"),
                row.getBoolean("is_active"),
                Columns.strings(row, "tags"));
    }
}
