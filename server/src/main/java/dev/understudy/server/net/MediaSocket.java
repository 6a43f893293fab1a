package dev.understudy.server.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/** One bound UDP socket of a media loop. Confined to that loop once it runs. */
final class MediaSocket implements Closeable {
    /** About 0.3 s of 100 Mbit/s: what may wait while the loop does something else. The kernel may grant less. */
    private static final int BUFFER_BYTES = 4 << 20;

    private final DatagramChannel channel;
    private final InetSocketAddress local;

    /** The path of the datagram before: mostly the next one comes from the same peer. */
    private @Nullable Path lastPath;

    /** Takes over a channel that is bound and does not block. */
    MediaSocket(DatagramChannel channel, InetSocketAddress local) {
        this.channel = channel;
        this.local = local;
    }

    /** Throws {@link IOException} when the address is taken or not one of this machine's. */
    static MediaSocket bind(InetSocketAddress address) throws IOException {
        if (address.isUnresolved() || address.getAddress().isAnyLocalAddress()) {
            throw new IllegalArgumentException("media must be bound to a definite address, not " + address);
        }
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
            channel.configureBlocking(false);
            channel.bind(address);
            return new MediaSocket(channel, (InetSocketAddress) channel.getLocalAddress());
        } catch (IOException e) {
            channel.close();
            throw new IOException(refusal(address, e), e);
        }
    }

    private static String refusal(InetSocketAddress address, IOException e) {
        String refusal = "cannot listen on UDP " + address.getAddress().getHostAddress() + " port " + address.getPort()
                + ": " + e.getMessage();
        boolean isTaken = e instanceof BindException && refusal.endsWith("in use");
        return isTaken ? refusal + "; choose another --media-port or stop what uses it" : refusal;
    }

    InetSocketAddress local() {
        return local;
    }

    void register(Selector selector) throws IOException {
        channel.register(selector, SelectionKey.OP_READ);
    }

    /** The path that a datagram has come by, its bytes being in {@code into}; null when none waits. */
    @Nullable
    Path receive(ByteBuffer into) throws IOException {
        InetSocketAddress peer = (InetSocketAddress) channel.receive(into);
        if (peer == null) {
            return null;
        }
        Path path = lastPath;
        if (path == null || !path.peer().equals(peer)) {
            path = new Path(local, peer);
            lastPath = path;
        }
        return path;
    }

    /** Whether the kernel took the datagram; a full buffer drops it, as the network would. */
    boolean send(ByteBuffer bytes, InetSocketAddress peer) throws IOException {
        return channel.send(bytes, peer) > 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return "UDP " + local;
    }
}
