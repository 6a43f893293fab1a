package dev.understudy.server.net;

import dev.understudy.protocol.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.jspecify.annotations.Nullable;

/** The passive side: waits for the ClientHello and chooses how media is protected. Confined to its handshake's thread. */
final class DtlsServer extends DefaultTlsServer implements DtlsPeer {
    private final Terms terms;
    private @Nullable SrtpProfile profile;
    private @Nullable Result result;

    DtlsServer(Terms terms) {
        super(CRYPTO);
        this.terms = terms;
    }

    @Override
    public DTLSTransport handshake(DatagramTransport transport) throws IOException {
        return new DTLSServerProtocol().accept(this, transport);
    }

    @Override
    public Result result() {
        if (result == null) {
            throw new IllegalStateException("the handshake has not ended");
        }
        return result;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return DtlsPeer.versions();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return DtlsPeer.cipherSuites();
    }

    @Override
    public boolean requiresExtendedMasterSecret() {
        return true;
    }

    /** Who signed a certificate is of no interest, so neither is how. */
    @Override
    public boolean shouldCheckSigAlgOfPeerCerts() {
        return false;
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return (int) terms.patience().handshake().toMillis();
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return (int) terms.patience().firstResend().toMillis();
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
        return terms.certificate().credentials(CRYPTO, new TlsCryptoParameters(context));
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        short[] types = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};
        return new CertificateRequest(types, TlsUtils.getDefaultSupportedSignatureAlgorithms(context), null);
    }

    /** Bouncy Castle demands and verifies CertificateVerify for every certificate that is not empty. */
    @Override
    public void notifyClientCertificate(Certificate clientCertificate) throws IOException {
        DtlsPeer.check(clientCertificate, terms.peer());
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void processClientExtensions(Hashtable extensions) throws IOException {
        super.processClientExtensions(extensions);
        UseSRTPData offered = TlsSRTPUtils.getUseSRTPExtension(extensions);
        profile = offered == null ? null : choose(offered.getProtectionProfiles());
        if (profile == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "no SRTP profile in common");
        }
    }

    private @Nullable SrtpProfile choose(int[] offered) {
        return terms.profiles().stream()
                .filter(ours -> Arrays.stream(offered).anyMatch(theirs -> theirs == ours.id()))
                .findFirst()
                .orElse(null);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Hashtable getServerExtensions() throws IOException {
        Hashtable extensions = super.getServerExtensions();
        if (profile != null) {
            TlsSRTPUtils.addUseSRTPExtension(
                    extensions, new UseSRTPData(new int[] {profile.id()}, TlsUtils.EMPTY_BYTES));
        }
        return extensions;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        if (profile != null) {
            result = DtlsPeer.export(context, profile);
        }
    }
}
