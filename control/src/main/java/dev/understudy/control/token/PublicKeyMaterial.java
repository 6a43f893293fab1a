package dev.understudy.control.token;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A customer's public key on the curve P-384, with which the participant tokens that they sign are checked. Immutable. */
final class PublicKeyMaterial {
    /** What such a key signs with (RFC 7518 section 3.4): ECDSA over P-384 and SHA-384. */
    static final String ALGORITHM = "ES384";

    /**
     * A key has 215; the rest is room for what may stand around it. To read even so many costs a fiftieth of checking
     * one signature, so that it is done again whenever somebody joins.
     */
    static final int MAX_CHARS = 4_096;

    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    /** All of a key in DER that stands before a compressed point (RFC 5480 section 2), which the JDK does not read. */
    private static final byte[] BEFORE_COMPRESSED =
            HexFormat.of().parseHex("3046301006072a8648ce3d020106052b81040022033200");

    private static final byte EVEN = 2;
    private static final byte ODD = 3;

    private final ECPublicKey key;

    private PublicKeyMaterial(ECPublicKey key) {
        this.key = key;
    }

    /**
     * Reads a key in PEM, the first where there are several, in time that grows with the text's length and no faster;
     * throws {@link IllegalArgumentException} when it is none on P-384.
     */
    static PublicKeyMaterial parse(String pem) {
        if (pem.length() > MAX_CHARS) {
            throw new IllegalArgumentException("longer than " + MAX_CHARS + " characters: " + pem.length());
        }
        try {
            var key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(spec(der(pem)));
            if (!P384.is(key.getParams()) || !P384.has(key.getW())) {
                throw new IllegalArgumentException("the key is not on the curve P-384");
            }
            return new PublicKeyMaterial(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key is no elliptic curve key", e);
        }
    }

    private static byte[] der(String pem) {
        int end = pem.indexOf(END);
        int begin = pem.lastIndexOf(BEGIN, end - BEGIN.length());
        if (begin < 0) {
            throw new IllegalArgumentException("no public key in PEM");
        }
        String lines = pem.substring(begin + BEGIN.length(), end);
        return Base64.getDecoder().decode(lines.replaceAll("\\s", ""));
    }

    private static KeySpec spec(byte[] der) throws GeneralSecurityException {
        int start = BEFORE_COMPRESSED.length;
        boolean isCompressed = der.length == start + 1 + P384.COORDINATE_BYTES
                && Arrays.equals(der, 0, start, BEFORE_COMPRESSED, 0, start)
                && (der[start] == EVEN || der[start] == ODD);
        if (!isCompressed) {
            return new X509EncodedKeySpec(der);
        }
        var x = new BigInteger(1, der, start + 1, P384.COORDINATE_BYTES);
        return new ECPublicKeySpec(P384.decompressed(x, der[start] == ODD), P384.PARAMETERS);
    }

    /**
     * The MD5 of the key's DER form with the whole point, in pairs of hexadecimal digits with colons between. Names the
     * key; proves nothing.
     */
    String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(key.getEncoded());
            return HexFormat.ofDelimiter(":").formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Whether {@code signature}, in JOSE's form of two numbers of 48 bytes, is this key's over {@code message}. */
    boolean hasSigned(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("SHA384withECDSAinP1363Format");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ECDSA", e);
        }
    }
}
