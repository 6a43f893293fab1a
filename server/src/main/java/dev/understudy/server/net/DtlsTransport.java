package dev.understudy.server.net;

import dev.understudy.protocol.dtls.DtlsRecords;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * Where a DTLS stack that blocks meets a media loop that must not: a bounded queue of datagrams in, a sink out.
 *
 * <p>{@link #offer} and {@link #requestClose} may be called by any thread; the rest belongs to the handshake's thread.
 * Records that the stack sends one by one leave together, so that a flight is one datagram where it fits.
 */
final class DtlsTransport implements DatagramTransport {
    /** Larger than any handshake's flight; what is beyond it is lost, and sent again by the peer. */
    static final int MAX_WAITING_DATAGRAMS = 64;

    static final int MAX_RECEIVED_BYTES = 2_048;

    /** Fits into every path that carries WebRTC media. */
    static final int MAX_SENT_BYTES = 1_200;

    /**
     * The Finished and its repetitions. Each could make the stack reserve memory, and we cannot see into it; see {@link
     * DtlsRecords}.
     */
    static final int MAX_ENCRYPTED_HANDSHAKE_RECORDS = 8;

    private static final byte[] CLOSE = {};

    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MAX_WAITING_DATAGRAMS + 1);
    private final DtlsAssociation.Outbound out;
    private final DtlsPeer peer;
    private final ByteBuffer unsent = ByteBuffer.allocate(MAX_SENT_BYTES);
    private int encryptedHandshakeRecords;
    private boolean isConnected;
    private boolean isClosed;
    private volatile boolean closeRequested;

    DtlsTransport(DtlsPeer peer, DtlsAssociation.Outbound out) {
        this.peer = peer;
        this.out = out;
    }

    /** Takes a copy of a datagram if there is room. */
    void offer(ByteBuffer datagram) {
        int length = datagram.remaining();
        boolean hasRoom = waiting.remainingCapacity() > 1;
        if (hasRoom && length > 0 && length <= MAX_RECEIVED_BYTES) {
            byte[] copy = new byte[length];
            datagram.get(datagram.position(), copy);
            waiting.offer(copy);
        }
    }

    /** Wakes the handshake's thread up to say goodbye. */
    void requestClose() {
        closeRequested = true;
        // With a full queue nothing has to be woken up: the flag is seen with the next datagram.
        waiting.offer(CLOSE);
    }

    boolean isCloseRequested() {
        return closeRequested;
    }

    /** From now on encrypted records cost the stack no memory. */
    void handshakeEnded() {
        isConnected = true;
        flush();
    }

    @Override
    public int getReceiveLimit() {
        return MAX_RECEIVED_BYTES;
    }

    @Override
    public int getSendLimit() {
        return MAX_SENT_BYTES;
    }

    /** A wait of 0 ms is for ever. Throws once closed, because nothing else ends Bouncy Castle's endless wait. */
    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        flush();
        byte[] datagram = closeRequested || isClosed ? CLOSE : next(waitMillis);
        if (datagram == null) {
            return -1;
        }
        if (datagram.length == 0 || closeRequested) {
            peer.cancel();
            throw new InterruptedIOException("closed");
        }
        if (datagram.length > length || !isHarmless(datagram)) {
            return 0;
        }
        System.arraycopy(datagram, 0, buffer, offset, datagram.length);
        return datagram.length;
    }

    private byte @Nullable [] next(int waitMillis) throws InterruptedIOException {
        try {
            return waitMillis == 0 ? waiting.take() : waiting.poll(waitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private boolean isHarmless(byte[] datagram) {
        DtlsRecords records = DtlsRecords.parse(ByteBuffer.wrap(datagram));
        if (records == null || isConnected) {
            return records != null;
        }
        encryptedHandshakeRecords += records.encrypted();
        return encryptedHandshakeRecords <= MAX_ENCRYPTED_HANDSHAKE_RECORDS;
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
        if (length > unsent.remaining()) {
            flush();
        }
        unsent.put(buffer, offset, length);
    }

    private void flush() {
        if (unsent.position() > 0) {
            ByteBuffer datagram = ByteBuffer.allocate(unsent.position()).put(unsent.flip());
            unsent.clear();
            out.send(datagram.flip());
        }
    }

    @Override
    public void close() {
        isClosed = true;
        flush();
    }
}
