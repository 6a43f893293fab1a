package dev.understudy.server.net;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.dtls.SrtpKeyingMaterial;
import dev.understudy.protocol.sdp.PublishOffer;
import dev.understudy.protocol.sdp.Setup;
import dev.understudy.protocol.srtp.SrtpKeys;
import dev.understudy.protocol.srtp.SrtpProfile;
import dev.understudy.protocol.srtp.SrtpReceiver;
import dev.understudy.protocol.srtp.SrtpSender;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's handshake by {@link DtlsAssociation}, in the role that offer and answer have agreed on. Confined to the
 * session's media loop; the association calls back on a thread of its own.
 *
 * <p>The association is made when it is first needed, so that a client that never comes costs no thread.
 */
final class DtlsHandshake implements Handshake, DtlsAssociation.Events {
    private static final Logger log = LoggerFactory.getLogger(DtlsHandshake.class);

    private final DtlsCertificate certificate;
    private final PublishOffer offer;
    private final Events events;
    private @Nullable DtlsAssociation association;

    private DtlsHandshake(DtlsCertificate certificate, PublishOffer offer, Events events) {
        this.certificate = certificate;
        this.offer = offer;
        this.events = events;
    }

    /** Handshakes with this certificate. */
    static Source source(DtlsCertificate certificate) {
        return new Source() {
            @Override
            public Fingerprint fingerprint() {
                return certificate.fingerprint();
            }

            @Override
            public Handshake begin(PublishOffer offer, Events events) {
                return new DtlsHandshake(certificate, offer, events);
            }
        };
    }

    /** The client speaks first; the server waits for its first datagram. */
    @Override
    public void pathFound() {
        if (isClient() && association == null) {
            start();
        }
    }

    @Override
    public void received(ByteBuffer datagram) {
        DtlsAssociation current = association == null ? start() : association;
        current.received(datagram);
    }

    private DtlsAssociation start() {
        DtlsAssociation started = isClient()
                ? DtlsAssociation.client(certificate, offer.fingerprint(), events::send, this)
                : DtlsAssociation.server(certificate, offer.fingerprint(), events::send, this);
        association = started;
        started.start();
        return started;
    }

    private boolean isClient() {
        return offer.setup() == Setup.ACTIVE;
    }

    @Override
    public void close() {
        if (association != null) {
            association.close();
        }
    }

    @Override
    public void connected(SrtpProfile profile, SrtpKeyingMaterial keys) {
        SrtpKeys theirs = isClient() ? keys.server() : keys.client();
        SrtpKeys ours = isClient() ? keys.client() : keys.server();
        events.done(new SrtpReceiver(profile, theirs), new SrtpSender(profile, ours));
    }

    @Override
    public void failed(String reason) {
        log.atInfo().addKeyValue("reason", reason).log("DTLS association failed");
        events.ended(LeaveReason.HANDSHAKE_FAILED);
    }

    @Override
    public void closed() {
        events.ended(LeaveReason.CLOSED);
    }
}
