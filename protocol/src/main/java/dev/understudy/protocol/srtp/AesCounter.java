package dev.understudy.protocol.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES in counter mode as SRTP uses it (RFC 3711 section 4.1.1), for one key. Confined to one thread.
 */
final class AesCounter {
    // The counter blocks of a whole packet are laid out and encrypted in one call, as ECB. The JDK's own CTR mode wants
    // a
    // new IvParameterSpec and a new initialisation for each packet; this way a packet allocates nothing, provided that
    // input
    // and output are two arrays: of one the JDK makes a copy.
    static final int BLOCK_BYTES = 16;

    private final Cipher cipher;
    private final byte[] counters = new byte[SrtpLimits.MAX_PACKET_BYTES + BLOCK_BYTES];
    private final byte[] keystream = new byte[counters.length];

    AesCounter(byte[] key) {
        try {
            cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES is part of every JDK", e);
        }
    }

    /**
     * Encrypts or decrypts in place.
     *
     * @param iv 16 bytes, of which the last two are zero: they count blocks
     */
    void apply(byte[] iv, byte[] bytes, int offset, int length) {
        int blocks = (length + BLOCK_BYTES - 1) / BLOCK_BYTES;
        for (int i = 0; i < blocks; i++) {
            int at = i * BLOCK_BYTES;
            System.arraycopy(iv, 0, counters, at, BLOCK_BYTES);
            counters[at + 14] = (byte) (i >>> 8);
            counters[at + 15] = (byte) i;
        }
        try {
            cipher.update(counters, 0, blocks * BLOCK_BYTES, keystream, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES of " + blocks + " whole blocks", e);
        }
        for (int i = 0; i < length; i++) {
            bytes[offset + i] ^= keystream[i];
        }
    }
}
