package dev.understudy.server.net;

import dev.understudy.protocol.stun.IceCredentials;
import java.security.SecureRandom;
import java.util.Base64;

/** What must not be guessed. Thread-safe. */
final class Secrets {
    private static final String ICE_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /** 48 bits: enough that two sessions do not meet, and short in every check. */
    private static final int FRAGMENT_CHARACTERS = 8;

    /** 144 bits; RFC 8445 section 5.3 asks for 128. */
    private static final int PASSWORD_CHARACTERS = 24;

    private static final int SESSION_ID_BYTES = 18;

    private final SecureRandom random = new SecureRandom();

    IceCredentials iceCredentials() {
        return new IceCredentials(ice(FRAGMENT_CHARACTERS), ice(PASSWORD_CHARACTERS));
    }

    /** Part of a URL; who knows it may end the session. */
    String sessionId() {
        byte[] bytes = new byte[SESSION_ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Of an o-line (RFC 8866 section 5.2): 62 bits, so that no client reads it as negative. */
    long sdpSessionId() {
        return random.nextLong() >>> 2;
    }

    /** 32 bits, not 0. */
    long ssrc() {
        return random.nextLong(1, 1L << 32);
    }

    private String ice(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ICE_CHARACTERS.charAt(random.nextInt(ICE_CHARACTERS.length())));
        }
        return text.toString();
    }
}
