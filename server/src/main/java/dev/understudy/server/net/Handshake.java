package dev.understudy.server.net;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.sdp.PublishOffer;
import dev.understudy.protocol.srtp.SrtpReceiver;
import dev.understudy.protocol.srtp.SrtpSender;
import java.nio.ByteBuffer;

/** The DTLS side of a session, as the session drives it. Called by the media loop; returns at once. */
interface Handshake {
    /** There is a path to the peer: whoever is to speak first may begin. Called again with each connectivity check. */
    void pathFound();

    /** A record has come; its bytes are reused as soon as this returns. */
    void received(ByteBuffer datagram);

    /** Ends the association and everything that waits for it. */
    void close();

    /** What a handshake has to say, from whatever thread it runs on. */
    interface Events {
        /** A record for the peer; the bytes are the receiver's from now on. */
        void send(ByteBuffer datagram);

        /** The keys are agreed on, and the certificate is the one that the offer names. */
        void done(SrtpReceiver receiver, SrtpSender sender);

        void ended(LeaveReason reason);
    }

    /** Where handshakes come from: the owner of our certificate. Thread-safe. */
    interface Source {
        /** Of our certificate. */
        Fingerprint fingerprint();

        Handshake begin(PublishOffer offer, Events events);
    }
}
