package dev.understudy.control.token;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A customer's public key on the curve P-384, with which the participant tokens that they sign are checked. Immutable. */
final class PublicKeyMaterial {
    /** What such a key signs with (RFC 7518 section 3.4): ECDSA over P-384 and SHA-384. */
    static final String ALGORITHM = "ES384";

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----\\s+([a-zA-Z0-9+/=\\s]+)-----END PUBLIC KEY-----");

    /** OID 1.3.132.0.34 in DER: which curve a key is on is written in it. */
    private static final String SECP384R1 = "06052b81040022";

    private final ECPublicKey key;

    private PublicKeyMaterial(ECPublicKey key) {
        this.key = key;
    }

    /** Reads a key in PEM; throws {@link IllegalArgumentException} when it is none on P-384. */
    static PublicKeyMaterial parse(String pem) {
        Matcher body = PEM.matcher(pem);
        if (!body.find()) {
            throw new IllegalArgumentException("no public key in PEM");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(body.group(1));
            var key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
            if (!HexFormat.of().formatHex(key.getEncoded()).contains(SECP384R1)) {
                throw new IllegalArgumentException("the key is not on the curve P-384");
            }
            return new PublicKeyMaterial(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key is no elliptic curve key", e);
        }
    }

    /** The MD5 of the key's DER form, in pairs of hexadecimal digits with colons between. Names the key; proves nothing. */
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
        } catch (java.security.SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ECDSA", e);
        }
    }
}
