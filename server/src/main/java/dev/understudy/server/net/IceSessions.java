package dev.understudy.server.net;

import dev.understudy.protocol.dtls.DatagramKind;
import dev.understudy.protocol.stun.StunMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one media loop, and which of them a datagram is for.
 *
 * <p>STUN finds its session by the username fragment it names. Everything else finds it by the path it came by, and only
 * if an authenticated connectivity check has come that way before: so a stranger can neither begin a handshake nor
 * disturb one. Nobody takes a path away from a session that is being heard. Confined to its media loop.
 */
final class IceSessions implements MediaLoop.Endpoint {
    private static final Logger log = LoggerFactory.getLogger(IceSessions.class);

    /** A session that was not heard for so long loses a path to another that is checked there. */
    static final long PATH_HELD_NANOS = Duration.ofSeconds(5).toNanos();

    private final int maxSessions;
    private final MediaLoop.Outbox outbox;
    private final StageRegistry stages;
    private final SessionListener listener;
    private final LongSupplier nanoClock;
    private final DropCounters drops = new DropCounters();
    private final Map<String, WhipSession> byFragment = new LinkedHashMap<>();
    private final Map<Path, WhipSession> byPath = new HashMap<>();
    private final Map<WhipSession, LivePublisher> live = new HashMap<>();
    private final WhipSession.Host host = new SessionHost();
    private long deadlineNanos = Long.MAX_VALUE;

    /** {@code maxSessions} bounds memory and the time of one turn of the loop. */
    IceSessions(
            int maxSessions,
            MediaLoop.Outbox outbox,
            StageRegistry stages,
            SessionListener listener,
            LongSupplier nanoClock) {
        this.maxSessions = maxSessions;
        this.outbox = outbox;
        this.stages = stages;
        this.listener = listener;
        this.nanoClock = nanoClock;
    }

    /** What new sessions are to be told as their host. */
    WhipSession.Host host() {
        return host;
    }

    DropCounters drops() {
        return drops;
    }

    int size() {
        return byFragment.size();
    }

    /**
     * Takes a new session in. Another of the same participant ends: one token is one connection.
     *
     * @return false when there are too many already; it has then left
     */
    boolean add(WhipSession session) {
        SessionFacts facts = session.facts();
        disconnect(facts.stageArn(), facts.participantId(), LeaveReason.REPLACED);
        if (byFragment.size() >= maxSessions) {
            session.close();
            listener.left(facts, LeaveReason.NO_ROOM);
            return false;
        }
        byFragment.put(session.usernameFragment(), session);
        deadlineNanos = Math.min(deadlineNanos, session.deadlineNanos());
        return true;
    }

    /** Ends the participant's session, if it has one. */
    void disconnect(String stageArn, String participantId, LeaveReason reason) {
        for (WhipSession session : List.copyOf(byFragment.values())) {
            SessionFacts facts = session.facts();
            if (facts.participantId().equals(participantId) && facts.stageArn().equals(stageArn)) {
                end(session, reason);
            }
        }
    }

    /** Ends all sessions on a stage, those too that are not connected yet. */
    void disconnectAll(String stageArn, LeaveReason reason) {
        for (WhipSession session : List.copyOf(byFragment.values())) {
            if (session.facts().stageArn().equals(stageArn)) {
                end(session, reason);
            }
        }
    }

    /** Whether there was such a session. */
    boolean end(String sessionId, LeaveReason reason) {
        for (WhipSession session : byFragment.values()) {
            if (session.facts().sessionId().equals(sessionId)) {
                end(session, reason);
                return true;
            }
        }
        return false;
    }

    void endAll(LeaveReason reason) {
        List.copyOf(byFragment.values()).forEach(session -> end(session, reason));
    }

    /** What is done on other threads may come too late for a session. */
    boolean isOpen(WhipSession session) {
        return byFragment.get(session.usernameFragment()) == session;
    }

    boolean has(String sessionId) {
        return byFragment.values().stream()
                .anyMatch(session -> session.facts().sessionId().equals(sessionId));
    }

    void end(WhipSession session, LeaveReason reason) {
        if (!byFragment.remove(session.usernameFragment(), session)) {
            return;
        }
        session.close();
        session.paths().forEach(path -> byPath.remove(path, session));
        LivePublisher publisher = live.remove(session);
        if (publisher != null) {
            stages.left(publisher, reason);
        }
        listener.left(session.facts(), reason);
    }

    @Override
    public void received(ByteBuffer bytes, Path path, long nowNanos) {
        switch (DatagramKind.of(bytes)) {
            case STUN -> stun(bytes, path, nowNanos);
            case DTLS, RTP, RTCP -> media(bytes, path, nowNanos);
            case UNKNOWN -> drops.add(DropReason.UNKNOWN_KIND);
        }
    }

    private void stun(ByteBuffer bytes, Path path, long nowNanos) {
        StunMessage message = StunMessage.parse(bytes);
        String fragment = message == null ? null : message.usernameFragment();
        WhipSession session = fragment == null ? null : byFragment.get(fragment);
        if (session == null) {
            drops.add(DropReason.STUN_UNKNOWN);
            return;
        }
        WhipSession holder = byPath.get(path);
        if (holder != null && holder != session && holder.wasHeardWithin(PATH_HELD_NANOS, nowNanos)) {
            drops.add(DropReason.PATH_TAKEN);
            return;
        }
        if (session.stun(bytes, path, nowNanos)) {
            if (holder != null && holder != session) {
                holder.forget(path);
            }
            byPath.put(path, session);
            touched(session);
        }
    }

    private void media(ByteBuffer bytes, Path path, long nowNanos) {
        WhipSession session = byPath.get(path);
        if (session == null) {
            drops.add(DropReason.UNVALIDATED_PATH);
            return;
        }
        switch (DatagramKind.of(bytes)) {
            case DTLS -> session.dtls(bytes);
            case RTP -> session.rtp(bytes, nowNanos);
            case RTCP -> session.rtcp(bytes, nowNanos);
            case STUN, UNKNOWN -> throw new IllegalStateException("neither DTLS nor RTP");
        }
        touched(session);
    }

    private void touched(WhipSession session) {
        deadlineNanos = Math.min(deadlineNanos, session.deadlineNanos());
    }

    @Override
    public void elapsed(long nowNanos) {
        if (nowNanos < deadlineNanos) {
            return;
        }
        for (WhipSession session : List.copyOf(byFragment.values())) {
            if (nowNanos >= session.deadlineNanos()) {
                elapsed(session, nowNanos);
            }
        }
        deadlineNanos = Long.MAX_VALUE;
        byFragment.values().forEach(this::touched);
    }

    /** One session that stumbles each time must not keep time from passing for those behind it. */
    private void elapsed(WhipSession session, long nowNanos) {
        try {
            session.elapsed(nowNanos);
        } catch (RuntimeException e) {
            log.atError()
                    .setCause(e)
                    .addKeyValue("participantId", session.facts().participantId())
                    .log("session stumbled");
            end(session, LeaveReason.FAULT);
        }
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** What a session says to us. */
    private final class SessionHost implements WhipSession.Host {
        @Override
        public void send(ByteBuffer bytes, Path path) {
            outbox.send(bytes, path);
        }

        @Override
        public void dropped(DropReason reason) {
            drops.add(reason);
        }

        @Override
        public void connected(WhipSession session) {
            LivePublisher publisher = new LivePublisher(session.facts(), session.publisher(), nanoClock);
            live.put(session, publisher);
            touched(session);
            listener.connected(session.facts());
            stages.joined(publisher);
        }

        @Override
        public void firstMedia(WhipSession session) {
            listener.firstMedia(session.facts());
        }

        @Override
        public void over(WhipSession session, LeaveReason reason) {
            end(session, reason);
        }

        @Override
        public void pathForgotten(Path path) {
            byPath.remove(path);
        }
    }
}
