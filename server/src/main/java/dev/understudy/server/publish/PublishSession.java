package dev.understudy.server.publish;

import dev.understudy.protocol.dtls.DatagramKind;
import dev.understudy.protocol.dtls.SrtpKeyingMaterial;
import dev.understudy.protocol.srtp.SrtpProfile;
import dev.understudy.protocol.srtp.SrtpReceiver;
import dev.understudy.protocol.srtp.SrtpSender;
import dev.understudy.protocol.stun.IceCredentials;
import dev.understudy.protocol.stun.StunMessage;
import dev.understudy.protocol.stun.StunResponder;
import dev.understudy.server.net.DtlsAssociation;
import dev.understudy.server.net.DtlsCertificate;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One session towards a server, from the first check to the last packet: ICE, then DTLS, then the clip under SRTP.
 * Confined to one thread, which also runs what is given to {@code thread}; owns no socket.
 */
final class PublishSession {
    /** Who publishes what, as it stands in the offer. */
    record Local(
            Clip clip,
            IceCredentials ice,
            DtlsCertificate certificate,
            WhipOffer.StreamIds ids,
            RandomGenerator random) {}

    /** Is told what becomes of the session, on its thread. */
    interface Events {
        void connected();

        /** Called once; no session outlives it. */
        void ended(String reason);
    }

    private final Local local;
    private final WhipAnswer answer;
    private final InstantSource clock;
    private final Executor thread;
    private final IceChecks.Outbox out;
    private final Events events;
    private final IceChecks checks;
    private final StunResponder responder;
    private @Nullable DtlsAssociation dtls;
    private @Nullable SrtpSender srtpSender;
    private @Nullable SrtpReceiver srtpReceiver;
    private @Nullable ClipSender sender;
    private boolean hasEnded;
    private long nowNanos;

    private final ClipSender.Packets packets = new ClipSender.Packets() {
        @Override
        public void rtp(ByteBuffer packet) {
            if (srtpSender != null) {
                srtpSender.protectRtp(packet);
                sendToSelected(packet);
            }
        }

        @Override
        public void rtcp(ByteBuffer compound) {
            if (srtpSender != null) {
                srtpSender.protectRtcp(compound);
                sendToSelected(compound);
            }
        }
    };

    private final DtlsAssociation.Events dtlsEvents = new DtlsAssociation.Events() {
        @Override
        public void connected(SrtpProfile profile, SrtpKeyingMaterial keys) {
            thread.execute(() -> begin(profile, keys));
        }

        @Override
        public void failed(String reason) {
            thread.execute(() -> fail(reason));
        }

        @Override
        public void closed() {
            thread.execute(() -> fail("the server ended the session"));
        }
    };

    PublishSession(
            Local local,
            WhipAnswer answer,
            InstantSource clock,
            long nowNanos,
            Executor thread,
            IceChecks.Outbox out,
            Events events) {
        this.local = local;
        this.answer = answer;
        this.clock = clock;
        this.thread = thread;
        this.out = out;
        this.events = events;
        this.nowNanos = nowNanos;
        this.checks = new IceChecks(local.ice(), answer.ice(), answer.candidates(), local.random(), nowNanos);
        this.responder = new StunResponder(local.ice());
    }

    /** The clip's sender once the session is connected. */
    @Nullable
    ClipSender sender() {
        return sender;
    }

    /** When to call {@link #elapsed} next. */
    long deadlineNanos() {
        long check = checks.deadlineNanos();
        return sender == null ? check : Math.min(check, sender.deadlineNanos());
    }

    /** Sends what is due. */
    void elapsed(long now) {
        nowNanos = now;
        checks.elapsed(now, out);
        if (!checks.hasConsent(now)) {
            fail(checks.selected() == null ? "no candidate of the server answered" : "the server answers no more");
        } else if (sender != null) {
            sender.elapsed(now, packets);
        }
    }

    /** Takes a datagram in, in place. */
    void received(ByteBuffer datagram, InetSocketAddress from, long now) {
        nowNanos = now;
        switch (DatagramKind.of(datagram)) {
            case STUN -> receivedStun(datagram, from);
            case DTLS -> {
                if (dtls != null && from.equals(checks.selected())) {
                    dtls.received(datagram);
                }
            }
            case RTCP -> {
                if (sender != null && srtpReceiver != null && srtpReceiver.unprotectRtcp(datagram)) {
                    sender.receivedRtcp(datagram, packets);
                }
            }
            case RTP, UNKNOWN -> {}
        }
    }

    private void receivedStun(ByteBuffer datagram, InetSocketAddress from) {
        responder.answer(datagram, from).ifPresent(answered -> out.send(ByteBuffer.wrap(answered.response()), from));
        StunMessage message = StunMessage.parse(datagram);
        if (message == null) {
            return;
        }
        checks.received(message, from, nowNanos);
        if (checks.selected() != null && dtls == null) {
            dtls = shakeHands();
            dtls.start();
        }
    }

    private DtlsAssociation shakeHands() {
        DtlsAssociation.Outbound outbound = datagram -> thread.execute(() -> sendToSelected(datagram));
        return answer.isDtlsClient()
                ? DtlsAssociation.client(local.certificate(), answer.fingerprint(), outbound, dtlsEvents)
                : DtlsAssociation.server(local.certificate(), answer.fingerprint(), outbound, dtlsEvents);
    }

    private void begin(SrtpProfile profile, SrtpKeyingMaterial keys) {
        boolean isClient = answer.isDtlsClient();
        srtpSender = new SrtpSender(profile, isClient ? keys.client() : keys.server());
        srtpReceiver = new SrtpReceiver(profile, isClient ? keys.server() : keys.client());
        sender = new ClipSender(local.clip(), answer, local.ids(), local.random(), nowNanos, clock.instant());
        events.connected();
    }

    private void fail(String reason) {
        if (!hasEnded) {
            hasEnded = true;
            events.ended(reason);
        }
    }

    /** Says goodbye. What that sends comes to {@code thread} a little later, and then {@link Events#ended}. */
    void end() {
        if (sender != null) {
            sender.end(packets);
        }
        if (dtls == null) {
            fail("closed before it was connected");
        } else {
            dtls.close();
        }
    }

    private void sendToSelected(ByteBuffer datagram) {
        InetSocketAddress selected = checks.selected();
        if (selected != null) {
            out.send(datagram, selected);
        }
    }
}
