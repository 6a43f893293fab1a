package dev.understudy.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A network between one client and a server that loses datagrams: it listens where the client believes the server to be,
 * and passes on what it does not lose. Its losses follow a seed; which packets they hit depends on timing.
 */
final class LossyRelay implements AutoCloseable {
    private final DatagramChannel outer;
    private final DatagramChannel inner;
    private final Selector selector;
    private final double loss;
    private final SplittableRandom random = new SplittableRandom(7);
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;
    private volatile boolean open = true;
    private @Nullable SocketAddress client;

    /** Starts to relay from {@code listen} to {@code server}; {@code loss} is 0 to 1, of what the client sends. */
    LossyRelay(InetSocketAddress listen, InetSocketAddress server, double loss) throws IOException {
        this.loss = loss;
        this.selector = Selector.open();
        this.outer = DatagramChannel.open().bind(listen);
        this.inner = DatagramChannel.open().bind(new InetSocketAddress(server.getAddress(), 0));
        inner.connect(server);
        outer.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        inner.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        this.thread = Thread.ofPlatform().name("lossy-relay").start(this::relay);
    }

    long lost() {
        return lost.get();
    }

    private void relay() {
        ByteBuffer datagram = ByteBuffer.allocate(2_048);
        try {
            while (open) {
                selector.select();
                selector.selectedKeys().clear();
                toServer(datagram);
                toClient(datagram);
            }
        } catch (IOException e) {
            throw new IllegalStateException("relay", e);
        }
    }

    private void toServer(ByteBuffer datagram) throws IOException {
        for (SocketAddress from = outer.receive(datagram.clear()); from != null; ) {
            client = from;
            boolean isRtp = (datagram.get(0) & 0xC0) == 0x80;
            if (isRtp && random.nextDouble() < loss) {
                lost.incrementAndGet();
            } else {
                inner.write(datagram.flip());
            }
            from = outer.receive(datagram.clear());
        }
    }

    private void toClient(ByteBuffer datagram) throws IOException {
        while (inner.read(datagram.clear()) > 0) {
            SocketAddress to = client;
            if (to != null) {
                outer.send(datagram.flip(), to);
            }
        }
    }

    @Override
    public void close() throws IOException {
        open = false;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        outer.close();
        inner.close();
        selector.close();
    }
}
