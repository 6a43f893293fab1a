package dev.understudy.protocol.stun;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Writes one STUN message, attribute by attribute in the order of the calls; {@link #sign} comes after all others. */
final class StunWriter {
    /** Room for every message we write: the username has at most 513 bytes, the rest some 200. */
    private static final int MAX_BYTES = 1_024;

    private final ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);

    StunWriter(StunMessage.Type type, byte[] transactionId) {
        if (transactionId.length != StunAttributes.TRANSACTION_ID_BYTES) {
            throw new IllegalArgumentException("transaction ID of " + transactionId.length + " bytes");
        }
        out.putShort((short) type.code).putShort((short) 0);
        out.putInt(StunAttributes.MAGIC_COOKIE).put(transactionId);
    }

    StunWriter username(String username) {
        return attribute(StunAttributes.USERNAME, username.getBytes(StandardCharsets.UTF_8));
    }

    StunWriter priority(int priority) {
        return attribute(
                StunAttributes.PRIORITY, ByteBuffer.allocate(4).putInt(priority).array());
    }

    StunWriter useCandidate() {
        return attribute(StunAttributes.USE_CANDIDATE, new byte[0]);
    }

    StunWriter role(boolean controlling, long tieBreaker) {
        int attribute = controlling ? StunAttributes.ICE_CONTROLLING : StunAttributes.ICE_CONTROLLED;
        return attribute(attribute, ByteBuffer.allocate(8).putLong(tieBreaker).array());
    }

    /** XOR-MAPPED-ADDRESS: port and address are veiled from meddling NATs (RFC 8489 section 14.2). */
    StunWriter mappedAddress(InetSocketAddress peer) {
        byte[] address = peer.getAddress().getAddress();
        ByteBuffer value = ByteBuffer.allocate(4 + address.length);
        value.putShort((short) (address.length == 4 ? 1 : 2));
        value.putShort((short) (peer.getPort() ^ StunAttributes.MAGIC_COOKIE >>> 16));
        for (int i = 0; i < address.length; i++) {
            value.put((byte) (address[i] ^ out.get(4 + i)));
        }
        return attribute(StunAttributes.XOR_MAPPED_ADDRESS, value.array());
    }

    StunWriter error(StunError error) {
        byte[] reason = error.reason.getBytes(StandardCharsets.UTF_8);
        ByteBuffer value = ByteBuffer.allocate(4 + reason.length).putShort((short) 0);
        value.put((byte) (error.code / 100)).put((byte) (error.code % 100)).put(reason);
        return attribute(StunAttributes.ERROR_CODE, value.array());
    }

    StunWriter unknownAttributes(List<Integer> attributes) {
        int listed = Math.min(attributes.size(), MAX_BYTES / 4);
        ByteBuffer value = ByteBuffer.allocate(2 * listed);
        attributes.stream().limit(listed).forEach(attribute -> value.putShort(attribute.shortValue()));
        return attribute(StunAttributes.UNKNOWN_ATTRIBUTES, value.array());
    }

    StunWriter sign(String password) {
        byte[] integrity = integrity(out.array(), out.position(), password);
        return attribute(StunAttributes.MESSAGE_INTEGRITY, integrity);
    }

    /** Adds the FINGERPRINT, which ICE demands, and gives the whole message. */
    byte[] finish() {
        int offset = out.position();
        setLength(offset + 4 + StunAttributes.FINGERPRINT_BYTES);
        int crc = crc(out.array(), offset);
        attribute(
                StunAttributes.FINGERPRINT,
                ByteBuffer.allocate(StunAttributes.FINGERPRINT_BYTES)
                        .putInt(crc)
                        .array());
        return Arrays.copyOf(out.array(), out.position());
    }

    StunWriter attribute(int type, byte[] value) {
        out.putShort((short) type).putShort((short) value.length).put(value);
        while (out.position() % 4 != 0) {
            out.put((byte) 0);
        }
        setLength(out.position());
        return this;
    }

    private void setLength(int messageBytes) {
        out.putShort(2, (short) (messageBytes - StunAttributes.HEADER_BYTES));
    }

    /** Whether the MESSAGE-INTEGRITY whose attribute starts at {@code offset} is right; compared in constant time. */
    static boolean isIntegrity(byte[] message, int offset, String password) {
        byte[] expected = integrity(message, offset, password);
        int difference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference |= expected[i] ^ message[offset + 4 + i];
        }
        return difference == 0;
    }

    /**
     * HMAC-SHA1 over all before {@code offset}, with a header that counts this attribute as the last (RFC 8489 section
     * 14.5). ICE uses short-term credentials: the key is the password itself.
     */
    private static byte[] integrity(byte[] message, int offset, String password) {
        int length = offset + 4 + StunAttributes.MESSAGE_INTEGRITY_BYTES - StunAttributes.HEADER_BYTES;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            mac.update(message, 0, 2);
            mac.update((byte) (length >>> 8));
            mac.update((byte) length);
            mac.update(message, 4, offset - 4);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA1 is part of every JDK", e);
        }
    }

    /** The FINGERPRINT over all before {@code offset} (RFC 8489 section 14.7). */
    static int crc(byte[] message, int offset) {
        CRC32 crc = new CRC32();
        crc.update(message, 0, offset);
        return (int) crc.getValue() ^ StunAttributes.FINGERPRINT_XOR;
    }
}
