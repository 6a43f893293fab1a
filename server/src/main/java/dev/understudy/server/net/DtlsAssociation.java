package dev.understudy.server.net;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.dtls.SrtpKeyingMaterial;
import dev.understudy.protocol.srtp.SrtpProfile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;

/**
 * One DTLS association with a peer whose address ICE has validated: shakes hands for SRTP keys, then listens for repeated
 * Finished messages and for the end. Thread-safe.
 *
 * <pre>
 *  start ──► handshake ──► connected ──► closed      (close_notify, ours or theirs)
 *                │             └───────► failed      (fatal alert)
 *                ├───────────────────► failed      (alert, wrong fingerprint, out of time)
 *                └───────────────────► closed      (close was called)
 * </pre>
 */
public final class DtlsAssociation implements AutoCloseable {
    // Bouncy Castle's DTLS blocks and reads clocks. So each association has a virtual thread that does nothing but call
    // it,
    // fed by a bounded queue; the face towards the media loop is datagrams in, datagrams and events out, and never
    // blocks.

    /** Takes datagrams to the peer. Called on the association's own thread; the buffer is the callee's to keep. */
    public interface Outbound {
        void send(ByteBuffer datagram);
    }

    /**
     * Is told what becomes of the association, on its own thread. The last call is either {@link #failed} or {@link
     * #closed}, once.
     */
    public interface Events {
        void connected(SrtpProfile profile, SrtpKeyingMaterial keys);

        /** {@code reason} is for the log: no secret is in it. */
        void failed(String reason);

        void closed();
    }

    private final DtlsPeer peer;
    private final DtlsTransport transport;
    private final Events events;
    private final Thread thread;

    DtlsAssociation(DtlsPeer peer, Outbound out, Events events) {
        this.peer = peer;
        this.transport = new DtlsTransport(peer, out);
        this.events = events;
        this.thread = Thread.ofVirtual().name("dtls").unstarted(this::run);
    }

    /** The passive role: the peer sends the ClientHello, we choose the SRTP profile. Make one at its first datagram. */
    public static DtlsAssociation server(DtlsCertificate certificate, Fingerprint peer, Outbound out, Events events) {
        return new DtlsAssociation(new DtlsServer(new DtlsPeer.Terms(certificate, peer)), out, events);
    }

    /** The active role: we send the ClientHello as soon as it is started. */
    public static DtlsAssociation client(DtlsCertificate certificate, Fingerprint peer, Outbound out, Events events) {
        return new DtlsAssociation(new DtlsClient(new DtlsPeer.Terms(certificate, peer)), out, events);
    }

    /** Begins to shake hands, once. */
    public void start() {
        thread.start();
    }

    /** Takes in a datagram of the peer, copying its bytes. Never blocks: under a flood, datagrams are lost. */
    public void received(ByteBuffer datagram) {
        transport.offer(datagram);
    }

    /** Says goodbye and ends the association, without waiting for either. */
    @Override
    public void close() {
        transport.requestClose();
    }

    /** Shakes hands with itself once, because the first handshake of a JVM takes longer than peers wait. Blocks. */
    public static void warmUp(DtlsCertificate certificate) {
        var done = new CountDownLatch(2);
        var ends = new DtlsAssociation[2];
        Events events = new Events() {
            @Override
            public void connected(SrtpProfile profile, SrtpKeyingMaterial keys) {
                done.countDown();
            }

            @Override
            public void failed(String reason) {}

            @Override
            public void closed() {}
        };
        ends[0] = server(certificate, certificate.fingerprint(), bytes -> ends[1].received(bytes), events);
        ends[1] = client(certificate, certificate.fingerprint(), bytes -> ends[0].received(bytes), events);
        try (var server = ends[0];
                var client = ends[1]) {
            server.start();
            client.start();
            if (!done.await(DtlsPeer.Patience.USUAL.handshake().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("no DTLS handshake with ourselves");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean isConnected = false;
        try {
            DTLSTransport dtls = peer.handshake(transport);
            isConnected = true;
            // Before our Finished leaves: the peer's first packets follow it at once, and must find the keys.
            events.connected(peer.result().profile(), peer.result().keys());
            transport.handshakeEnded();
            readToTheEnd(dtls);
        } catch (InterruptedIOException e) {
            end(isConnected || transport.isCloseRequested(), "peer closed during the handshake");
        } catch (IOException e) {
            end(transport.isCloseRequested(), reason(e));
        }
    }

    /** Bouncy Castle repeats our last flight where the peer missed it; data for SCTP is not for us and is ignored. */
    private static void readToTheEnd(DTLSTransport dtls) throws IOException {
        byte[] ignored = new byte[DtlsTransport.MAX_RECEIVED_BYTES];
        while (true) {
            dtls.receive(ignored, 0, ignored.length, 0);
        }
    }

    private void end(boolean isInOrder, String reason) {
        if (isInOrder) {
            events.closed();
        } else {
            events.failed(reason);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case TlsTimeoutException _ -> "handshake ran out of time";
            case TlsFatalAlertReceived alert -> "peer sent " + AlertDescription.getName(alert.getAlertDescription());
            case TlsFatalAlert alert -> "handshake refused: " + alert.getMessage();
            default -> e.toString();
        };
    }
}
