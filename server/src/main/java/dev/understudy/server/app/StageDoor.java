package dev.understudy.server.app;

import dev.understudy.control.stage.ClientDescription;
import dev.understudy.control.stage.Participants;
import dev.understudy.control.stage.Participants.Joining;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Tokens;
import dev.understudy.control.token.Verdict;
import dev.understudy.server.http.Admission;
import dev.understudy.server.net.LeaveReason;
import dev.understudy.server.net.SessionFacts;
import dev.understudy.server.net.SessionListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between publishers' connections and the control side's participants: who may come in, and what became of them.
 *
 * <p>{@link #admit} runs on the request's thread. What the media loops report is stored in order on a thread of its own,
 * so that media never waits for the store. Thread-safe.
 */
final class StageDoor implements Admission, SessionListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StageDoor.class);
    private static final long LAST_REPORTS_SECONDS = 2;

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

    /** What the door asks and tells; there is none before the control side is put together. */
    private record Control(Tokens tokens, Participants participants) {}

    private final InstantSource clock;
    private final Runnable somebodyCame;
    private final Map<Guest, Presence> present = new ConcurrentHashMap<>();
    private volatile @Nullable Control control;
    private final ExecutorService reports = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("participant-reports").factory());

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
        ParticipantClaims claims = genuine(bearerToken);
        if (!claims.mayPublish()) {
            throw new Refused(Refused.Kind.NOT_PERMITTED, "the token does not have the capability PUBLISH");
        }
        Joining joining = participants().join(claims, describe(client), "WHIP", clock.instant());
        return switch (joining) {
            case Joining.Joined joined -> {
                present.merge(
                        new Guest(claims.stageArn(), claims.participantId()),
                        new Presence(joined.sessionId(), 1),
                        (before, now) -> new Presence(now.stageSession, before.connections + 1));
                yield new Admitted(claims.stageArn(), claims.participantId(), claims.userId(), claims.attributes());
            }
            case Joining.Refused refused -> throw new Refused(kind(refused.reason()), refused.message());
        };
    }

    private ParticipantClaims genuine(String bearerToken) throws Refused {
        return switch (control().tokens().verify(bearerToken, clock.instant())) {
            case Verdict.Accepted accepted -> accepted.claims();
            case Verdict.Refused refused -> throw new Refused(kind(refused.reason()), refused.message());
        };
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

    private static ClientDescription describe(ClientInfo client) {
        return UserAgents.describe(client.userAgent());
    }

    @Override
    public void connected(SessionFacts session) {
        somebodyCame.run();
    }

    @Override
    public void firstMedia(SessionFacts session) {
        Presence presence = present.get(Guest.of(session));
        if (presence != null) {
            report(session, at -> participants().published(presence.stageSession, session.participantId(), at));
        }
    }

    /** Each connection that was let in leaves once; a participant leaves with the last. */
    @Override
    public void left(SessionFacts session, LeaveReason reason) {
        Presence[] before = new Presence[1];
        Presence after = present.computeIfPresent(Guest.of(session), (_, presence) -> {
            before[0] = presence;
            return presence.connections == 1 ? null : presence.fewer();
        });
        if (before[0] == null) {
            return;
        }
        String stageSession = before[0].stageSession;
        if (after == null) {
            report(session, at -> participants().left(stageSession, session.participantId(), at));
        } else {
            report(session, at -> participants().unpublished(stageSession, session.participantId(), at));
        }
    }

    private Participants participants() {
        return control().participants();
    }

    private void report(SessionFacts session, Consumer<Instant> report) {
        Instant at = clock.instant();
        try {
            reports.execute(() -> store(session, () -> report.accept(at)));
        } catch (RejectedExecutionException e) {
            log.atDebug().log("participant reported after the end of the node");
        }
    }

    private static void store(SessionFacts session, Runnable report) {
        try {
            report.run();
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("participant", session.participantId())
                    .setCause(e)
                    .log("participant's state was not stored");
        }
    }

    @Override
    public void close() {
        reports.shutdown();
        try {
            if (!reports.awaitTermination(LAST_REPORTS_SECONDS, TimeUnit.SECONDS)) {
                reports.shutdownNow();
            }
        } catch (InterruptedException e) {
            reports.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
