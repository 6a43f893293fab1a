package dev.understudy.protocol.srtp;

/**
 * Encrypts, authenticates and opens packets that lie at the start of an array; the index is the caller's business.
 *
 * <p>Confined to one thread. Nonces are made of the SSRC and the index alone, so one index must never be protected twice.
 */
sealed interface PacketCipher permits CounterModeCipher, GcmCipher {
    /** RTCP's E flag and index, which follow the packet. */
    int RTCP_INDEX_BYTES = 4;

    /** Set in the index word of encrypted RTCP. */
    int ENCRYPTED = 0x80000000;

    /** The part of an RTCP packet that is never encrypted. */
    int RTCP_HEADER_BYTES = 8;

    int FAILED = -1;

    /** Returns the new length. {@code index} is ROC and sequence number, 48 bits (RFC 3711 section 3.3.1). */
    int protectRtp(byte[] packet, int headerBytes, int length, int ssrc, long index);

    /** Returns the new length, or {@link #FAILED}; then the packet's bytes are worth nothing. */
    int unprotectRtp(byte[] packet, int headerBytes, int length, int ssrc, long index);

    /** Returns the new length. {@code index} has 31 bits. */
    int protectRtcp(byte[] packet, int length, int ssrc, int index);

    /** Returns the new length, or {@link #FAILED}; then the packet's bytes are worth nothing. */
    int unprotectRtcp(byte[] packet, int length, int ssrc, int index);

    /** Where in a protected RTCP packet its index word stands. */
    int rtcpIndexOffset(int length);

    static PacketCipher of(SrtpProfile profile, SessionKeys keys) {
        return switch (profile) {
            case AES128_CM_HMAC_SHA1_80 -> new CounterModeCipher(keys);
            case AEAD_AES_128_GCM -> new GcmCipher(keys);
        };
    }

    /** Writes the {@code count} lowest bytes of {@code value}, highest first. */
    static void put(byte[] bytes, int offset, long value, int count) {
        for (int i = 0; i < count; i++) {
            bytes[offset + i] = (byte) (value >>> (8 * (count - 1 - i)));
        }
    }

    /** As {@link #put}, into what is already there. */
    static void xor(byte[] bytes, int offset, long value, int count) {
        for (int i = 0; i < count; i++) {
            bytes[offset + i] ^= (byte) (value >>> (8 * (count - 1 - i)));
        }
    }
}
