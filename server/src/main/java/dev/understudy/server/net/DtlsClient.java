package dev.understudy.server.net;

import dev.understudy.protocol.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.jspecify.annotations.Nullable;

/** The active side: sends the ClientHello. Confined to its handshake's thread. */
final class DtlsClient extends DefaultTlsClient implements DtlsPeer {
    private final Terms terms;
    private @Nullable SrtpProfile profile;
    private @Nullable Result result;

    DtlsClient(Terms terms) {
        super(CRYPTO);
        this.terms = terms;
    }

    @Override
    public DTLSTransport handshake(DatagramTransport transport) throws IOException {
        return new DTLSClientProtocol().connect(this, transport);
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
    @SuppressWarnings("rawtypes")
    public Hashtable getClientExtensions() throws IOException {
        Hashtable extensions = super.getClientExtensions();
        int[] profiles = terms.profiles().stream().mapToInt(SrtpProfile::id).toArray();
        TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(profiles, TlsUtils.EMPTY_BYTES));
        return extensions;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void processServerExtensions(Hashtable extensions) throws IOException {
        super.processServerExtensions(extensions);
        UseSRTPData chosen = extensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(extensions);
        int[] profiles = chosen == null ? new int[0] : chosen.getProtectionProfiles();
        profile = profiles.length == 1 ? SrtpProfile.of(profiles[0]) : null;
        if (profile == null || !terms.profiles().contains(profile)) {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter, "no SRTP profile that was offered");
        }
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
                DtlsPeer.check(server.getCertificate(), terms.peer());
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                return terms.certificate().credentials(CRYPTO, new TlsCryptoParameters(context));
            }
        };
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        if (profile != null) {
            result = DtlsPeer.export(context, profile);
        }
    }
}
