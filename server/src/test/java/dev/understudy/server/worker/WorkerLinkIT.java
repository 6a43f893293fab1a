package dev.understudy.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.link.LinkMessage;
import dev.understudy.media.link.LinkMessage.TrackKind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The node's end of a link, with a test at the other. */
@Timeout(60)
class WorkerLinkIT {
    private static final int VIDEO = 2;
    private static final int PACKET_BYTES = 1_100;
    private static final int FRAMES = 6_000;

    /** Takes one message and does not come back before it is let: a composition whose bucket hangs. */
    private static final class HangingSink implements WorkerLink.Sink {
        private final CountDownLatch hangs = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private final List<Integer> keyFramesNeeded = new CopyOnWriteArrayList<>();
        private final List<Thread> askedBy = new CopyOnWriteArrayList<>();

        @Override
        public void received(LinkMessage.ToNode message) {
            hangs.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void keyFrameNeeded(int track) {
            keyFramesNeeded.add(track);
            askedBy.add(Thread.currentThread());
        }

        @Override
        public void ended(String reason) {
            mayGoOn.countDown();
        }
    }

    private final HangingSink sink = new HangingSink();
    private SocketChannel workersEnd;
    private WorkerLink link;

    @BeforeEach
    void connect(@TempDir Path folder) throws IOException {
        var address = UnixDomainSocketAddress.of(folder.resolve("w"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            workersEnd = SocketChannel.open(address);
            link = new WorkerLink(server.accept(), sink);
        }
    }

    @AfterEach
    void close() throws IOException {
        sink.mayGoOn.countDown();
        link.close();
        workersEnd.close();
    }

    private void sendFrame(int timestamp) {
        ByteBuffer packet = ByteBuffer.allocate(PACKET_BYTES).putInt(4, timestamp);
        link.send(new LinkMessage.Rtp(VIDEO, timestamp, 0, packet));
    }

    /** Reads at the worker's end until so many packets have come. */
    private void takePackets(long count) throws IOException {
        LinkReader reader = new LinkReader(workersEnd);
        for (long left = count; left > 0; ) {
            if (Objects.requireNonNull(reader.next()) instanceof LinkMessage.Rtp) {
                left--;
            }
        }
    }

    @Test
    void sendingNeverWaitsForWhoeverTakesWhatComesIn() throws Exception {
        link.send(new LinkMessage.AddTrack(VIDEO, 1, TrackKind.VIDEO, 90_000, 0, ByteBuffer.allocate(0)));
        for (int frame = 1; frame <= FRAMES; frame++) {
            sendFrame(frame);
        }
        assertThat(link.dropped()).isBetween(1L, FRAMES - 1L);
        link.start("link");
        new LinkWriter(workersEnd).write(new LinkMessage.FirstShown(1, 1));
        sink.hangs.await();
        takePackets(FRAMES - link.dropped());
        assertThat(sink.keyFramesNeeded).isEmpty();

        sendFrame(FRAMES + 1);

        assertThat(sink.keyFramesNeeded).containsExactly(VIDEO);
        assertThat(sink.askedBy).containsExactly(Thread.currentThread());
    }
}
