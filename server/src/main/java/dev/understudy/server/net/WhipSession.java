package dev.understudy.server.net;

import dev.understudy.media.ingest.Publisher;
import dev.understudy.media.ingest.PublisherSettings;
import dev.understudy.protocol.srtp.SrtpReceiver;
import dev.understudy.protocol.srtp.SrtpSender;
import dev.understudy.protocol.stun.IceCredentials;
import dev.understudy.protocol.stun.StunResponder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client that publishes: the answering side of ICE (lite), DTLS, SRTP, and the {@link Publisher} behind them.
 *
 * <pre>
 *   POST ──► checking ── STUN validates a path, DTLS completes ──► connected ──► over
 *               └───────── 30 s, or the handshake breaks ───────────────────────► over
 * </pre>
 *
 * <p>It believes an address only after a connectivity check with the session's password has come from there, and sends to
 * the one that was nominated last. It ends by DELETE, close_notify, or 15 s without authentic STUN or SRTP: a lite agent
 * sends no checks of its own. Confined to one media loop.
 */
final class WhipSession {
    static final long CONNECT_NANOS = Duration.ofSeconds(30).toNanos();
    static final long SILENCE_NANOS = Duration.ofSeconds(15).toNanos();

    /** A client checks from each of its addresses; the oldest path makes room for one more. */
    static final int MAX_PATHS = 8;

    /** Large enough for what we send and small enough for every path. */
    private static final int MAX_DATAGRAM_BYTES = 1_200;

    /** What a session says to the loop that it lives on. */
    interface Host {
        void send(ByteBuffer bytes, Path path);

        void dropped(DropReason reason);

        void connected(WhipSession session);

        void firstMedia(WhipSession session);

        /** To be called once, by whoever sees the end; the host then calls {@link WhipSession#close}. */
        void over(WhipSession session, LeaveReason reason);

        void pathForgotten(Path path);
    }

    private final SessionFacts facts;
    private final IceCredentials credentials;
    private final StunResponder responder;
    private final Publisher publisher;
    private final Handshake handshake;
    private final Host host;
    private final List<Path> paths = new ArrayList<>();
    private final ByteBuffer outbound = ByteBuffer.allocate(MAX_DATAGRAM_BYTES);
    private long lastHeardNanos;
    private long endsNanos;
    private boolean hasMedia;
    private @Nullable Path selected;
    private @Nullable SrtpReceiver srtpReceiver;
    private @Nullable SrtpSender srtpSender;

    WhipSession(
            SessionFacts facts,
            IceCredentials credentials,
            PublisherSettings settings,
            Handshake handshake,
            Host host,
            long nowNanos) {
        this.facts = facts;
        this.credentials = credentials;
        this.responder = new StunResponder(credentials);
        this.publisher = new Publisher(settings, this::sendRtcp);
        this.handshake = handshake;
        this.host = host;
        this.lastHeardNanos = nowNanos;
        this.endsNanos = nowNanos + CONNECT_NANOS;
    }

    SessionFacts facts() {
        return facts;
    }

    String usernameFragment() {
        return credentials.usernameFragment();
    }

    Publisher publisher() {
        return publisher;
    }

    /** Where it may be heard from, in the order in which the paths were validated. */
    List<Path> paths() {
        return List.copyOf(paths);
    }

    /** Whether something authentic has come within {@code nanos}. */
    boolean wasHeardWithin(long nanos, long nowNanos) {
        return nowNanos - lastHeardNanos < nanos;
    }

    /**
     * Answers a connectivity check.
     *
     * @return whether it was authentic, so that the path may be believed
     */
    boolean stun(ByteBuffer datagram, Path path, long nowNanos) {
        Optional<StunResponder.Answer> answer = responder.answer(datagram, path.peer());
        if (answer.isEmpty()) {
            host.dropped(DropReason.STUN_UNKNOWN);
            return false;
        }
        boolean authenticated = answer.get().authenticated();
        if (authenticated) {
            believe(path, answer.get().nominated(), nowNanos);
        } else {
            host.dropped(DropReason.STUN_UNAUTHENTICATED);
        }
        host.send(ByteBuffer.wrap(answer.get().response()), path);
        return authenticated;
    }

    private void believe(Path path, boolean nominated, long nowNanos) {
        heard(nowNanos);
        if (!paths.contains(path)) {
            makeRoom();
            paths.add(path);
        }
        if (nominated || selected == null) {
            selected = path;
        }
        handshake.pathFound();
    }

    /** The path is another's now. */
    void forget(Path path) {
        paths.remove(path);
        if (path.equals(selected)) {
            selected = paths.isEmpty() ? null : paths.getLast();
        }
    }

    private void makeRoom() {
        if (paths.size() < MAX_PATHS) {
            return;
        }
        for (Path path : List.copyOf(paths)) {
            if (!path.equals(selected)) {
                paths.remove(path);
                host.pathForgotten(path);
                return;
            }
        }
    }

    /** A DTLS record from a path that is believed. */
    void dtls(ByteBuffer datagram) {
        handshake.received(datagram);
    }

    /** A DTLS record of ours; before any path is known there is nowhere to send it, and DTLS will repeat it. */
    void sendDtls(ByteBuffer datagram) {
        Path path = selected;
        if (path != null) {
            host.send(datagram, path);
        }
    }

    /** The handshake is done. */
    void connected(SrtpReceiver receiver, SrtpSender sender, long nowNanos) {
        srtpReceiver = receiver;
        srtpSender = sender;
        heard(nowNanos);
        host.connected(this);
    }

    void rtp(ByteBuffer datagram, long nowNanos) {
        SrtpReceiver receiver = srtpReceiver;
        if (receiver == null) {
            host.dropped(DropReason.NOT_CONNECTED);
        } else if (!receiver.unprotectRtp(datagram)) {
            host.dropped(DropReason.SRTP_REFUSED);
        } else {
            heard(nowNanos);
            if (!hasMedia) {
                hasMedia = true;
                host.firstMedia(this);
            }
            publisher.rtp(datagram, nowNanos);
        }
    }

    void rtcp(ByteBuffer datagram, long nowNanos) {
        SrtpReceiver receiver = srtpReceiver;
        if (receiver == null) {
            host.dropped(DropReason.NOT_CONNECTED);
        } else if (!receiver.unprotectRtcp(datagram)) {
            host.dropped(DropReason.SRTP_REFUSED);
        } else {
            heard(nowNanos);
            publisher.rtcp(datagram, nowNanos);
        }
    }

    private void heard(long nowNanos) {
        lastHeardNanos = nowNanos;
        if (srtpReceiver != null) {
            endsNanos = nowNanos + SILENCE_NANOS;
        }
    }

    private void sendRtcp(ByteBuffer compound) {
        SrtpSender sender = srtpSender;
        Path path = selected;
        if (sender != null && path != null) {
            outbound.clear().put(compound).flip();
            sender.protectRtcp(outbound);
            host.send(outbound, path);
        }
    }

    /** Lets time pass. Calling early does no harm. */
    void elapsed(long nowNanos) {
        if (nowNanos >= endsNanos) {
            host.over(this, srtpReceiver == null ? LeaveReason.NEVER_CONNECTED : LeaveReason.SILENT);
        } else {
            publisher.elapsed(nowNanos);
        }
    }

    long deadlineNanos() {
        return Math.min(endsNanos, publisher.deadlineNanos());
    }

    /** Says goodbye by close_notify, as far as a path is known. */
    void close() {
        handshake.close();
        endsNanos = Long.MAX_VALUE;
    }
}
