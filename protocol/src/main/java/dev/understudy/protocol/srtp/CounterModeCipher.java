package dev.understudy.protocol.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** AES counter mode with 80 bits of HMAC-SHA1 (RFC 3711 sections 4.1.1 and 4.2.1). Confined to one thread. */
final class CounterModeCipher implements PacketCipher {
    private static final int TAG_BYTES = SrtpProfile.AES128_CM_HMAC_SHA1_80.tagBytes();

    private final AesCounter aes;
    private final Mac mac;
    private final byte[] salt;
    private final byte[] iv = new byte[AesCounter.BLOCK_BYTES];
    private final byte[] hmac = new byte[20];
    private final byte[] rolloverCounter = new byte[4];

    CounterModeCipher(SessionKeys keys) {
        aes = new AesCounter(keys.encryption());
        salt = keys.salt();
        try {
            mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(keys.authentication(), "HmacSHA1"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA1 is part of every JDK", e);
        }
    }

    @Override
    public int protectRtp(byte[] packet, int headerBytes, int length, int ssrc, long index) {
        aes.apply(iv(ssrc, index), packet, headerBytes, length - headerBytes);
        authenticateRtp(packet, length, index);
        System.arraycopy(hmac, 0, packet, length, TAG_BYTES);
        return length + TAG_BYTES;
    }

    @Override
    public int unprotectRtp(byte[] packet, int headerBytes, int length, int ssrc, long index) {
        int plainLength = length - TAG_BYTES;
        authenticateRtp(packet, plainLength, index);
        if (!isTag(packet, plainLength)) {
            return FAILED;
        }
        aes.apply(iv(ssrc, index), packet, headerBytes, plainLength - headerBytes);
        return plainLength;
    }

    @Override
    public int protectRtcp(byte[] packet, int length, int ssrc, int index) {
        aes.apply(iv(ssrc, index), packet, RTCP_HEADER_BYTES, length - RTCP_HEADER_BYTES);
        PacketCipher.put(packet, length, ENCRYPTED | index, RTCP_INDEX_BYTES);
        int authenticated = length + RTCP_INDEX_BYTES;
        authenticate(packet, authenticated);
        System.arraycopy(hmac, 0, packet, authenticated, TAG_BYTES);
        return authenticated + TAG_BYTES;
    }

    @Override
    public int unprotectRtcp(byte[] packet, int length, int ssrc, int index) {
        authenticate(packet, length - TAG_BYTES);
        if (!isTag(packet, length - TAG_BYTES)) {
            return FAILED;
        }
        int plainLength = rtcpIndexOffset(length);
        aes.apply(iv(ssrc, index), packet, RTCP_HEADER_BYTES, plainLength - RTCP_HEADER_BYTES);
        return plainLength;
    }

    @Override
    public int rtcpIndexOffset(int length) {
        return length - TAG_BYTES - RTCP_INDEX_BYTES;
    }

    /** The salt, the SSRC and the index, each at its place (RFC 3711 section 4.1.1). */
    private byte[] iv(int ssrc, long index) {
        System.arraycopy(salt, 0, iv, 0, salt.length);
        PacketCipher.xor(iv, 4, ssrc, 4);
        PacketCipher.xor(iv, 8, index, 6);
        return iv;
    }

    /** The rollover counter is authenticated too, although it is not sent (RFC 3711 section 4.2). */
    private void authenticateRtp(byte[] packet, int length, long index) {
        mac.update(packet, 0, length);
        PacketCipher.put(rolloverCounter, 0, index >>> 16, 4);
        authenticate(rolloverCounter, 4);
    }

    private void authenticate(byte[] bytes, int length) {
        mac.update(bytes, 0, length);
        try {
            mac.doFinal(hmac, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA1 has " + hmac.length + " bytes", e);
        }
    }

    /** Takes the same time wherever the first difference is. */
    private boolean isTag(byte[] packet, int offset) {
        int difference = 0;
        for (int i = 0; i < TAG_BYTES; i++) {
            difference |= hmac[i] ^ packet[offset + i];
        }
        return difference == 0;
    }
}
