package dev.understudy.server.publish;

import dev.understudy.protocol.stun.IceCredentials;
import dev.understudy.protocol.stun.StunMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The controlling side of ICE towards a server that is ICE-lite (RFC 8445 section 7): asks all of its candidates until
 * one answers, takes that, and then asks again from time to time whether it still wants our packets (RFC 7675). Sans-IO;
 * confined to one thread.
 *
 * <p>Every check carries USE-CANDIDATE, because whichever path works first is taken.
 */
final class IceChecks {
    /** From the first check to the second; it doubles from one to the next. */
    static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    static final long LONGEST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1_600);

    /** Between checks of consent, and up to a fifth more or less (RFC 7675 section 5.1). */
    static final long CONSENT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Without an answer for so long, nothing may be sent any more (RFC 7675 section 5.1). */
    static final long CONSENT_LASTS_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Of a peer-reflexive candidate of component 1 (RFC 8445 section 5.1.2.1). */
    private static final int PRIORITY = (110 << 24) + (65_535 << 8) + 255;

    private static final int TRANSACTION_ID_BYTES = 12;

    /** More checks than are ever without an answer before they lose their meaning. */
    private static final int MAX_PENDING = 64;

    /** Takes datagrams to send. */
    interface Outbox {
        void send(ByteBuffer datagram, InetSocketAddress peer);
    }

    private final String username;
    private final String remotePassword;
    private final List<InetSocketAddress> candidates;
    private final RandomGenerator random;
    private final long tieBreaker;
    private final Deque<ByteBuffer> pending = new ArrayDeque<>();
    private @Nullable InetSocketAddress selected;
    private long retryNanos = FIRST_RETRY_NANOS;
    private long nextCheckNanos;
    private long consentUntilNanos;

    IceChecks(
            IceCredentials local,
            IceCredentials remote,
            List<InetSocketAddress> candidates,
            RandomGenerator random,
            long nowNanos) {
        this.username = remote.usernameFragment() + ":" + local.usernameFragment();
        this.remotePassword = remote.password();
        this.candidates = List.copyOf(candidates);
        this.random = random;
        this.tieBreaker = random.nextLong();
        this.nextCheckNanos = nowNanos;
        this.consentUntilNanos = nowNanos + CONSENT_LASTS_NANOS;
    }

    /** Where media goes; null until a candidate has answered. */
    @Nullable
    InetSocketAddress selected() {
        return selected;
    }

    /** Whether the server has answered within {@link #CONSENT_LASTS_NANOS}. */
    boolean hasConsent(long nowNanos) {
        return nowNanos - consentUntilNanos < 0;
    }

    /** When to call {@link #elapsed} next. */
    long deadlineNanos() {
        return nextCheckNanos;
    }

    /** Sends what is due. */
    void elapsed(long nowNanos, Outbox out) {
        if (nowNanos - nextCheckNanos < 0) {
            return;
        }
        if (selected != null) {
            check(selected, out);
            nextCheckNanos = nowNanos + (long) (CONSENT_INTERVAL_NANOS * (0.8 + 0.4 * random.nextDouble()));
            return;
        }
        candidates.forEach(candidate -> check(candidate, out));
        nextCheckNanos = nowNanos + retryNanos;
        retryNanos = Math.min(2 * retryNanos, LONGEST_RETRY_NANOS);
    }

    private void check(InetSocketAddress candidate, Outbox out) {
        byte[] transactionId = new byte[TRANSACTION_ID_BYTES];
        random.nextBytes(transactionId);
        if (pending.size() == MAX_PENDING) {
            pending.removeFirst();
        }
        pending.addLast(ByteBuffer.wrap(transactionId));
        byte[] request =
                StunMessage.bindingRequest(transactionId, username, remotePassword, PRIORITY, true, true, tieBreaker);
        out.send(ByteBuffer.wrap(request), candidate);
    }

    /** Takes a response in; one that answers nothing we asked, or is not signed by the server, is ignored. */
    void received(StunMessage message, InetSocketAddress from, long nowNanos) {
        boolean isAnswer = message.type() == StunMessage.Type.BINDING_SUCCESS
                && candidates.contains(from)
                && message.isSignedWith(remotePassword)
                && pending.remove(ByteBuffer.wrap(message.transactionId()));
        if (!isAnswer) {
            return;
        }
        consentUntilNanos = nowNanos + CONSENT_LASTS_NANOS;
        if (selected == null) {
            selected = from;
            nextCheckNanos = nowNanos + CONSENT_INTERVAL_NANOS;
        }
    }
}
