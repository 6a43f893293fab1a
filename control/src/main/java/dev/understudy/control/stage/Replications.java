package dev.understudy.control.stage;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.event.Outbox;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.stage.ParticipantRows.ParticipantRow;
import dev.understudy.control.stage.ParticipantRows.Source;
import dev.understudy.control.stage.ReplicationRows.ReplicationRow;
import dev.understudy.control.store.Pages;
import dev.understudy.control.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The participant replication operations of the control API: somebody who publishes on one stage takes part in another.
 * Thread-safe.
 *
 * <p>No media crosses yet: a replica is listed, has its attributes and events, and has published nothing.
 */
public final class Replications {
    private static final int DEFAULT_PAGE = 50;

    public record StartParticipantReplicationRequest(
            String sourceStageArn,
            String destinationStageArn,
            String participantId,
            Optional<Integer> reconnectWindowSeconds,
            Map<String, String> attributes) {}

    /** The answer is in the headers that every answer has. */
    public record StartParticipantReplicationResponse() {}

    public record StopParticipantReplicationRequest(
            String sourceStageArn, String destinationStageArn, String participantId) {}

    public record StopParticipantReplicationResponse() {}

    public record ListParticipantReplicasRequest(
            String sourceStageArn, String participantId, Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListParticipantReplicasResponse(List<ParticipantReplica> replicas, Optional<String> nextToken) {}

    public record ParticipantReplica(
            String sourceStageArn,
            String participantId,
            String sourceSessionId,
            String destinationStageArn,
            String destinationSessionId,
            String replicationState) {}

    private final Foundation base;
    private final Replicas replicas;

    public Replications(Foundation base, Outbox outbox) {
        this.base = base;
        this.replicas = new Replicas(new Happenings(outbox));
    }

    /** Starts a replication. Asking for one that is there changes nothing; asking for it otherwise is a conflict. */
    public StartParticipantReplicationResponse start(StartParticipantReplicationRequest request) {
        base.home().check(request.sourceStageArn());
        base.home().check(request.destinationStageArn());
        if (request.sourceStageArn().equals(request.destinationStageArn())) {
            throw ApiException.invalid("destinationStageArn", "must be another stage than sourceStageArn");
        }
        Tokens.checkAttributes(request.attributes());
        base.store().update(h -> start(h, request, base.now()));
        return new StartParticipantReplicationResponse();
    }

    private void start(Handle handle, StartParticipantReplicationRequest request, Instant now) {
        Stages.require(handle, request.sourceStageArn());
        Stages.require(handle, request.destinationStageArn());
        ParticipantRow source = ParticipantRows.present(handle, request.sourceStageArn(), request.participantId())
                .orElseThrow(() -> ApiException.notFound(request.participantId()));
        List<ReplicationRow> active = ReplicationRows.activeOf(handle, source.sessionId(), source.id());
        Optional<ReplicationRow> same = active.stream()
                .filter(r -> r.destinationStageArn().equals(request.destinationStageArn()))
                .findFirst();
        if (same.isPresent()) {
            checkRepeated(same.get(), request);
            return;
        }
        checkSource(source);
        base.quotas().check(Quota.REPLICATIONS_PER_PARTICIPANT, active::size);
        replicate(handle, source, request, now);
    }

    private static void checkRepeated(ReplicationRow active, StartParticipantReplicationRequest request) {
        boolean isSame = active.attributes().equals(request.attributes())
                && active.reconnectWindow().equals(window(request));
        if (!isSame) {
            throw ApiException.conflict("Participant " + request.participantId() + " is replicated to "
                    + request.destinationStageArn() + " with other attributes or another window");
        }
    }

    private static void checkSource(ParticipantRow source) {
        if (source.source().isPresent()) {
            throw ApiException.conflict("Participant " + source.id() + " is itself a replica");
        }
        if (!source.isPublishing()) {
            throw ApiException.conflict("Participant " + source.id() + " is not publishing");
        }
    }

    private void replicate(
            Handle handle, ParticipantRow source, StartParticipantReplicationRequest request, Instant now) {
        Map<String, String> attributes = new LinkedHashMap<>(source.attributes());
        attributes.putAll(request.attributes());
        Tokens.checkAttributes(attributes);
        String session = SessionRows.activeOrNew(handle, request.destinationStageArn(), base.ids(), now);
        Source from = new Source(request.sourceStageArn(), source.sessionId());
        Optional<ParticipantRow> known = ParticipantRows.find(handle, session, source.id());
        if (known.filter(p -> !p.source().equals(Optional.of(from))).isPresent()) {
            throw ApiException.conflict("Another participant " + source.id() + " takes part in the destination stage");
        }
        known.ifPresentOrElse(
                replica -> {
                    ParticipantRows.setAttributes(handle, replica, attributes);
                    ParticipantRows.setConnected(handle, replica, true, now);
                },
                () -> ParticipantRows.insertReplica(handle, session, source, attributes, from, now));
        var replication = new ReplicationRow(
                from.stageArn(),
                from.sessionId(),
                source.id(),
                request.destinationStageArn(),
                session,
                request.attributes(),
                window(request),
                true);
        ReplicationRows.start(handle, replication);
        replicas.started(handle, replication, now);
    }

    private static Duration window(StartParticipantReplicationRequest request) {
        return Duration.ofSeconds(request.reconnectWindowSeconds().orElse(0));
    }

    /** Ends a replication. One that has ended already is no matter; one that never was is not found. */
    public StopParticipantReplicationResponse stop(StopParticipantReplicationRequest request) {
        base.home().check(request.sourceStageArn());
        base.home().check(request.destinationStageArn());
        base.store().update(h -> {
            Stages.require(h, request.sourceStageArn());
            ReplicationRow newest = ReplicationRows.newest(
                            h, request.sourceStageArn(), request.participantId(), request.destinationStageArn())
                    .orElseThrow(() -> ApiException.notFound(
                            Stages.exists(h, request.destinationStageArn())
                                    ? request.participantId()
                                    : request.destinationStageArn()));
            if (newest.isActive()) {
                replicas.stop(h, newest, base.now());
            }
        });
        return new StopParticipantReplicationResponse();
    }

    /** Where a participant is replicated to or has been, in every session of the stage, newest first. */
    public ListParticipantReplicasResponse list(ListParticipantReplicasRequest request) {
        base.home().check(request.sourceStageArn());
        return base.store().read(h -> {
            Stages.require(h, request.sourceStageArn());
            Pages.Page<ReplicationRow> page = base.pages()
                    .page(
                            "replicas " + request.sourceStageArn() + " " + request.participantId(),
                            request.nextToken(),
                            request.maxResults().orElse(DEFAULT_PAGE),
                            (seq, limit) -> ReplicationRows.before(
                                    h, request.sourceStageArn(), request.participantId(), seq, limit));
            var replicas = page.items().stream().map(Replications::shown).toList();
            return new ListParticipantReplicasResponse(replicas, page.nextToken());
        });
    }

    private static ParticipantReplica shown(ReplicationRow row) {
        return new ParticipantReplica(
                row.sourceStageArn(),
                row.participantId(),
                row.sourceSessionId(),
                row.destinationStageArn(),
                row.destinationSessionId(),
                row.isActive() ? "ACTIVE" : "STOPPED");
    }
}
