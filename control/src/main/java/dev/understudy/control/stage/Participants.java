package dev.understudy.control.stage;

import dev.understudy.control.event.Detail.StageUpdate;
import dev.understudy.control.event.Outbox;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.stage.ParticipantRows.EventRow;
import dev.understudy.control.stage.ParticipantRows.ParticipantRow;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;

/**
 * Who takes part in which stage: the media side reports, sessions begin and end, and events are kept.
 *
 * <p>Thread-safe. A report about somebody who is not there changes nothing: a stage may have been deleted meanwhile.
 */
public final class Participants {
    /** No token lives longer, so that a disconnection older than this keeps nobody out. */
    private static final Duration DISCONNECTION_KEPT = Duration.ofDays(15);

    private static final int SESSION_ID_LENGTH = 13;

    /** What became of somebody who wanted to join. */
    public sealed interface Joining {

        /**
         * They are in.
         *
         * @param isAgain whether the same token was connected already: that connection is to be ended
         */
        record Joined(String sessionId, boolean isAgain) implements Joining {}

        /** They stay out; {@code message} can be shown. */
        record Refused(Verdict.Reason reason, String message) implements Joining {}
    }

    private final Foundation base;
    private final StagePlane plane;
    private final Outbox outbox;

    public Participants(Foundation base, StagePlane plane, Outbox outbox) {
        this.base = base;
        this.plane = plane;
        this.outbox = outbox;
    }

    /**
     * Somebody with a genuine token joins; the first one begins a session.
     *
     * @param protocol WHIP, RTMP, RTMPS or UNKNOWN
     */
    public Joining join(ParticipantClaims claims, ClientDescription client, String protocol, Instant now) {
        return base.store().write(h -> {
            if (!Stages.exists(h, claims.stageArn())) {
                return new Joining.Refused(Verdict.Reason.STAGE_NOT_FOUND, "the token's stage does not exist");
            }
            if (ParticipantRows.isDisconnectedForGood(h, claims.stageArn(), claims.participantId())) {
                return new Joining.Refused(Verdict.Reason.DISCONNECTED, "the participant has been disconnected");
            }
            String sessionId = session(h, claims.stageArn(), now);
            return join(h, sessionId, claims, client, protocol, now);
        });
    }

    private Joining join(
            Handle handle,
            String sessionId,
            ParticipantClaims claims,
            ClientDescription client,
            String protocol,
            Instant now) {
        Optional<ParticipantRow> known = ParticipantRows.participant(handle, sessionId, claims.participantId());
        if (known.filter(p -> !p.tokenDigest().equals(claims.tokenDigest())).isPresent()) {
            return new Joining.Refused(
                    Verdict.Reason.DUPLICATE_PARTICIPANT, "the participant id belongs to another token");
        }
        boolean isAgain = known.filter(ParticipantRow::isConnected).isPresent();
        known.ifPresentOrElse(
                p -> ParticipantRows.setConnected(handle, p, true, now),
                () -> ParticipantRows.insert(handle, sessionId, claims, client, protocol, now));
        if (!isAgain) {
            happened(handle, sessionId, claims.participantId(), "JOINED", now);
        }
        return new Joining.Joined(sessionId, isAgain);
    }

    private String session(Handle handle, String stageArn, Instant now) {
        return ParticipantRows.activeSession(handle, stageArn)
                .map(ParticipantRows.SessionRow::id)
                .orElseGet(() -> {
                    String id = "st-" + base.ids().next(SESSION_ID_LENGTH);
                    ParticipantRows.insertSession(handle, id, stageArn, now);
                    return id;
                });
    }

    /** A participant's media has begun to arrive. */
    public void published(String sessionId, String participantId, Instant now) {
        change(sessionId, participantId, (h, participant) -> {
            if (participant.isConnected() && !participant.isPublishing()) {
                ParticipantRows.setPublishing(h, participant, true, now);
                happened(h, sessionId, participantId, "PUBLISH_STARTED", now);
                tell(h, update(participant, "Participant Published", now));
            }
        });
    }

    /** A participant has stopped publishing, and may still be connected. */
    public void unpublished(String sessionId, String participantId, Instant now) {
        change(sessionId, participantId, (h, participant) -> unpublish(h, participant, now));
    }

    /** A participant's connection has ended, for whatever reason. */
    public void left(String sessionId, String participantId, Instant now) {
        change(sessionId, participantId, (h, participant) -> leave(h, participant, now));
    }

    /**
     * A participant could not do what they wanted.
     *
     * @param name PUBLISH_ERROR, SUBSCRIBE_ERROR or JOIN_ERROR
     * @param errorCode as in {@code INSUFFICIENT_CAPABILITIES}
     */
    public void failed(String sessionId, String participantId, String name, String errorCode, Instant now) {
        change(sessionId, participantId, (h, participant) -> {
            ParticipantRows.insert(
                    h, sessionId, new EventRow(name, participantId, now, Optional.empty(), Optional.of(errorCode)));
            if (name.equals("PUBLISH_ERROR")) {
                tell(h, update(participant, "Participant Publish Error", now).withErrorCode(errorCode));
            }
        });
    }

    /**
     * Disconnects a participant of a stage for good: their token counts no more, whether they have used it or not, and an
     * ingest configuration that they publish by leads to the stage no more.
     */
    public void disconnect(ParticipantOperations.DisconnectParticipantRequest request) {
        base.home().check(request.stageArn());
        base.store().update(h -> {
            Stages.require(h, request.stageArn());
            ParticipantRows.disconnectForGood(h, request.stageArn(), request.participantId(), base.now());
            IngestRows.detach(h, request.stageArn(), request.participantId());
        });
        plane.disconnect(request.stageArn(), request.participantId());
    }

    /** Nobody is connected to a node that has just started: ends what the last run left open. */
    public void recover(Instant now) {
        base.store().update(h -> ParticipantRows.connected(h).forEach(p -> leave(h, p, now)));
    }

    /** Lets time pass: ends sessions that stay empty. To be called about once a second; calling early does no harm. */
    public void elapsed(Instant now) {
        Instant emptySince = now.minus(base.rules().sessionKept());
        if (base.store().read(h -> ParticipantRows.hasSessionEmptySince(h, emptySince))) {
            base.store().update(h -> {
                ParticipantRows.endSessionsEmptySince(h, emptySince);
                ParticipantRows.forgetDisconnectedBefore(h, now.minus(DISCONNECTION_KEPT));
            });
        }
    }

    private void change(String sessionId, String participantId, BiConsumer<Handle, ParticipantRow> change) {
        base.store()
                .update(h -> ParticipantRows.participant(h, sessionId, participantId)
                        .ifPresent(participant -> change.accept(h, participant)));
    }

    private void leave(Handle handle, ParticipantRow participant, Instant now) {
        unpublish(handle, participant, now);
        if (participant.isConnected()) {
            ParticipantRows.setConnected(handle, participant, false, now);
            happened(handle, participant.sessionId(), participant.id(), "LEFT", now);
        }
    }

    private void unpublish(Handle handle, ParticipantRow participant, Instant now) {
        if (participant.isPublishing()) {
            ParticipantRows.setPublishing(handle, participant, false, now);
            happened(handle, participant.sessionId(), participant.id(), "PUBLISH_STOPPED", now);
            tell(handle, update(participant, "Participant Unpublished", now));
        }
    }

    /** Tells the receivers of events; ListParticipantEvents has rows of its own. */
    private void tell(Handle handle, StageUpdate update) {
        outbox.add(handle, update.eventTime(), ParticipantRows.stageArn(handle, update.sessionId()), update);
    }

    private static StageUpdate update(ParticipantRow participant, String eventName, Instant now) {
        return new StageUpdate(participant.sessionId(), eventName, now, participant.userId(), participant.id());
    }

    private static void happened(Handle handle, String sessionId, String participantId, String name, Instant now) {
        ParticipantRows.insert(
                handle, sessionId, new EventRow(name, participantId, now, Optional.empty(), Optional.empty()));
    }
}
