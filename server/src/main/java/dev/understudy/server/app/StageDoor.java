package dev.understudy.server.app;

import dev.understudy.control.stage.ClientDescription;
import dev.understudy.control.stage.EventErrorCode;
import dev.understudy.control.stage.Participants;
import dev.understudy.control.stage.Participants.Joining;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Tokens;
import dev.understudy.control.token.Verdict;
import dev.understudy.server.http.Admission;
import dev.understudy.server.net.LeaveReason;
import dev.understudy.server.net.SessionFacts;
import dev.understudy.server.net.SessionListener;
import dev.understudy.server.report.OrderedReports;
import dev.understudy.server.testing.SimulatedParticipants.Entered;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Between publishers' connections and the control side's participants: who may come in, and what became of them.
 *
 * <p>Joining and leaving are stored in the order in which they happen, on one thread: somebody who comes back at once must
 * not be counted out by their own goodbye. Media never waits for the store. Thread-safe.
 */
final class StageDoor implements Admission, SessionListener, AutoCloseable {
    private static final Duration LAST_REPORTS = Duration.ofSeconds(2);

    /** A participant of a stage; the media side knows no more of a connection. */
    private record Guest(String stageArn, String participantId) {
        static Guest of(SessionFacts facts) {
            return new Guest(facts.stageArn(), facts.participantId());
        }
    }

    /**
     * One who is in.
     *
     * @param stageSession that they joined
     * @param connections of theirs: 2 for the moment in which a second one takes the place of the first
     */
    private record Presence(String stageSession, int connections) {
        Presence fewer() {
            return new Presence(stageSession, connections - 1);
        }
    }

    /** What somebody joins for. */
    private interface Way {
        Joining join(Participants participants, ParticipantClaims claims, ClientDescription client, Instant now);
    }

    /** What the door asks and tells; there is none before the control side is put together. */
    private record Control(Tokens tokens, Participants participants) {}

    private final InstantSource clock;
    private final Runnable somebodyCame;
    private final OrderedReports reports = new OrderedReports("participant-reports", LAST_REPORTS);

    /** Confined to the reports' thread. */
    private final Map<Guest, Presence> present = new HashMap<>();

    private volatile @Nullable Control control;

    /** @param somebodyCame called when a publisher is connected; returns at once */
    StageDoor(InstantSource clock, Runnable somebodyCame) {
        this.clock = clock;
        this.somebodyCame = somebodyCame;
    }

    /** Opens the door: from now on it knows whom to ask. */
    void connect(Tokens tokens, Participants participants) {
        control = new Control(tokens, participants);
    }

    private Control control() {
        Control connected = control;
        if (connected == null) {
            throw new IllegalStateException("the door was used before it was connected");
        }
        return connected;
    }

    @Override
    public Admitted admit(String bearerToken, ClientInfo client) throws Refused {
        return admit(genuine(bearerToken), client, StageDoor::joinToPublish);
    }

    /** Lets in somebody who has no connection: to publish, where the token allows it, and else only to be there. */
    Entered enter(String token, ClientInfo client) throws Refused {
        ParticipantClaims claims = genuine(token);
        Way way = claims.mayPublish() ? StageDoor::joinToPublish : StageDoor::joinToWatch;
        return new Entered(admit(claims, client, way), claims.mayPublish());
    }

    private Admitted admit(ParticipantClaims claims, ClientInfo client, Way way) throws Refused {
        ClientDescription description = UserAgents.describe(client.userAgent());
        return switch (reports.ask(() -> join(claims, description, way))) {
            case Joining.Joined _ ->
                new Admitted(claims.stageArn(), claims.participantId(), claims.userId(), claims.attributes());
            case Joining.Refused refused -> throw new Refused(kind(refused.reason()), refused.message());
            case Joining.Unable unable -> throw new Refused(kind(unable.code()), unable.message());
        };
    }

    @Override
    public void cannotPublish(String bearerToken, ClientInfo client, Fault fault, String why) throws Refused {
        ParticipantClaims claims = genuine(bearerToken);
        ClientDescription description = UserAgents.describe(client.userAgent());
        var unable = new Joining.Unable(code(fault), why);
        Joining joining = reports.ask(
                () -> control().participants().failToPublish(claims, description, "WHIP", unable, clock.instant()));
        if (joining instanceof Joining.Refused refused) {
            throw new Refused(kind(refused.reason()), refused.message());
        }
    }

    /** On the reports' thread, so that whoever left a moment ago has left before. */
    private Joining join(ParticipantClaims claims, ClientDescription description, Way way) {
        Joining joining = way.join(control().participants(), claims, description, clock.instant());
        if (joining instanceof Joining.Joined joined) {
            present.merge(
                    new Guest(claims.stageArn(), claims.participantId()),
                    new Presence(joined.sessionId(), 1),
                    (before, now) -> new Presence(now.stageSession, before.connections + 1));
        }
        return joining;
    }

    private static Joining joinToPublish(
            Participants participants, ParticipantClaims claims, ClientDescription client, Instant now) {
        return participants.joinToPublish(claims, client, "WHIP", now);
    }

    private static Joining joinToWatch(
            Participants participants, ParticipantClaims claims, ClientDescription client, Instant now) {
        return participants.join(claims, client, "UNKNOWN", now);
    }

    private ParticipantClaims genuine(String bearerToken) throws Refused {
        return switch (control().tokens().verify(bearerToken, clock.instant())) {
            case Verdict.Accepted accepted -> accepted.claims();
            case Verdict.Refused refused -> throw new Refused(kind(refused.reason()), refused.message());
        };
    }

    @Override
    public boolean isStillAdmitted(Admitted admitted, String bearerToken) {
        return control().tokens().verify(bearerToken, clock.instant()) instanceof Verdict.Accepted;
    }

    private static EventErrorCode code(Fault fault) {
        return switch (fault) {
            case VIDEO_CODEC -> EventErrorCode.INVALID_VIDEO_CODEC;
            case AUDIO_CODEC -> EventErrorCode.INVALID_AUDIO_CODEC;
        };
    }

    private static Refused.Kind kind(EventErrorCode code) {
        return code == EventErrorCode.QUOTA_EXCEEDED ? Refused.Kind.CROWDED : Refused.Kind.NOT_PERMITTED;
    }

    private static Refused.Kind kind(Verdict.Reason reason) {
        return switch (reason) {
            case TOO_LARGE,
                    MALFORMED,
                    WRONG_ALGORITHM,
                    UNKNOWN_KEY,
                    WRONG_SIGNATURE,
                    INVALID_CLAIM,
                    NOT_YET_VALID,
                    LIVES_TOO_LONG -> Refused.Kind.INVALID;
            case EXPIRED -> Refused.Kind.EXPIRED;
            case WRONG_STAGE, STAGE_NOT_FOUND -> Refused.Kind.WRONG_STAGE;
            case DISCONNECTED, DUPLICATE_PARTICIPANT -> Refused.Kind.NOT_PERMITTED;
        };
    }

    @Override
    public void connected(SessionFacts session) {
        somebodyCame.run();
    }

    @Override
    public void firstMedia(SessionFacts session) {
        Instant at = clock.instant();
        reports.add(() -> {
            Presence presence = present.get(Guest.of(session));
            if (presence != null) {
                control().participants().published(presence.stageSession, session.participantId(), at);
            }
        });
    }

    @Override
    public void left(SessionFacts session, LeaveReason reason) {
        gone(Guest.of(session));
    }

    @Override
    public void withdrawn(Admitted admitted) {
        gone(new Guest(admitted.stageArn(), admitted.participantId()));
    }

    /** Each connection that was let in leaves once; a participant leaves with the last. */
    private void gone(Guest guest) {
        Instant at = clock.instant();
        reports.add(() -> {
            Presence presence = present.get(guest);
            if (presence == null) {
                return;
            }
            if (presence.connections > 1) {
                control().participants().unpublished(presence.stageSession, guest.participantId, at);
                present.put(guest, presence.fewer());
            } else {
                control().participants().left(presence.stageSession, guest.participantId, at);
                present.remove(guest);
            }
        });
    }

    /** Waits until everything that was told so far is stored. */
    void settle() {
        reports.ask(() -> true);
    }

    @Override
    public void close() {
        reports.close();
    }
}
