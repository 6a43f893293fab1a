package dev.understudy.control.stage;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.event.Outbox;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Quotas;
import dev.understudy.control.stage.Attendance.Guest;
import dev.understudy.control.stage.ParticipantRows.ParticipantRow;
import dev.understudy.control.token.Disconnections;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;

/**
 * Who takes part in which stage: the media side reports, sessions begin and end, and events are kept.
 *
 * <p>Thread-safe. A report about somebody who is not there changes nothing: a stage may have been deleted meanwhile.
 */
public final class Participants {
    /** The longest that anybody publishes at a stretch. */
    static final Duration LONGEST_STREAM = Duration.ofHours(24);

    /** No token lives longer, so that a disconnection older than this keeps nobody out. */
    private static final Duration DISCONNECTION_KEPT = Duration.ofDays(15);

    /** Tokens are not stored, so that any id may be an unused one's; this bounds what ids that were never seen can fill. */
    static final int UNUSED_TOKENS_DISCONNECTED = 10_000;

    /** What became of somebody who wanted to join. */
    public sealed interface Joining {

        /**
         * They are in.
         *
         * @param isAgain whether they were connected already: that connection is to be ended
         */
        record Joined(String sessionId, boolean isAgain) implements Joining {}

        /** They stay out, and nothing is kept of it; {@code message} can be shown. */
        record Refused(Verdict.Reason reason, String message) implements Joining {}

        /** They joined, could not publish and left again, and all of it is kept; {@code message} can be shown. */
        record Unable(EventErrorCode code, String message) implements Joining {}
    }

    private final Foundation base;
    private final StagePlane plane;
    private final Happenings happenings;
    private final Replicas replicas;
    private final Attendance attendance;
    private final Entrance entrance;

    public Participants(Foundation base, StagePlane plane, Outbox outbox) {
        this.base = base;
        this.plane = plane;
        this.happenings = new Happenings(outbox);
        this.replicas = new Replicas(happenings);
        this.attendance = new Attendance(happenings, replicas);
        this.entrance = new Entrance(base, attendance);
    }

    /**
     * Somebody with a genuine token joins; the first one begins a session.
     *
     * @param protocol WHIP, RTMP, RTMPS or UNKNOWN
     */
    public Joining join(ParticipantClaims claims, ClientDescription client, String protocol, Instant now) {
        return entrance.join(new Guest(claims, client, protocol), now);
    }

    /** Somebody with a genuine token joins to publish, if the token allows it and the stage has a place left. */
    public Joining joinToPublish(ParticipantClaims claims, ClientDescription client, String protocol, Instant now) {
        return entrance.joinToPublish(new Guest(claims, client, protocol), now);
    }

    /** Somebody with a genuine token came to publish what the media side cannot take. */
    public Joining failToPublish(
            ParticipantClaims claims, ClientDescription client, String protocol, Joining.Unable why, Instant now) {
        return entrance.failToPublish(new Guest(claims, client, protocol), why, now);
    }

    /**
     * Somebody who is connected wants to go on with another token. When that cannot be, or they publish and the new one
     * does not allow it, their connection is ended; the token that counts then can open another.
     *
     * @param verdict on the new token
     */
    public TokenExchange exchange(String stageArn, String participantId, Verdict verdict, Instant now) {
        TokenExchange exchange = switch (verdict) {
            case Verdict.Refused refused -> new TokenExchange.Refused(refused.message());
            case Verdict.Accepted accepted ->
                base.store()
                        .write(h -> ParticipantRows.present(h, stageArn, participantId)
                                .map(p -> TokenExchange.exchange(h, happenings, p, accepted.claims(), now))
                                .orElseGet(TokenExchange::notConnected));
        };
        boolean goesOn = exchange instanceof TokenExchange.Exchanged(var _, boolean mayGoOn) && mayGoOn;
        if (!goesOn) {
            plane.disconnect(stageArn, participantId);
        }
        return exchange;
    }

    /** A participant's media has begun to arrive. */
    public void published(String sessionId, String participantId, Instant now) {
        change(sessionId, participantId, (h, participant) -> attendance.publish(h, participant, now));
    }

    /** A participant has stopped publishing, and may still be connected. */
    public void unpublished(String sessionId, String participantId, Instant now) {
        change(sessionId, participantId, (h, participant) -> attendance.unpublish(h, participant, now));
    }

    /** A participant's connection has ended, for whatever reason. */
    public void left(String sessionId, String participantId, Instant now) {
        change(sessionId, participantId, (h, participant) -> attendance.leave(h, participant, now));
    }

    /**
     * A participant could not do what they wanted.
     *
     * @param name PUBLISH_ERROR, SUBSCRIBE_ERROR or JOIN_ERROR
     */
    public void failed(String sessionId, String participantId, EventName name, EventErrorCode code, Instant now) {
        change(sessionId, participantId, (h, participant) -> attendance.fail(h, participant, name, code, now));
    }

    /**
     * Keeps and tells an event of a participant, whether or not it has happened, and changes nothing else: for tests.
     *
     * @throws ApiException when the stage has had no such session, or nobody of this id has been in it
     */
    public void pretend(String stageArn, String sessionId, String participantId, PretendedEvent event, Instant now) {
        base.store().update(h -> {
            String session = SessionRows.find(h, stageArn, sessionId)
                    .map(SessionRows.SessionRow::id)
                    .orElseThrow(() -> ApiException.notFound(sessionId));
            ParticipantRow participant = ParticipantRows.find(h, session, participantId)
                    .orElseThrow(() -> ApiException.notFound(participantId));
            happenings.tell(h, participant, event.row(participantId, now));
        });
    }

    /**
     * The recording of a participant has come to be so; a report that leads back changes nothing.
     *
     * @param length of what has been recorded, once it has ended
     */
    public void recording(
            String sessionId,
            String participantId,
            ParticipantRecording recording,
            Optional<Duration> length,
            Instant at) {
        base.store()
                .update(h -> ParticipantRows.find(h, sessionId, participantId)
                        .filter(participant -> participant.recording().state().leadsTo(recording.state()))
                        .ifPresent(participant -> {
                            ParticipantRows.setRecording(h, participant, recording);
                            happenings.tell(h, participant, recording, length, at);
                        }));
    }

    /**
     * Disconnects a participant of a stage for good: their token counts no more, whether they have used it or not, an
     * ingest configuration that they publish by leads to the stage no more, and their replications end.
     *
     * @throws ApiException when no token can have the id, or too many ids have been given that were never seen
     */
    public void disconnect(ParticipantOperations.DisconnectParticipantRequest request) {
        base.home().check(request.stageArn());
        if (request.participantId().isEmpty()) {
            throw ApiException.invalid("participantId", "must have length greater than or equal to 1");
        }
        base.store().update(h -> {
            Stages.require(h, request.stageArn());
            kill(h, request.stageArn(), request.participantId(), base.now());
            IngestRows.detach(h, request.stageArn(), request.participantId());
            replicas.disconnected(h, request.stageArn(), request.participantId(), base.now());
        });
        plane.disconnect(request.stageArn(), request.participantId());
    }

    /** Whoever has taken part can always be disconnected; the others only while there are not too many of them. */
    private static void kill(Handle handle, String stageArn, String participantId, Instant now) {
        boolean isNew = !Disconnections.has(handle, stageArn, participantId)
                && !ParticipantRows.hasTakenPart(handle, stageArn, participantId);
        if (isNew && Disconnections.count(handle, stageArn) >= UNUSED_TOKENS_DISCONNECTED) {
            Disconnections.deleteBefore(handle, now.minus(DISCONNECTION_KEPT));
            Quotas.check(
                    "unused tokens of a stage disconnected in 15 days",
                    Disconnections.count(handle, stageArn),
                    UNUSED_TOKENS_DISCONNECTED);
        }
        Disconnections.insert(handle, stageArn, participantId, now);
    }

    /** Nobody is connected to a node that has just started: ends what the last run left open. */
    public void recover(Instant now) {
        base.store().update(h -> ParticipantRows.connected(h).forEach(p -> attendance.leave(h, p, now)));
    }

    /**
     * Lets time pass: ends replications whose source did not come back, streams that are too long, and sessions that are
     * over. To be called about once a second; calling early does no harm.
     */
    public void elapsed(Instant now) {
        if (base.store().read(h -> !ReplicationRows.givenUp(h, now).isEmpty())) {
            base.store().update(h -> ReplicationRows.givenUp(h, now).forEach(r -> replicas.stop(h, r, now)));
        }
        endLongestStreams(now);
        Instant over = now.minus(base.rules().sessionKept());
        if (base.store().read(h -> SessionRows.hasOver(h, over))) {
            base.store().update(h -> {
                SessionRows.endOver(h, over);
                Disconnections.deleteBefore(h, now.minus(DISCONNECTION_KEPT));
            });
        }
    }

    private void endLongestStreams(Instant now) {
        Instant longest = now.minus(LONGEST_STREAM);
        if (base.store().read(h -> ParticipantRows.publishingSince(h, longest).isEmpty())) {
            return;
        }
        List<ParticipantRows.OnStage> ended = base.store().write(h -> {
            List<ParticipantRows.OnStage> tooLong = ParticipantRows.publishingSince(h, longest);
            tooLong.forEach(who -> endStream(h, who.participant(), now));
            return tooLong;
        });
        ended.forEach(who -> plane.disconnect(who.stageArn(), who.participant().id()));
    }

    private void endStream(Handle handle, ParticipantRow participant, Instant now) {
        attendance.fail(handle, participant, EventName.PUBLISH_ERROR, EventErrorCode.STREAM_DURATION_EXCEEDED, now);
        attendance.unpublish(handle, participant, now);
    }

    /** A replica does nothing of its own: reports are about those who are connected to this stage themselves. */
    private void change(String sessionId, String participantId, BiConsumer<Handle, ParticipantRow> change) {
        base.store()
                .update(h -> ParticipantRows.find(h, sessionId, participantId)
                        .filter(participant -> participant.source().isEmpty())
                        .ifPresent(participant -> change.accept(h, participant)));
    }
}
