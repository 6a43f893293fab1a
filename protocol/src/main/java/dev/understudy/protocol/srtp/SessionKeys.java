package dev.understudy.protocol.srtp;

import java.util.Arrays;

/**
 * What one stream of packets is encrypted and authenticated with, derived from a master key (RFC 3711 section 4.3).
 *
 * <p>Keys are derived once: the key derivation rate is zero, as with DTLS-SRTP always.
 */
final class SessionKeys {
    /** HMAC-SHA1's key; GCM has none. */
    private static final int AUTHENTICATION_BYTES = 20;

    private static final int LABEL_OFFSET = 7;

    /** RTP's labels; RTCP's are those plus three (RFC 3711 section 4.3.1). */
    private static final int ENCRYPTION = 0;

    private static final int AUTHENTICATION = 1;
    private static final int SALT = 2;

    /** Which of the two kinds of packet the keys are for. */
    enum Use {
        RTP(0),
        RTCP(3);

        private final int firstLabel;

        Use(int firstLabel) {
            this.firstLabel = firstLabel;
        }
    }

    private final byte[] encryption;
    private final byte[] authentication;
    private final byte[] salt;

    SessionKeys(byte[] encryption, byte[] authentication, byte[] salt) {
        this.encryption = encryption;
        this.authentication = authentication;
        this.salt = salt;
    }

    static SessionKeys derive(SrtpProfile profile, SrtpKeys keys, Use use) {
        byte[] master = keys.masterKey();
        byte[] salt = keys.masterSalt();
        if (master.length != profile.masterKeyBytes() || salt.length != profile.masterSaltBytes()) {
            throw new IllegalArgumentException(
                    "key of " + master.length + " and salt of " + salt.length + " bytes for " + profile);
        }
        return new SessionKeys(
                derive(master, salt, use.firstLabel + ENCRYPTION, master.length),
                derive(master, salt, use.firstLabel + AUTHENTICATION, AUTHENTICATION_BYTES),
                derive(master, salt, use.firstLabel + SALT, salt.length));
    }

    /** The salt, filled up with zeros on the right where it is GCM's shorter one (RFC 7714 section 11), is the IV. */
    static byte[] derive(byte[] master, byte[] salt, int label, int length) {
        byte[] iv = Arrays.copyOf(salt, AesCounter.BLOCK_BYTES);
        iv[LABEL_OFFSET] ^= (byte) label;
        byte[] derived = new byte[length];
        new AesCounter(master).apply(iv, derived, 0, length);
        return derived;
    }

    byte[] encryption() {
        return encryption;
    }

    byte[] authentication() {
        return authentication;
    }

    byte[] salt() {
        return salt;
    }
}
