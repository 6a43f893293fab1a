package dev.understudy.control.stage;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.stage.EventRows.EventRow;
import dev.understudy.control.stage.ParticipantRows.Filter;
import dev.understudy.control.stage.ParticipantRows.ParticipantRow;
import dev.understudy.control.stage.SessionRows.SessionRow;
import dev.understudy.control.store.Pages;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The operations of the control API that ask about sessions and participants. Thread-safe. */
public final class ParticipantOperations {
    private static final int DEFAULT_PAGE = 50;

    /**
     * As the API shows it: what is not known is blank.
     *
     * @param replicationState empty, like what follows, for whom it does not concern
     * @param sourceStageArn {@code ""} for one who is replicated to other stages
     */
    public record Participant(
            String participantId,
            String userId,
            String state,
            Instant firstJoinTime,
            Map<String, String> attributes,
            boolean published,
            String ispName,
            String osName,
            String osVersion,
            String browserName,
            String browserVersion,
            String sdkVersion,
            String recordingS3BucketName,
            String recordingS3Prefix,
            String recordingState,
            String protocol,
            String replicationType,
            Optional<String> replicationState,
            Optional<String> sourceStageArn,
            Optional<String> sourceSessionId,
            Optional<Boolean> redundantIngest,
            Optional<String> ingestConfigurationArn) {}

    public record ParticipantSummary(
            String participantId,
            String userId,
            String state,
            Instant firstJoinTime,
            boolean published,
            String recordingState,
            String replicationType,
            Optional<String> replicationState,
            Optional<String> sourceStageArn,
            Optional<String> sourceSessionId,
            Optional<Boolean> redundantIngest,
            Optional<String> ingestConfigurationArn) {}

    public record GetParticipantRequest(String stageArn, String sessionId, String participantId) {}

    public record GetParticipantResponse(Participant participant) {}

    public record ListParticipantsRequest(
            String stageArn,
            String sessionId,
            Optional<String> filterByUserId,
            Optional<Boolean> filterByPublished,
            Optional<String> filterByState,
            Optional<String> filterByRecordingState,
            Optional<String> nextToken,
            Optional<Integer> maxResults) {}

    public record ListParticipantsResponse(List<ParticipantSummary> participants, Optional<String> nextToken) {}

    public record StageSession(String sessionId, Instant startTime, Optional<Instant> endTime) {}

    public record GetStageSessionRequest(String stageArn, String sessionId) {}

    public record GetStageSessionResponse(StageSession stageSession) {}

    public record ListStageSessionsRequest(String stageArn, Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListStageSessionsResponse(List<StageSession> stageSessions, Optional<String> nextToken) {}

    public record Event(
            String name,
            String participantId,
            Instant eventTime,
            Optional<String> remoteParticipantId,
            Optional<String> errorCode,
            Optional<String> destinationStageArn,
            Optional<String> destinationSessionId,
            Optional<Boolean> replica,
            Optional<ExchangedParticipantToken> previousToken,
            Optional<ExchangedParticipantToken> newToken) {}

    public record ListParticipantEventsRequest(
            String stageArn,
            String sessionId,
            String participantId,
            Optional<String> nextToken,
            Optional<Integer> maxResults) {}

    public record ListParticipantEventsResponse(List<Event> events, Optional<String> nextToken) {}

    public record DisconnectParticipantRequest(String stageArn, String participantId) {}

    private final Foundation base;

    public ParticipantOperations(Foundation base) {
        this.base = base;
    }

    public GetParticipantResponse getParticipant(GetParticipantRequest request) {
        base.home().check(request.stageArn());
        return base.store().read(h -> {
            requireSession(h, request.stageArn(), request.sessionId());
            return ParticipantRows.find(h, request.sessionId(), request.participantId())
                    .map(ParticipantOperations::shown)
                    .map(GetParticipantResponse::new)
                    .orElseThrow(() -> ApiException.notFound(request.participantId()));
        });
    }

    public ListParticipantsResponse listParticipants(ListParticipantsRequest request) {
        base.home().check(request.stageArn());
        Filter filter = filter(request);
        String list = "participants " + request.sessionId() + " " + filter;
        return base.store().read(h -> {
            requireSession(h, request.stageArn(), request.sessionId());
            Pages.Page<ParticipantRow> page = base.pages()
                    .page(
                            list,
                            request.nextToken(),
                            size(request.maxResults()),
                            (seq, limit) -> ParticipantRows.before(h, request.sessionId(), filter, seq, limit));
            var summaries =
                    page.items().stream().map(ParticipantOperations::summary).toList();
            return new ListParticipantsResponse(summaries, page.nextToken());
        });
    }

    /** An empty user id filters nothing, as empty filters of the other lists do. */
    private static Filter filter(ListParticipantsRequest request) {
        Optional<String> userId = request.filterByUserId().filter(id -> !id.isEmpty());
        long filters = Stream.of(
                        userId, request.filterByPublished(), request.filterByState(), request.filterByRecordingState())
                .filter(Optional::isPresent)
                .count();
        if (filters > 1) {
            throw ApiException.validation("Only one of filterByUserId, filterByPublished, filterByState and"
                    + " filterByRecordingState is allowed");
        }
        return new Filter(
                userId,
                request.filterByPublished(),
                request.filterByState().map("CONNECTED"::equals),
                request.filterByRecordingState());
    }

    public GetStageSessionResponse getStageSession(GetStageSessionRequest request) {
        base.home().check(request.stageArn());
        SessionRow session = base.store().read(h -> requireSession(h, request.stageArn(), request.sessionId()));
        return new GetStageSessionResponse(shown(session));
    }

    public ListStageSessionsResponse listStageSessions(ListStageSessionsRequest request) {
        base.home().check(request.stageArn());
        return base.store().read(h -> {
            Stages.require(h, request.stageArn());
            Pages.Page<SessionRow> page = base.pages()
                    .page(
                            "sessions " + request.stageArn(),
                            request.nextToken(),
                            size(request.maxResults()),
                            (seq, limit) -> SessionRows.before(h, request.stageArn(), seq, limit));
            var sessions =
                    page.items().stream().map(ParticipantOperations::shown).toList();
            return new ListStageSessionsResponse(sessions, page.nextToken());
        });
    }

    public ListParticipantEventsResponse listParticipantEvents(ListParticipantEventsRequest request) {
        base.home().check(request.stageArn());
        return base.store().read(h -> {
            requireSession(h, request.stageArn(), request.sessionId());
            Pages.Page<EventRow> page = base.pages()
                    .page(
                            "events " + request.sessionId() + " " + request.participantId(),
                            request.nextToken(),
                            size(request.maxResults()),
                            (seq, limit) ->
                                    EventRows.before(h, request.sessionId(), request.participantId(), seq, limit));
            var events = page.items().stream().map(ParticipantOperations::shown).toList();
            return new ListParticipantEventsResponse(events, page.nextToken());
        });
    }

    private static SessionRow requireSession(Handle handle, String stageArn, String sessionId) {
        Stages.require(handle, stageArn);
        return SessionRows.find(handle, stageArn, sessionId).orElseThrow(() -> ApiException.notFound(sessionId));
    }

    private static int size(Optional<Integer> maxResults) {
        return maxResults.orElse(DEFAULT_PAGE);
    }

    private static Participant shown(ParticipantRow row) {
        ClientDescription client = row.client();
        return new Participant(
                row.id(),
                row.userId(),
                ParticipantRows.state(row.isConnected()),
                row.joinedAt(),
                row.attributes(),
                row.hasPublished(),
                client.ispName(),
                client.osName(),
                client.osVersion(),
                client.browserName(),
                client.browserVersion(),
                client.sdkVersion(),
                row.recording().bucketName(),
                row.recording().prefix(),
                row.recording().state().name(),
                row.protocol(),
                replicationType(row),
                replicationState(row),
                sourceStageArn(row),
                sourceSessionId(row),
                row.ingest().map(IngestRows.Use::isRedundant),
                row.ingest().map(IngestRows.Use::configurationArn));
    }

    private static ParticipantSummary summary(ParticipantRow row) {
        return new ParticipantSummary(
                row.id(),
                row.userId(),
                ParticipantRows.state(row.isConnected()),
                row.joinedAt(),
                row.hasPublished(),
                row.recording().state().name(),
                replicationType(row),
                replicationState(row),
                sourceStageArn(row),
                sourceSessionId(row),
                row.ingest().map(IngestRows.Use::isRedundant),
                row.ingest().map(IngestRows.Use::configurationArn));
    }

    private static String replicationType(ParticipantRow row) {
        if (row.source().isPresent()) {
            return "REPLICA";
        }
        return row.replicated().isPresent() ? "SOURCE" : "NONE";
    }

    /** A replica takes part for exactly as long as its replication is active. */
    private static Optional<String> replicationState(ParticipantRow row) {
        return row.source().isPresent() ? Optional.of(row.isConnected() ? "ACTIVE" : "STOPPED") : row.replicated();
    }

    private static Optional<String> sourceStageArn(ParticipantRow row) {
        return row.source()
                .map(ParticipantRows.Source::stageArn)
                .or(() -> row.replicated().map(_ -> ""));
    }

    private static Optional<String> sourceSessionId(ParticipantRow row) {
        return row.source()
                .map(ParticipantRows.Source::sessionId)
                .or(() -> row.replicated().map(_ -> ""));
    }

    private static StageSession shown(SessionRow row) {
        return new StageSession(row.id(), row.startedAt(), row.endedAt());
    }

    private static Event shown(EventRow row) {
        EventRows.Detail detail = row.detail();
        return new Event(
                row.name().name(),
                row.participantId(),
                row.happenedAt(),
                row.remoteParticipantId(),
                row.errorCode().map(EventErrorCode::name),
                detail.destinationStageArn(),
                detail.destinationSessionId(),
                detail.replica(),
                detail.previousToken(),
                detail.newToken());
    }
}
