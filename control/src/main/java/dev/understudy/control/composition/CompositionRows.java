package dev.understudy.control.composition;

import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** How compositions and their destinations lie in the database. Every method runs in its caller's transaction. */
final class CompositionRows {
    private static final RowMapper<Row> ROW = CompositionRows::row;

    /** A composition without its destinations; {@code requestDigest} is that of the {@link Wish} it began with. */
    record Row(
            String arn,
            String stageArn,
            Layout layout,
            Map<String, String> tags,
            String requestDigest,
            Instant startedAt,
            CompositionState state) {}

    record DestinationRow(
            String id,
            DestinationConfiguration configuration,
            Optional<String> recordingPrefix,
            DestinationState state,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt) {}

    /** What a list can be limited by; each makes a statement of its own, so that each has its index. */
    enum FilterBy {
        NOTHING(":arn = ''"),
        STAGE("stage_arn = :arn"),
        ENCODER_CONFIGURATION(
                "seq IN (SELECT composition_seq FROM destination WHERE encoder_configuration_arn = :arn)");

        private final String condition;

        FilterBy(String condition) {
            this.condition = condition;
        }
    }

    /** Which compositions a list shows. */
    record Filter(FilterBy by, String arn) {
        static final Filter NONE = new Filter(FilterBy.NOTHING, "");

        static Filter ofStage(String arn) {
            return new Filter(FilterBy.STAGE, arn);
        }

        static Filter ofEncoderConfiguration(String arn) {
            return new Filter(FilterBy.ENCODER_CONFIGURATION, arn);
        }
    }

    /** Names the states that there are, and not those that are left out: only so can an index be searched for them. */
    private static final String LIVING = "state IN ('STARTING', 'ACTIVE', 'STOPPING')";

    private CompositionRows() {}

    static void insert(Handle handle, Row row, Optional<String> idempotencyToken, List<DestinationRow> destinations) {
        handle.createUpdate("""
                        INSERT INTO composition
                            (arn, stage_arn, layout, tags, idempotency_token, request_digest, state, started_at,
                             changed_at)
                        VALUES (:arn, :stageArn, :layout, :tags, :token, :digest, :state, :startedAt, :changedAt)""")
                .bind("arn", row.arn())
                .bind("stageArn", row.stageArn())
                .bind("layout", Columns.json(row.layout()))
                .bind("tags", Columns.json(row.tags()))
                .bind("token", idempotencyToken.orElse(null))
                .bind("digest", row.requestDigest())
                .bind("state", row.state().apiName())
                .bind("startedAt", row.startedAt().toEpochMilli())
                .bind("changedAt", row.state().since().toEpochMilli())
                .execute();
        for (int i = 0; i < destinations.size(); i++) {
            insert(handle, row.arn(), i, destinations.get(i));
        }
    }

    private static void insert(Handle handle, String compositionArn, int position, DestinationRow destination) {
        DestinationConfiguration configuration = destination.configuration();
        handle.createUpdate("""
                        INSERT INTO destination
                            (composition_seq, position, id, configuration, encoder_configuration_arn,
                             storage_configuration_arn, recording_prefix, state)
                        VALUES ((SELECT seq FROM composition WHERE arn = :arn), :position, :id, :configuration,
                            :encoder, :storage, :prefix, :state)""")
                .bind("arn", compositionArn)
                .bind("position", position)
                .bind("id", destination.id())
                .bind("configuration", Columns.json(configuration))
                .bind("encoder", configuration.encoderConfigurationArn().orElse(null))
                .bind(
                        "storage",
                        configuration
                                .s3()
                                .map(DestinationConfiguration.S3::storageConfigurationArn)
                                .orElse(null))
                .bind("prefix", destination.recordingPrefix().orElse(null))
                .bind("state", destination.state())
                .execute();
    }

    static Optional<Row> find(Handle handle, String arn) {
        return handle.createQuery("SELECT * FROM composition WHERE arn = ?")
                .bind(0, arn)
                .map(ROW)
                .findOne();
    }

    static Optional<Row> findByToken(Handle handle, String idempotencyToken) {
        return handle.createQuery("SELECT * FROM composition WHERE idempotency_token = ?")
                .bind(0, idempotencyToken)
                .map(ROW)
                .findOne();
    }

    static List<Pages.Row<Row>> before(Handle handle, Filter filter, long seq, int limit) {
        return handle.createQuery("SELECT * FROM composition WHERE seq < :seq AND " + filter.by().condition
                        + " ORDER BY seq DESC LIMIT :limit")
                .bind("seq", seq)
                .bind("arn", filter.arn())
                .bind("limit", limit)
                .map(Pages.row(ROW))
                .list();
    }

    /** Those that have not ended, oldest first. */
    static List<Row> living(Handle handle) {
        return handle.createQuery("SELECT * FROM composition WHERE " + LIVING + " ORDER BY seq")
                .map(ROW)
                .list();
    }

    static List<DestinationRow> destinations(Handle handle, String compositionArn) {
        return handle.createQuery("""
                        SELECT * FROM destination
                        WHERE composition_seq = (SELECT seq FROM composition WHERE arn = ?) ORDER BY position""")
                .bind(0, compositionArn)
                .map(CompositionRows::destination)
                .list();
    }

    static void setState(Handle handle, String arn, CompositionState state) {
        handle.createUpdate(
                        "UPDATE composition SET state = :state, changed_at = :at, reason = :reason WHERE arn = :arn")
                .bind("state", state.apiName())
                .bind("at", state.since().toEpochMilli())
                .bind("reason", state instanceof CompositionState.Failed(var _, var reason) ? reason : null)
                .bind("arn", arn)
                .execute();
    }

    /** Keeps the first start and the end. */
    static void setState(Handle handle, String compositionArn, String id, DestinationState state, Instant at) {
        handle.createUpdate("""
                        UPDATE destination SET state = :state,
                            started_at = CASE WHEN :isActive THEN COALESCE(started_at, :at) ELSE started_at END,
                            ended_at = CASE WHEN :hasEnded THEN :at ELSE ended_at END
                        WHERE composition_seq = (SELECT seq FROM composition WHERE arn = :arn) AND id = :id""")
                .bind("state", state)
                .bind("isActive", state == DestinationState.ACTIVE)
                .bind("hasEnded", state.hasEnded())
                .bind("at", at.toEpochMilli())
                .bind("arn", compositionArn)
                .bind("id", id)
                .execute();
    }

    /** The ARNs of compositions that no longer should run at {@code now}, because of time or because their stage is gone. */
    static List<String> overdue(Handle handle, Instant now) {
        record Candidate(String arn, boolean hasStage, AutoStop autoStop) {}
        List<Candidate> running = handle.createQuery("""
                        SELECT composition.arn, composition.started_at,
                            (SELECT COUNT(*) FROM stage WHERE stage.arn = composition.stage_arn) AS stages,
                            EXISTS (SELECT 1 FROM participant
                                JOIN stage_session ON stage_session.id = participant.session_id
                                WHERE stage_session.stage_arn = composition.stage_arn
                                    AND stage_session.ended_at IS NULL AND publishing = 1) AS is_published_to,
                            (SELECT MAX((SELECT MAX(unpublished_at) FROM participant
                                    WHERE session_id = stage_session.id))
                                FROM stage_session
                                WHERE stage_arn = composition.stage_arn
                                    AND COALESCE(ended_at, 9223372036854775807) >= +composition.started_at
                            ) AS unpublished_at
                        FROM composition
                        WHERE state <> 'STOPPING' AND\s""" + LIVING)
                .map((row, _) -> new Candidate(
                        row.getString("arn"),
                        row.getInt("stages") > 0,
                        new AutoStop(
                                Columns.instant(row, "started_at"),
                                row.getInt("is_published_to") > 0,
                                Columns.optionalInstant(row, "unpublished_at"))))
                .list();
        return running.stream()
                .filter(c -> !c.hasStage() || !c.autoStop().at().isAfter(now))
                .map(Candidate::arn)
                .toList();
    }

    static List<String> livingOf(Handle handle, String stageArn) {
        return handle.createQuery("SELECT arn FROM composition WHERE stage_arn = ? AND " + LIVING)
                .bind(0, stageArn)
                .mapTo(String.class)
                .list();
    }

    static int countLivingOf(Handle handle, String stageArn) {
        return handle.createQuery("SELECT COUNT(*) FROM composition WHERE stage_arn = ? AND " + LIVING)
                .bind(0, stageArn)
                .mapTo(int.class)
                .one();
    }

    static int countLiving(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) FROM composition WHERE " + LIVING)
                .mapTo(int.class)
                .one();
    }

    static boolean hasEndedBefore(Handle handle, Instant time) {
        return handle.createQuery(
                                "SELECT COUNT(*) FROM composition WHERE state IN ('STOPPED', 'FAILED') AND changed_at <= ?")
                        .bind(0, time.toEpochMilli())
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    static void deleteEndedBefore(Handle handle, Instant time) {
        handle.execute(
                "DELETE FROM composition WHERE state IN ('STOPPED', 'FAILED') AND changed_at <= ?",
                time.toEpochMilli());
    }

    private static Row row(ResultSet row, StatementContext context) throws SQLException {
        String reason = Columns.optionalString(row, "reason").orElse("");
        return new Row(
                row.getString("arn"),
                row.getString("stage_arn"),
                Columns.value(row, "layout", Layout.class),
                Columns.strings(row, "tags"),
                row.getString("request_digest"),
                Columns.instant(row, "started_at"),
                CompositionState.of(row.getString("state"), Columns.instant(row, "changed_at"), reason));
    }

    private static DestinationRow destination(ResultSet row, StatementContext context) throws SQLException {
        return new DestinationRow(
                row.getString("id"),
                Columns.value(row, "configuration", DestinationConfiguration.class),
                Columns.optionalString(row, "recording_prefix"),
                DestinationState.valueOf(row.getString("state")),
                Columns.optionalInstant(row, "started_at"),
                Columns.optionalInstant(row, "ended_at"));
    }
}
