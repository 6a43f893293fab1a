package dev.understudy.server.net;

import dev.understudy.protocol.dtls.Fingerprint;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/**
 * The certificate that this process shows in DTLS handshakes: a P-256 key that signs itself, made at start. Immutable.
 *
 * <p>Nobody checks its name or who signed it; what counts is that its fingerprint is the one in the SDP.
 */
public final class DtlsCertificate {
    /** Peers' clocks are wrong by hours. */
    private static final Duration BEFORE = Duration.ofDays(1);

    /** Longer than a process lives. */
    private static final Duration AFTER = Duration.ofDays(3650);

    private final PrivateKey key;
    private final byte[] der;
    private final Fingerprint fingerprint;

    /** Believes that the key is the certificate's; the peer does not. */
    DtlsCertificate(PrivateKey key, byte[] der) {
        this.key = key;
        this.der = der;
        this.fingerprint = Fingerprint.sha256(der);
    }

    public static DtlsCertificate selfSigned(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            return new DtlsCertificate(
                    keys.getPrivate(), SelfSigned.certificate(keys, "understudy", now.minus(BEFORE), now.plus(AFTER)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("P-256 is part of every JDK", e);
        }
    }

    /** What the SDP says in {@code a=fingerprint}. */
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    TlsCredentialedSigner credentials(JcaTlsCrypto crypto, TlsCryptoParameters parameters) throws IOException {
        TlsCertificate certificate = crypto.createCertificate(der);
        return new JcaDefaultTlsCredentialedSigner(
                parameters,
                crypto,
                key,
                new Certificate(new TlsCertificate[] {certificate}),
                new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }
}
