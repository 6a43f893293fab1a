package dev.understudy.server.net;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.dtls.SrtpKeyingMaterial;
import dev.understudy.protocol.srtp.SrtpProfile;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/** One side of a DTLS-SRTP handshake, with what both sides have in common. Confined to its handshake's thread. */
sealed interface DtlsPeer permits DtlsClient, DtlsServer {
    /** The JDK's own cryptography: its P-256 is in assembler. */
    JcaTlsCrypto CRYPTO = new JcaTlsCryptoProvider().create(new SecureRandom());

    /** The best first. */
    List<SrtpProfile> PROFILES = List.of(SrtpProfile.AEAD_AES_128_GCM, SrtpProfile.AES128_CM_HMAC_SHA1_80);

    /** Bouncy Castle's DTLS 1.3 is not released; every WebRTC endpoint speaks 1.2 (RFC 8827 section 6.5). */
    static ProtocolVersion[] versions() {
        return ProtocolVersion.DTLSv12.only();
    }

    /** Bouncy Castle takes the record's number for the explicit part of a GCM nonce, so none comes twice. */
    static int[] cipherSuites() {
        return new int[] {
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
        };
    }

    /**
     * How long a handshake may take.
     *
     * @param handshake from start to end, whatever the peer sends meanwhile
     * @param firstResend until a flight is sent again for the first time; doubles each time
     */
    record Patience(Duration handshake, Duration firstResend) {
        static final Patience USUAL = new Patience(Duration.ofSeconds(20), Duration.ofMillis(250));
    }

    /**
     * What SDP agreed on.
     *
     * @param certificate our own
     * @param peer the fingerprint that the peer's certificate must have
     * @param profiles what may protect media, the best first
     */
    record Terms(DtlsCertificate certificate, Fingerprint peer, List<SrtpProfile> profiles, Patience patience) {
        Terms(DtlsCertificate certificate, Fingerprint peer) {
            this(certificate, peer, PROFILES, Patience.USUAL);
        }
    }

    /** What a handshake gives. */
    record Result(SrtpProfile profile, SrtpKeyingMaterial keys) {}

    /** Shakes hands, which blocks; {@link #result} is there once it returns. */
    DTLSTransport handshake(DatagramTransport transport) throws IOException;

    /** Ends handshake or connection with a close_notify. */
    void cancel() throws IOException;

    Result result();

    /** The peer must show the certificate that its SDP announced, in whichever role (RFC 8122 section 6). */
    static void check(Certificate shown, Fingerprint announced) throws IOException {
        boolean isAnnounced =
                !shown.isEmpty() && announced.matches(shown.getCertificateAt(0).getEncoded());
        if (!isAnnounced) {
            throw new TlsFatalAlert(
                    AlertDescription.bad_certificate, "certificate does not have the fingerprint of the SDP");
        }
    }

    /** Exports the SRTP keys (RFC 5764 section 4.2). */
    static Result export(TlsContext context, SrtpProfile profile) {
        byte[] exported = context.exportKeyingMaterial(
                SrtpKeyingMaterial.EXPORTER_LABEL, null, SrtpKeyingMaterial.bytes(profile));
        return new Result(profile, SrtpKeyingMaterial.split(profile, exported));
    }
}
