package dev.understudy.protocol.stun;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A STUN message as ICE sends them (RFC 8489 section 5). Immutable: the bytes are copied once, checks are rare.
 *
 * <p>A FINGERPRINT that is there was right, or {@link #parse} would have refused the message. MESSAGE-INTEGRITY says
 * nothing until {@link #isSignedWith} was asked; attributes behind it are not seen (RFC 8489 section 14.5).
 */
public final class StunMessage {
    /** Above it a datagram is no connectivity check: those have some 100 bytes. */
    static final int MAX_BYTES = 1_500;

    private static final int FAMILY_IPV4 = 1;
    private static final int FAMILY_IPV6 = 2;

    /** What the message is; ICE uses no other. */
    public enum Type {
        BINDING_REQUEST(0x0001),
        BINDING_INDICATION(0x0011),
        BINDING_SUCCESS(0x0101),
        BINDING_ERROR(0x0111);

        final int code;

        Type(int code) {
            this.code = code;
        }

        private static @Nullable Type of(int code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            return null;
        }
    }

    private final Type type;
    private final byte[] bytes;
    private final Map<Integer, ByteBuffer> attributes;
    private final int integrityOffset;

    private StunMessage(Type type, byte[] bytes, Map<Integer, ByteBuffer> attributes, int integrityOffset) {
        this.type = type;
        this.bytes = bytes;
        this.attributes = attributes;
        this.integrityOffset = integrityOffset;
    }

    /**
     * Reads the datagram between position and limit, leaving both untouched.
     *
     * @return the message, or null when the bytes are not a well-formed binding message
     */
    public static @Nullable StunMessage parse(ByteBuffer datagram) {
        int length = datagram.remaining();
        if (length < StunAttributes.HEADER_BYTES || length > MAX_BYTES || length % 4 != 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        datagram.get(datagram.position(), bytes);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Type type = Type.of(Short.toUnsignedInt(in.getShort(0)));
        boolean isStun = in.getInt(4) == StunAttributes.MAGIC_COOKIE
                && Short.toUnsignedInt(in.getShort(2)) == length - StunAttributes.HEADER_BYTES;
        return type == null || !isStun ? null : parseAttributes(type, bytes, in);
    }

    private static @Nullable StunMessage parseAttributes(Type type, byte[] bytes, ByteBuffer in) {
        Map<Integer, ByteBuffer> attributes = new LinkedHashMap<>();
        int integrityOffset = -1;
        int offset = StunAttributes.HEADER_BYTES;
        while (offset < bytes.length) {
            int attribute = Short.toUnsignedInt(in.getShort(offset));
            int valueBytes = Short.toUnsignedInt(in.getShort(offset + 2));
            int next = offset + 4 + (valueBytes + 3) / 4 * 4;
            if (next > bytes.length || !hasLegalLength(attribute, valueBytes)) {
                return null;
            }
            if (attribute == StunAttributes.FINGERPRINT) {
                boolean isLast = next == bytes.length;
                return isLast && StunWriter.crc(bytes, offset) == in.getInt(offset + 4)
                        ? new StunMessage(type, bytes, attributes, integrityOffset)
                        : null;
            }
            if (integrityOffset < 0) {
                attributes.putIfAbsent(
                        attribute, in.slice(offset + 4, valueBytes).asReadOnlyBuffer());
            }
            if (attribute == StunAttributes.MESSAGE_INTEGRITY && integrityOffset < 0) {
                integrityOffset = offset;
            }
            offset = next;
        }
        return new StunMessage(type, bytes, attributes, integrityOffset);
    }

    private static boolean hasLegalLength(int attribute, int valueBytes) {
        return switch (attribute) {
            case StunAttributes.USERNAME -> valueBytes < 513;
            case StunAttributes.MESSAGE_INTEGRITY -> valueBytes == StunAttributes.MESSAGE_INTEGRITY_BYTES;
            case StunAttributes.PRIORITY, StunAttributes.FINGERPRINT -> valueBytes == 4;
            case StunAttributes.ICE_CONTROLLED, StunAttributes.ICE_CONTROLLING -> valueBytes == 8;
            case StunAttributes.USE_CANDIDATE -> valueBytes == 0;
            case StunAttributes.ERROR_CODE -> valueBytes >= 4;
            default -> true;
        };
    }

    public Type type() {
        return type;
    }

    /** 96 bits; a copy. */
    public byte[] transactionId() {
        byte[] id = new byte[StunAttributes.TRANSACTION_ID_BYTES];
        System.arraycopy(bytes, 8, id, 0, id.length);
        return id;
    }

    /** The asked one's fragment, a colon, and the asker's; null when there is none. */
    public @Nullable String username() {
        ByteBuffer value = attributes.get(StunAttributes.USERNAME);
        return value == null
                ? null
                : StandardCharsets.UTF_8.decode(value.duplicate()).toString();
    }

    /** The asked one's fragment, by which a server finds the session; null when there is none. */
    public @Nullable String usernameFragment() {
        String username = username();
        int colon = username == null ? -1 : username.indexOf(':');
        return username == null || colon < 0 ? null : username.substring(0, colon);
    }

    /** Whether there is a MESSAGE-INTEGRITY at all. */
    public boolean isSigned() {
        return integrityOffset >= 0;
    }

    /** Whether the sender knew this password; compared in constant time. */
    public boolean isSignedWith(String password) {
        return isSigned() && StunWriter.isIntegrity(bytes, integrityOffset, password);
    }

    /** Whether the controlling side has chosen this pair (RFC 8445 section 7.1.2). */
    public boolean hasUseCandidate() {
        return attributes.containsKey(StunAttributes.USE_CANDIDATE);
    }

    public boolean isFromControlling() {
        return attributes.containsKey(StunAttributes.ICE_CONTROLLING);
    }

    public boolean isFromControlled() {
        return attributes.containsKey(StunAttributes.ICE_CONTROLLED);
    }

    /** 32 bits without sign; 0 when there is none. */
    public long priority() {
        ByteBuffer value = attributes.get(StunAttributes.PRIORITY);
        return value == null ? 0 : Integer.toUnsignedLong(value.getInt(0));
    }

    /** 300 to 699 in an error response, 0 in everything else (RFC 8489 section 14.8). */
    public int errorCode() {
        ByteBuffer value = attributes.get(StunAttributes.ERROR_CODE);
        return value == null ? 0 : (value.get(2) & 0x07) * 100 + (value.get(3) & 0xFF);
    }

    /** The attributes that must be understood and are not, in order (RFC 8489 section 6.3.1). */
    public List<Integer> unknownRequired() {
        List<Integer> unknown = new ArrayList<>();
        for (int attribute : attributes.keySet()) {
            if (StunAttributes.isRequired(attribute) && !StunAttributes.isKnown(attribute)) {
                unknown.add(attribute);
            }
        }
        return unknown;
    }

    /** XOR-MAPPED-ADDRESS, where the answering side saw the request come from; null when absent or malformed. */
    public @Nullable InetSocketAddress mappedAddress() {
        ByteBuffer value = attributes.get(StunAttributes.XOR_MAPPED_ADDRESS);
        int addressBytes = value == null ? 0 : value.remaining() - 4;
        if (value == null || (addressBytes != 4 && addressBytes != 16)) {
            return null;
        }
        int family = value.get(1);
        if (family != (addressBytes == 4 ? FAMILY_IPV4 : FAMILY_IPV6)) {
            return null;
        }
        byte[] address = new byte[addressBytes];
        for (int i = 0; i < addressBytes; i++) {
            address[i] = (byte) (value.get(4 + i) ^ bytes[4 + i]);
        }
        int port = Short.toUnsignedInt(value.getShort(2)) ^ StunAttributes.MAGIC_COOKIE >>> 16;
        return socketAddress(address, port);
    }

    private static InetSocketAddress socketAddress(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address of " + address.length + " bytes", e);
        }
    }

    /** The answer to a good check: where it came from, signed with the password of the one who answers. */
    public static byte[] bindingSuccess(byte[] transactionId, InetSocketAddress peer, String password) {
        return new StunWriter(Type.BINDING_SUCCESS, transactionId)
                .mappedAddress(peer)
                .sign(password)
                .finish();
    }

    /**
     * A connectivity check (RFC 8445 section 7.1).
     *
     * @param username "theirs:ours": the fragment of the one who is asked comes first
     * @param password of the one who is asked
     * @param priority what a peer-reflexive candidate learned from this check would have
     */
    public static byte[] bindingRequest(
            byte[] transactionId,
            String username,
            String password,
            int priority,
            boolean useCandidate,
            boolean controlling,
            long tieBreaker) {
        StunWriter request = new StunWriter(Type.BINDING_REQUEST, transactionId)
                .username(username)
                .priority(priority)
                .role(controlling, tieBreaker);
        if (useCandidate) {
            request.useCandidate();
        }
        return request.sign(password).finish();
    }

    /** A refusal that is not signed, because the asker proved nothing: 400 or 401. */
    static byte[] bindingError(byte[] transactionId, StunError error) {
        return new StunWriter(Type.BINDING_ERROR, transactionId).error(error).finish();
    }

    /**
     * A refusal to one who knows the password: 420 or 487.
     *
     * @param unknown for 420, the attributes that are not understood; for others, empty
     */
    static byte[] bindingError(byte[] transactionId, StunError error, List<Integer> unknown, String password) {
        StunWriter response = new StunWriter(Type.BINDING_ERROR, transactionId).error(error);
        if (!unknown.isEmpty()) {
            response.unknownAttributes(unknown);
        }
        return response.sign(password).finish();
    }
}
