package dev.understudy.server.net;

import dev.understudy.protocol.dtls.Fingerprint;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
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
    private static final X500Name NAME = new X500Name("CN=understudy");

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
            return new DtlsCertificate(keys.getPrivate(), sign(keys, now));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("P-256 is part of every JDK", e);
        }
    }

    private static byte[] sign(KeyPair keys, Instant now) throws OperatorCreationException, IOException {
        var builder = new X509v3CertificateBuilder(
                NAME,
                new BigInteger(Long.SIZE, new SecureRandom()).setBit(0),
                Date.from(now.minus(BEFORE)),
                Date.from(now.plus(AFTER)),
                NAME,
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
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
