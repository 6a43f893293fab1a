package dev.understudy.server.publish;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread and the one UDP socket of a synthetic publisher. {@link #execute} and {@link #stop} may be called by any
 * thread, the rest by the loop's own.
 */
final class PublishLoop implements Executor, AutoCloseable {
    private static final int MAX_DATAGRAM_BYTES = 2_048;

    /** Datagrams taken in one turn, so that sending is never late because of a flood. */
    private static final int RECEIVE_BATCH = 64;

    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Says how large a server's port is when its URL does not; only the route to it matters. */
    private static final int ANY_PORT = 443;

    private final DatagramChannel channel;
    private final Selector selector;
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final ByteBuffer inbound = ByteBuffer.allocate(MAX_DATAGRAM_BYTES);
    private volatile boolean isRunning = true;

    /** Takes a free port on all addresses. */
    PublishLoop() throws IOException {
        this.channel = DatagramChannel.open().bind(new InetSocketAddress(0));
        this.selector = Selector.open();
        channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
    }

    /** Our port, at the address from which packets to {@code server} go out. */
    InetSocketAddress addressTowards(URI server) throws IOException {
        int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        try (var probe = new DatagramSocket()) {
            probe.connect(new InetSocketAddress(server.getHost(), ANY_PORT));
            return new InetSocketAddress(probe.getLocalAddress(), port);
        } catch (UncheckedIOException e) {
            throw new IOException("no route to " + server.getHost(), e);
        }
    }

    @Override
    public void execute(Runnable task) {
        posted.add(task);
        selector.wakeup();
    }

    /** A full socket buffer or an unreachable server drops the datagram, as a network would. */
    void send(ByteBuffer datagram, InetSocketAddress peer) {
        try {
            channel.send(datagram, peer);
        } catch (IOException dropped) {
            // ICE notices when nothing arrives.
        }
    }

    /** Drives the session until {@link #stop}; {@code afterTurn} runs at the end of each turn. */
    void run(PublishSession session, Runnable afterTurn) {
        try {
            while (isRunning) {
                turn(session);
                afterTurn.run();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("publisher's socket", e);
        }
    }

    private void turn(PublishSession session) throws IOException {
        long waitNanos = Math.min(session.deadlineNanos() - System.nanoTime(), LONGEST_WAIT_NANOS);
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos)));
        selector.selectedKeys().clear();
        for (int i = 0; i < RECEIVE_BATCH; i++) {
            if (!(channel.receive(inbound.clear()) instanceof InetSocketAddress from)) {
                break;
            }
            session.received(inbound.flip(), from, System.nanoTime());
        }
        session.elapsed(System.nanoTime());
        for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
            task.run();
        }
    }

    /** Ends the loop after its present turn. */
    void stop() {
        isRunning = false;
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
