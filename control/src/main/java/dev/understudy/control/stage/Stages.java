package dev.understudy.control.stage;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.configuration.StorageConfigurations;
import dev.understudy.control.event.Outbox;
import dev.understudy.control.resource.Endpoints;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Table;
import dev.understudy.control.tag.TagRules;
import dev.understudy.control.token.Tokens;
import dev.understudy.control.token.Tokens.ParticipantToken;
import dev.understudy.control.token.Tokens.ParticipantTokenConfiguration;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The stage operations of the control API. Thread-safe. */
public final class Stages {
    private static final int DEFAULT_PAGE = 50;
    private static final Table<Row> TABLE = new Table<>("stage", """
            SELECT stage.*,
                (SELECT id FROM stage_session WHERE stage_arn = stage.arn AND ended_at IS NULL) AS active_session_id
            FROM stage""", Stages::read);
    private static final AutoParticipantRecordingConfiguration NO_RECORDING =
            AutoParticipantRecordingConfiguration.of(AutoParticipantRecordingConfiguration.Asked.NOTHING);
    private static final String NO_RECORDING_JSON = Columns.json(NO_RECORDING);

    /** As the API shows it; {@code activeSessionId} is {@code ""} while nobody is there. */
    public record Stage(
            String arn,
            String name,
            String activeSessionId,
            Map<String, String> tags,
            AutoParticipantRecordingConfiguration autoParticipantRecordingConfiguration,
            Endpoints endpoints) {}

    public record StageSummary(String arn, String name, String activeSessionId, Map<String, String> tags) {}

    public record CreateStageRequest(
            Optional<String> name,
            List<ParticipantTokenConfiguration> participantTokenConfigurations,
            Map<String, String> tags,
            Optional<AutoParticipantRecordingConfiguration.Asked> autoParticipantRecordingConfiguration) {}

    public record CreateStageResponse(Stage stage, List<ParticipantToken> participantTokens) {}

    public record GetStageRequest(String arn) {}

    public record GetStageResponse(Stage stage) {}

    public record UpdateStageRequest(
            String arn,
            Optional<String> name,
            Optional<AutoParticipantRecordingConfiguration.Asked> autoParticipantRecordingConfiguration) {}

    public record UpdateStageResponse(Stage stage) {}

    public record ListStagesRequest(Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListStagesResponse(List<StageSummary> stages, Optional<String> nextToken) {}

    public record DeleteStageRequest(String arn) {}

    /** A stage without what is computed. */
    public record Row(
            String arn,
            String name,
            String activeSessionId,
            Map<String, String> tags,
            AutoParticipantRecordingConfiguration recording) {}

    private final Foundation base;
    private final Tokens tokens;
    private final StagePlane plane;
    private final Replicas replicas;
    private final Attendance attendance;

    public Stages(Foundation base, Tokens tokens, StagePlane plane, Outbox outbox) {
        this.base = base;
        this.tokens = tokens;
        this.plane = plane;
        var happenings = new Happenings(outbox);
        this.replicas = new Replicas(happenings);
        this.attendance = new Attendance(happenings, replicas);
    }

    public CreateStageResponse create(CreateStageRequest request) {
        TagRules.check(request.tags().keySet());
        var recording = recording(request.autoParticipantRecordingConfiguration()
                .orElse(AutoParticipantRecordingConfiguration.Asked.NOTHING));
        var row = new Row(base.newArn("stage"), request.name().orElse(""), "", request.tags(), recording);
        List<ParticipantToken> made = request.participantTokenConfigurations().stream()
                .map(asked -> tokens.make(row.arn(), asked))
                .toList();
        base.store().update(h -> {
            base.quotas().check(Quota.STAGES, () -> TABLE.count(h));
            checkStorage(h, recording);
            insert(h, row);
        });
        return new CreateStageResponse(shown(row), made);
    }

    public GetStageResponse get(GetStageRequest request) {
        base.home().check(request.arn());
        return new GetStageResponse(shown(base.store().readOne(h -> require(h, request.arn()))));
    }

    /** Changes what the request names; how participants are recorded, only while none of them is. */
    public UpdateStageResponse update(UpdateStageRequest request) {
        base.home().check(request.arn());
        Row updated = base.store().write(h -> {
            Row old = require(h, request.arn());
            var recording = request.autoParticipantRecordingConfiguration()
                    .map(this::recording)
                    .orElse(old.recording());
            if (!recording.equals(old.recording())) {
                checkNotRecording(h, old);
                checkStorage(h, recording);
            }
            var row =
                    new Row(old.arn(), request.name().orElse(old.name()), old.activeSessionId(), old.tags(), recording);
            h.execute(
                    "UPDATE stage SET name = ?, recording = ? WHERE arn = ?",
                    row.name(),
                    Columns.json(row.recording()),
                    row.arn());
            return row;
        });
        return new UpdateStageResponse(shown(updated));
    }

    public ListStagesResponse list(ListStagesRequest request) {
        int size = request.maxResults().orElse(DEFAULT_PAGE);
        Pages.Page<Row> page = base.store()
                .read(h -> base.pages()
                        .page("stages", request.nextToken(), size, (seq, limit) -> TABLE.before(h, seq, limit)));
        var summaries = page.items().stream()
                .map(row -> new StageSummary(row.arn(), row.name(), row.activeSessionId(), row.tags()))
                .toList();
        return new ListStagesResponse(summaries, page.nextToken());
    }

    /** Deletes a stage with its sessions, and disconnects everybody. Ingest configurations stay, and lead nowhere. */
    public void delete(DeleteStageRequest request) {
        base.home().check(request.arn());
        base.store().update(h -> {
            everybodyLeaves(h, request.arn(), base.now());
            if (!TABLE.delete(h, request.arn())) {
                throw ApiException.notFound(request.arn());
            }
        });
        plane.close(request.arn());
    }

    /** Told before the rows go: what the media side reports afterwards finds nobody. */
    private void everybodyLeaves(Handle handle, String arn, Instant now) {
        replicas.stageGoes(handle, arn, now);
        ParticipantRows.connected(handle, arn).forEach(participant -> attendance.leave(handle, participant, now));
    }

    /** Disconnects everybody from every stage. */
    public void disconnectAll() {
        base.store()
                .read(h -> h.createQuery("SELECT arn FROM stage")
                        .mapTo(String.class)
                        .list())
                .forEach(plane::close);
    }

    /** The stage with this ARN; throws {@link ApiException} of kind RESOURCE_NOT_FOUND. */
    public static Row require(Handle handle, String arn) {
        return TABLE.find(handle, arn).orElseThrow(() -> ApiException.notFound(arn));
    }

    /** Throws {@link ApiException} of kind RESOURCE_NOT_FOUND when there is no such stage. */
    public static void check(Handle handle, String arn) {
        if (!exists(handle, arn)) {
            throw ApiException.notFound(arn);
        }
    }

    static boolean exists(Handle handle, String arn) {
        return TABLE.has(handle, arn);
    }

    private AutoParticipantRecordingConfiguration recording(AutoParticipantRecordingConfiguration.Asked asked) {
        if (!asked.storageConfigurationArn().isEmpty()) {
            base.home().check(asked.storageConfigurationArn());
        }
        return AutoParticipantRecordingConfiguration.of(asked);
    }

    private static void checkStorage(Handle handle, AutoParticipantRecordingConfiguration recording) {
        if (!recording.storageConfigurationArn().isEmpty()) {
            StorageConfigurations.require(handle, recording.storageConfigurationArn());
        }
    }

    private static void checkNotRecording(Handle handle, Row stage) {
        boolean isRecording =
                !stage.activeSessionId().isEmpty() && ParticipantRows.isAnyRecording(handle, stage.activeSessionId());
        if (isRecording) {
            throw ApiException.conflict("Resource: " + stage.arn() + " has participants who are being recorded");
        }
    }

    private static void insert(Handle handle, Row row) {
        handle.execute(
                "INSERT INTO stage (arn, name, recording, tags) VALUES (?, ?, ?, ?)",
                row.arn(),
                row.name(),
                Columns.json(row.recording()),
                Columns.json(row.tags()));
    }

    private Stage shown(Row row) {
        return new Stage(row.arn(), row.name(), row.activeSessionId(), row.tags(), row.recording(), base.endpoints());
    }

    private static Row read(ResultSet row, StatementContext context) throws SQLException {
        return new Row(
                row.getString("arn"),
                row.getString("name"),
                Columns.optionalString(row, "active_session_id").orElse(""),
                Columns.strings(row, "tags"),
                readRecording(row.getString("recording")));
    }

    /** Most stages have the same, and reading it takes as long as SQLite takes to find the stage. */
    private static AutoParticipantRecordingConfiguration readRecording(String json) {
        return json.equals(NO_RECORDING_JSON)
                ? NO_RECORDING
                : Columns.value(json, AutoParticipantRecordingConfiguration.class);
    }
}
