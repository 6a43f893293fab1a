package dev.understudy.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.codec.AnnexB;
import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.Sps;
import dev.understudy.media.codec.VideoDecoder;
import dev.understudy.media.layout.GridOptions;
import dev.understudy.media.link.LinkMessage;
import dev.understudy.server.publish.Clip;
import dev.understudy.server.worker.ffmpeg.ClipEncoder;
import dev.understudy.server.worker.ffmpeg.ClipSettings;
import dev.understudy.server.worker.ffmpeg.FfmpegCodecs;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real worker processes over real sockets. */
@Timeout(120)
class WorkerIT {
    private static final long SECOND = 1_000_000_000L;
    private static final int TICKS = 60;
    private static final ClipSettings SMALL = new ClipSettings("left", 320, 180, 30, 2, 440, 0, 300_000);
    private static final Clip CLIP = ClipEncoder.encode(SMALL);

    private static final class Heard implements Worker.Sink {
        private final List<LinkMessage.ToNode> messages = new CopyOnWriteArrayList<>();
        private final BlockingQueue<String> gone = new ArrayBlockingQueue<>(2);

        @Override
        public void received(LinkMessage.ToNode message) {
            messages.add(message);
        }

        @Override
        public void keyFrameNeeded(int track) {
            messages.add(new LinkMessage.RequestKeyFrame(track));
        }

        @Override
        public void gone(String reason) {
            gone.add(reason);
        }

        private <T extends LinkMessage> List<T> all(Class<T> kind) {
            return messages.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    private final Heard heard = new Heard();
    private WorkerPool pool;

    @BeforeEach
    void open() throws IOException {
        pool = new WorkerPool(WorkerOptions.likeThisProcess(), Duration.ofSeconds(60));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private static LinkMessage.Configure configure(long epochNanos) {
        return new LinkMessage.Configure(
                epochNanos, 0, 640, 360, 30, 800_000, 128_000, 30, SECOND / 5, GridOptions.DEFAULT);
    }

    @Test
    void rendersWhatIsPublishedAndDrainsExactly() throws Exception {
        Worker worker = pool.claim(heard);
        long epochNanos = System.nanoTime() + SECOND / 5;
        worker.send(configure(epochNanos));
        List<ClipFeed> feeds = List.of(new ClipFeed(1, CLIP, epochNanos), new ClipFeed(2, CLIP, epochNanos));
        feeds.forEach(feed -> feed.introduction().forEach(worker::send));
        worker.send(new LinkMessage.Stop(TICKS - 1));
        forward(feeds, worker);

        assertThat(heard.gone.poll(60, TimeUnit.SECONDS)).isEqualTo("the worker closed the link");

        assertThat(heard.messages.getLast()).isInstanceOf(LinkMessage.Drained.class);
        assertThat(heard.all(LinkMessage.VideoFrame.class))
                .extracting(LinkMessage.VideoFrame::tick)
                .isEqualTo(LongStream.range(0, TICKS).boxed().toList());
        assertThat(heard.all(LinkMessage.VideoFrame.class))
                .filteredOn(LinkMessage.VideoFrame::isKeyFrame)
                .extracting(LinkMessage.VideoFrame::tick)
                .containsExactly(0L, 30L);
        assertThat(heard.all(LinkMessage.AudioFrame.class))
                .extracting(LinkMessage.AudioFrame::sample)
                .isEqualTo(LongStream.range(0, 94).mapToObj(i -> i * 1_024).toList());
        assertThat(heard.all(LinkMessage.FirstShown.class))
                .extracting(LinkMessage.FirstShown::publisher)
                .containsExactlyInAnyOrder(1, 2);
        LinkMessage.Statistics counted = heard.all(LinkMessage.Statistics.class).getLast();
        assertThat(counted.ticksRendered()).isEqualTo(TICKS);
        assertThat(counted.framesDecoded()).isPositive();
        assertThat(counted.framesDamaged()).isZero();
        assertThat(counted.packetsDropped()).isZero();
        assertThat(counted.cpuNanos()).isPositive();
        saysHowItIsCoded();
        showsBothTiles();
    }

    /** Packets leave when they would have arrived. */
    private static void forward(List<ClipFeed> feeds, Worker worker) {
        Stream<LinkMessage.Rtp> packets = feeds.stream()
                .flatMap(feed -> feed.packets().stream())
                .sorted(Comparator.comparingLong(LinkMessage.Rtp::arrivalNanos));
        packets.forEach(packet -> {
            while (packet.arrivalNanos() - System.nanoTime() > 0) {
                LockSupport.parkNanos(packet.arrivalNanos() - System.nanoTime());
            }
            worker.send(packet);
        });
    }

    private void saysHowItIsCoded() {
        assertThat(heard.messages.stream().filter(message -> !(message instanceof LinkMessage.RequestKeyFrame)))
                .first()
                .isInstanceOf(LinkMessage.CodecConfig.class);
        Sps sps = Sps.parse(heard.all(LinkMessage.CodecConfig.class).getFirst().sps());
        assertThat(sps.width()).isEqualTo(640);
        assertThat(sps.height()).isEqualTo(360);
        assertThat(sps.vui().isBt709Limited()).isTrue();
    }

    /** Two tiles of 320x180 side by side, in the test card's colours, and black above. */
    private void showsBothTiles() {
        LinkMessage.CodecConfig config =
                heard.all(LinkMessage.CodecConfig.class).getFirst();
        try (VideoDecoder decoder = new FfmpegCodecs().videoDecoder()) {
            for (LinkMessage.VideoFrame frame : heard.all(LinkMessage.VideoFrame.class)) {
                decoder.decode(annexB(config, frame));
            }
            Picture last = Objects.requireNonNull(decoder.picture());
            assertThat(luma(last, 10, 10)).isLessThan(30);
            assertThat(luma(last, 20, 170)).isBetween(60, 120);
            assertThat(Math.abs(luma(last, 340, 170) - luma(last, 20, 170))).isLessThan(12);
        }
    }

    private static int luma(Picture picture, int x, int y) {
        return Byte.toUnsignedInt(picture.plane(0).get(ValueLayout.JAVA_BYTE, (long) y * picture.stride(0) + x));
    }

    private static ByteBuffer annexB(LinkMessage.CodecConfig config, LinkMessage.VideoFrame frame) {
        List<ByteBuffer> units = new ArrayList<>(List.of(config.sps(), config.pps()));
        units.addAll(Objects.requireNonNull(AnnexB.fromLengthPrefixed(frame.accessUnit())));
        ByteBuffer out = ByteBuffer.allocate(frame.accessUnit().remaining() + 300);
        units.forEach(unit -> out.putInt(1).put(unit.duplicate()));
        return out.flip();
    }

    @Test
    void saysAtOnceWhenAWorkerIsKilledAndHasAnother() throws Exception {
        Worker worker = pool.claim(heard);

        signal("KILL", worker.id());

        assertThat(heard.gone.poll(30, TimeUnit.SECONDS)).isEqualTo("the worker closed the link");
        assertThat(worker.isAlive()).isFalse();
        assertThat(pool.claim(new Heard()).isAlive()).isTrue();
    }

    @Test
    void killsAWorkerThatHangsWhileTicksAreDue() throws Exception {
        Worker worker = pool.claim(heard);
        worker.send(configure(System.nanoTime()));

        signal("STOP", worker.id());

        assertThat(heard.gone.poll(30, TimeUnit.SECONDS)).isEqualTo("silent while ticks were due");
    }

    @Test
    void workersOutliveTheSignalsThatEndANode() throws Exception {
        Worker worker = pool.claim(heard);

        signal("TERM", worker.id());
        signal("INT", worker.id());
        signal("HUP", worker.id());
        worker.send(configure(System.nanoTime()));
        worker.send(new LinkMessage.Stop(2));

        assertThat(heard.gone.poll(30, TimeUnit.SECONDS)).isEqualTo("the worker closed the link");
        assertThat(heard.messages.getLast()).isInstanceOf(LinkMessage.Drained.class);
    }

    @Test
    void countsWhatIsDroppedOnTheWayToTheWorker() throws Exception {
        Worker worker = pool.claim(heard);
        worker.send(configure(System.nanoTime()));
        for (int sequence = 0; sequence < 3; sequence++) {
            worker.send(new LinkMessage.Rtp(99, sequence, 0, ByteBuffer.allocate(20)));
        }
        worker.send(new LinkMessage.Stop(2));

        assertThat(heard.gone.poll(30, TimeUnit.SECONDS)).isEqualTo("the worker closed the link");
        assertThat(heard.all(LinkMessage.Statistics.class).getLast().packetsDropped())
                .isEqualTo(3);
    }

    @Test
    void killsAWorkerAboveItsMemory() throws Exception {
        WorkerOptions usual = WorkerOptions.likeThisProcess();
        WorkerOptions tight = new WorkerOptions(usual.java(), usual.classPath(), 64, 1 << 20, usual.startLimit());
        try (WorkerPool small = new WorkerPool(tight, Duration.ofSeconds(60))) {
            small.claim(heard);

            assertThat(heard.gone.poll(30, TimeUnit.SECONDS)).isEqualTo("above 1048576 bytes of memory");
        }
    }

    @Test
    void saysSoWhenTheNodeDoesNotKeepToTheOrder() throws Exception {
        Worker worker = pool.claim(heard);

        worker.send(new LinkMessage.Stop(0));

        assertThat(heard.gone.poll(30, TimeUnit.SECONDS)).isEqualTo("not configured yet");
        assertThat(heard.messages).containsExactly(new LinkMessage.Broken("not configured yet"));
    }

    @Test
    void isGoneForTheReasonThatItGave() throws Exception {
        Worker worker = pool.claim(heard);

        worker.send(
                new LinkMessage.Configure(System.nanoTime(), 0, 640, 360, 30, 800_000, -1, 30, 0, GridOptions.DEFAULT));

        assertThat(heard.gone.poll(30, TimeUnit.SECONDS)).startsWith("aac: ");
    }

    @Test
    void endsWhenItsLinkEnds(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("w");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            WorkerProcess process = WorkerProcess.start(WorkerOptions.likeThisProcess(), socket);
            try (SocketChannel channel = server.accept()) {
                assertThat(new LinkReader(channel).next()).isEqualTo(new LinkMessage.Ready(process.id()));
                new LinkWriter(channel).write(configure(System.nanoTime()));
            }
            assertThat(process.awaitExit(30_000)).isTrue();
        }
    }

    private static void signal(String name, long process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process)).start();
        assertThat(kill.waitFor()).isZero();
    }
}
