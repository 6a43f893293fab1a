package dev.understudy.protocol.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a certificate, as SDP carries it in {@code a=fingerprint} (RFC 8122 section 5). Immutable.
 *
 * <p>It binds the DTLS handshake to the signalling: whoever sent the SDP holds the certificate's key.
 *
 * @param algorithm in lower case: sha-256, sha-384 or sha-512; MD5 and SHA-1 are refused as broken
 * @param digest in upper-case hexadecimal, bytes separated by colons
 */
public record Fingerprint(String algorithm, String digest) {
    private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

    /** The sizes of the digests that are trusted. */
    private static final Map<String, Integer> BYTES = Map.of("sha-256", 32, "sha-384", 48, "sha-512", 64);

    public Fingerprint {
        Integer bytes = BYTES.get(algorithm);
        if (bytes == null || !isDigest(digest, bytes)) {
            throw new IllegalArgumentException("not a fingerprint: " + algorithm + " " + digest);
        }
    }

    /**
     * Reads the value of {@code a=fingerprint}; upper and lower case count the same.
     *
     * @return null when it is malformed or its algorithm is not trusted
     */
    public static @Nullable Fingerprint parse(String value) {
        String[] parts = value.strip().split(" +", -1);
        if (parts.length != 2) {
            return null;
        }
        String algorithm = parts[0].toLowerCase(Locale.ROOT);
        String digest = parts[1].toUpperCase(Locale.ROOT);
        Integer bytes = BYTES.get(algorithm);
        return bytes != null && isDigest(digest, bytes) ? new Fingerprint(algorithm, digest) : null;
    }

    public static Fingerprint sha256(byte[] certificateDer) {
        return new Fingerprint("sha-256", HEX.formatHex(hash("sha-256", certificateDer)));
    }

    /** Whether this is the certificate's fingerprint; compared in constant time. */
    public boolean matches(byte[] certificateDer) {
        return MessageDigest.isEqual(HEX.parseHex(digest), hash(algorithm, certificateDer));
    }

    private static byte[] hash(String algorithm, byte[] certificateDer) {
        try {
            return MessageDigest.getInstance(algorithm.toUpperCase(Locale.ROOT)).digest(certificateDer);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm + " is part of every JDK", e);
        }
    }

    private static boolean isDigest(String digest, int bytes) {
        if (digest.length() != 3 * bytes - 1) {
            return false;
        }
        for (int i = 0; i < digest.length(); i++) {
            char c = digest.charAt(i);
            boolean isHex = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
            if (i % 3 == 2 ? c != ':' : !isHex) {
                return false;
            }
        }
        return true;
    }

    /** The SDP form: {@code sha-256 AB:CD:…}. */
    @Override
    public String toString() {
        return algorithm + " " + digest;
    }
}
