package dev.understudy.control.stage;

import dev.understudy.control.stage.EventRows.Detail;
import dev.understudy.control.stage.EventRows.EventRow;
import dev.understudy.control.stage.ParticipantRows.ParticipantRow;
import dev.understudy.control.stage.ReplicationRows.ReplicationRow;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What becomes of replicas when their sources, their stages or time move on.
 *
 * <p>A replica is a participant of the destination's session for as long as its replication is active, and keeps that
 * session alive like anybody else. Each start and each stop is told twice: to the source's session and to the replica's.
 *
 * <p>Thread-safe. Every method runs in its caller's transaction.
 */
final class Replicas {
    private final Happenings happenings;

    Replicas(Happenings happenings) {
        this.happenings = happenings;
    }

    /** Tells both sessions that a replication has begun. */
    void started(Handle handle, ReplicationRow replication, Instant now) {
        replica(handle, replication).ifPresent(replica -> tell(handle, replica, EventName.JOINED, now));
        tell(handle, replication, EventName.REPLICATION_STARTED, now);
    }

    /** Ends one replication: its replica leaves. */
    void stop(Handle handle, ReplicationRow replication, Instant now) {
        ReplicationRows.setStopped(handle, replication);
        tell(handle, replication, EventName.REPLICATION_STOPPED, now);
        replica(handle, replication).ifPresent(replica -> {
            ParticipantRows.setConnected(handle, replica, false, now);
            tell(handle, replica, EventName.LEFT, now);
        });
    }

    /** The source publishes, perhaps again. */
    void sourceCame(Handle handle, ParticipantRow source) {
        ReplicationRows.setSourceBack(handle, source.sessionId(), source.id());
    }

    /** The source publishes no more; those of its replicas that wait for nobody end. */
    void sourceWent(Handle handle, ParticipantRow source, Instant now) {
        ReplicationRows.setSourceAway(handle, source.sessionId(), source.id(), now);
        ReplicationRows.activeOf(handle, source.sessionId(), source.id()).stream()
                .filter(replication -> replication.reconnectWindow().isZero())
                .forEach(replication -> stop(handle, replication, now));
    }

    /** The participant was disconnected for good, as a source or as a replica. */
    void disconnected(Handle handle, String stageArn, String participantId, Instant now) {
        ReplicationRows.activeFrom(handle, stageArn).stream()
                .filter(replication -> replication.participantId().equals(participantId))
                .forEach(replication -> stop(handle, replication, now));
        ReplicationRows.activeTo(handle, stageArn).stream()
                .filter(replication -> replication.participantId().equals(participantId))
                .forEach(replication -> stop(handle, replication, now));
    }

    /** The stage is about to be deleted. */
    void stageGoes(Handle handle, String stageArn, Instant now) {
        ReplicationRows.activeFrom(handle, stageArn).forEach(replication -> stop(handle, replication, now));
        ReplicationRows.activeTo(handle, stageArn).forEach(replication -> stop(handle, replication, now));
    }

    private void tell(Handle handle, ReplicationRow replication, EventName name, Instant now) {
        Detail detail = Detail.replicated(replication.destinationStageArn(), replication.destinationSessionId());
        EventRow event = EventRow.of(name, replication.participantId(), now).with(detail);
        ParticipantRows.find(handle, replication.sourceSessionId(), replication.participantId())
                .ifPresent(source -> happenings.tell(handle, source, event));
        replica(handle, replication)
                .ifPresent(replica -> happenings.tell(handle, replica, event.with(detail.ofReplica())));
    }

    private void tell(Handle handle, ParticipantRow replica, EventName name, Instant now) {
        EventRow event = EventRow.of(name, replica.id(), now).with(Detail.NONE.ofReplica());
        happenings.tell(handle, replica, event);
    }

    private static Optional<ParticipantRow> replica(Handle handle, ReplicationRow replication) {
        return ParticipantRows.find(handle, replication.destinationSessionId(), replication.participantId());
    }
}
