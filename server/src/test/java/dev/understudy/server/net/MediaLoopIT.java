package dev.understudy.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MediaLoopIT {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** A connected socket is told that nobody listens at the other end, and receives that as an exception. */
    @Test
    void goesOnAfterASocketHasFailed() throws Exception {
        try (DatagramChannel channel = DatagramChannel.open().bind(ANY_PORT)) {
            channel.configureBlocking(false);
            InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
            InetSocketAddress peer = closedPort();
            channel.connect(peer);
            channel.write(ByteBuffer.allocate(1));
            BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
            MediaLoop loop = new MediaLoop(List.of(new MediaSocket(channel, local)), System::nanoTime);
            loop.drive(new Lengths(received));
            try (DatagramChannel sender = DatagramChannel.open().bind(peer)) {
                sender.send(ByteBuffer.allocate(7), local);
                Thread thread = Thread.ofPlatform().start(loop);

                assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(7);
                assertThat(loop.call(() -> "still here")).isEqualTo("still here");
                loop.close();
                thread.join();
            }
        }
    }

    private static InetSocketAddress closedPort() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(ANY_PORT)) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    /** Writes down how long each datagram is. */
    private record Lengths(BlockingQueue<Integer> received) implements MediaLoop.Endpoint {
        @Override
        public void received(ByteBuffer bytes, Path path, long nowNanos) {
            received.add(bytes.remaining());
        }

        @Override
        public void elapsed(long nowNanos) {}

        @Override
        public long deadlineNanos() {
            return Long.MAX_VALUE;
        }
    }
}
