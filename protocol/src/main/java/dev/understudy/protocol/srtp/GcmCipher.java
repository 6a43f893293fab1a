package dev.understudy.protocol.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES in Galois/counter mode (RFC 7714). Confined to one thread. The JDK compares tags in constant time.
 */
final class GcmCipher implements PacketCipher {
    private static final int TAG_BYTES = SrtpProfile.AEAD_AES_128_GCM.tagBytes();
    private static final int IV_BYTES = 12;

    private final Cipher cipher;
    private final SecretKeySpec key;
    private final byte[] salt;
    private final byte[] iv = new byte[IV_BYTES];
    private final byte[] indexWord = new byte[RTCP_INDEX_BYTES];

    GcmCipher(SessionKeys keys) {
        key = new SecretKeySpec(keys.encryption(), "AES");
        salt = keys.salt();
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/GCM is part of every JDK", e);
        }
    }

    @Override
    public int protectRtp(byte[] packet, int headerBytes, int length, int ssrc, long index) {
        rtpIv(ssrc, index);
        try {
            begin(Cipher.ENCRYPT_MODE);
            cipher.updateAAD(packet, 0, headerBytes);
            cipher.doFinal(packet, headerBytes, length - headerBytes, packet, headerBytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/GCM of " + length + " bytes", e);
        }
        return length + TAG_BYTES;
    }

    @Override
    public int unprotectRtp(byte[] packet, int headerBytes, int length, int ssrc, long index) {
        rtpIv(ssrc, index);
        try {
            begin(Cipher.DECRYPT_MODE);
            cipher.updateAAD(packet, 0, headerBytes);
            cipher.doFinal(packet, headerBytes, length - headerBytes, packet, headerBytes);
        } catch (AEADBadTagException _) {
            return FAILED;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/GCM of " + length + " bytes", e);
        }
        return length - TAG_BYTES;
    }

    @Override
    public int protectRtcp(byte[] packet, int length, int ssrc, int index) {
        rtcpIv(ssrc, index);
        int indexOffset = length + TAG_BYTES;
        try {
            begin(Cipher.ENCRYPT_MODE);
            rtcpAad(packet, index);
            cipher.doFinal(packet, RTCP_HEADER_BYTES, length - RTCP_HEADER_BYTES, packet, RTCP_HEADER_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/GCM of " + length + " bytes", e);
        }
        System.arraycopy(indexWord, 0, packet, indexOffset, RTCP_INDEX_BYTES);
        return indexOffset + RTCP_INDEX_BYTES;
    }

    @Override
    public int unprotectRtcp(byte[] packet, int length, int ssrc, int index) {
        rtcpIv(ssrc, index);
        int indexOffset = rtcpIndexOffset(length);
        try {
            begin(Cipher.DECRYPT_MODE);
            rtcpAad(packet, index);
            cipher.doFinal(packet, RTCP_HEADER_BYTES, indexOffset - RTCP_HEADER_BYTES, packet, RTCP_HEADER_BYTES);
        } catch (AEADBadTagException _) {
            return FAILED;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/GCM of " + length + " bytes", e);
        }
        return indexOffset - TAG_BYTES;
    }

    @Override
    public int rtcpIndexOffset(int length) {
        return length - RTCP_INDEX_BYTES;
    }

    private void begin(int mode) throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, iv));
    }

    /** Two zero bytes, SSRC, ROC and sequence number, all XOR the salt (RFC 7714 section 8.1). */
    private void rtpIv(int ssrc, long index) {
        System.arraycopy(salt, 0, iv, 0, IV_BYTES);
        PacketCipher.xor(iv, 2, ssrc, 4);
        PacketCipher.xor(iv, 6, index, 6);
    }

    /** Two zero bytes, SSRC, two zero bytes and the index, all XOR the salt (RFC 7714 section 9.1). */
    private void rtcpIv(int ssrc, int index) {
        System.arraycopy(salt, 0, iv, 0, IV_BYTES);
        PacketCipher.xor(iv, 2, ssrc, 4);
        PacketCipher.xor(iv, 8, index, 4);
    }

    /** The header and the index word are authenticated, though not encrypted (RFC 7714 section 9.2). */
    private void rtcpAad(byte[] packet, int index) {
        PacketCipher.put(indexWord, 0, ENCRYPTED | index, RTCP_INDEX_BYTES);
        cipher.updateAAD(packet, 0, RTCP_HEADER_BYTES);
        cipher.updateAAD(indexWord);
    }
}
