package dev.understudy.protocol.stun;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The server half of ICE-lite connectivity checks (RFC 8445 section 7.3): answers binding requests. Immutable.
 *
 * <p>Sans-IO: a datagram goes in and the answer, if any, comes out. It holds no socket and reads no clock.
 */
public final class StunResponder {
    private final IceCredentials local;

    /**
     * What to send back to the peer.
     *
     * @param authenticated whether the peer proved that it knows our password: only then its address may be believed
     * @param nominated whether the peer has chosen this address for media
     */
    public record Answer(
            @SuppressWarnings("ArrayRecordComponent") byte[] response, boolean authenticated, boolean nominated) {}

    public StunResponder(IceCredentials local) {
        this.local = local;
    }

    /** The answer to send to the same peer; empty when the datagram deserves none. */
    public Optional<Answer> answer(ByteBuffer datagram, InetSocketAddress peer) {
        StunMessage request = StunMessage.parse(datagram);
        if (request == null || request.type() != StunMessage.Type.BINDING_REQUEST) {
            return Optional.empty();
        }
        return Optional.of(isForUs(request) ? answerKnown(request, peer) : refuse(request));
    }

    /** The username of a check is "ours:theirs" (RFC 8445 section 7.2.2); only we and the peer know the password. */
    private boolean isForUs(StunMessage request) {
        return local.usernameFragment().equals(request.usernameFragment()) && request.isSignedWith(local.password());
    }

    /** RFC 8489 section 9.1.3: without credentials the request is bad, with wrong ones it is unauthenticated. */
    private static Answer refuse(StunMessage request) {
        boolean hasCredentials = request.username() != null && request.isSigned();
        StunError error = hasCredentials ? StunError.UNAUTHENTICATED : StunError.BAD_REQUEST;
        return new Answer(StunMessage.bindingError(request.transactionId(), error), false, false);
    }

    private Answer answerKnown(StunMessage request, InetSocketAddress peer) {
        byte[] id = request.transactionId();
        List<Integer> unknown = request.unknownRequired();
        if (!unknown.isEmpty()) {
            return known(StunMessage.bindingError(id, StunError.UNKNOWN_ATTRIBUTE, unknown, local.password()), false);
        }
        if (request.isFromControlled()) {
            // A lite agent is controlled and stays so: the peer has to change roles (RFC 8445 section 6.1.1).
            return known(StunMessage.bindingError(id, StunError.ROLE_CONFLICT, List.of(), local.password()), false);
        }
        return known(StunMessage.bindingSuccess(id, peer, local.password()), request.hasUseCandidate());
    }

    private static Answer known(byte[] response, boolean nominated) {
        return new Answer(response, true, nominated);
    }
}
