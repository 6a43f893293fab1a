package dev.understudy.server.worker;

import dev.understudy.media.link.LinkMessage;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker process as the node holds it: messages go to it, messages and at last its end come from it.
 *
 * <p>It is killed, never asked, when it is silent while ticks are due, or takes more memory than it may. Thread-safe.
 */
public final class Worker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final long CHECK_MILLIS = 100;
    private static final int CHECKS_PER_MEMORY_CHECK = 10;

    /** What a composition hears of its worker. */
    public interface Sink {
        /** A message, on the link's reading thread; the worker waits while this takes its time. */
        void received(LinkMessage.ToNode message);

        /**
         * Video of a track was dropped on its way to the worker and now comes again, so that a key frame is to be asked
         * for. Called on the sending thread, which is a media loop: returns at once.
         */
        void keyFrameNeeded(int track);

        /** The worker is gone. The last call, made once, after everything that it sent has been received. */
        void gone(String reason);
    }

    private final WorkerProcess process;
    private final long residentLimitBytes;
    private final long startLimitNanos;
    private final TickWatch ticks = new TickWatch();
    private final CountDownLatch readyOrGone = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> killReason = new AtomicReference<>();
    private volatile @Nullable WorkerLink link;
    private volatile boolean ready;
    private volatile boolean hearing;
    private @Nullable Sink sink;
    private @Nullable String goneReason;

    private Worker(WorkerProcess process, WorkerOptions options) {
        this.process = process;
        this.residentLimitBytes = options.residentLimitBytes();
        this.startLimitNanos = options.startLimit().toNanos();
    }

    /**
     * Starts a process and waits until it is ready.
     *
     * @param socket a path that nobody else knows; the file is gone again when this returns
     * @throws IOException when it ended instead, or took too long
     */
    static Worker start(WorkerOptions options, Path socket) throws IOException, InterruptedException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Worker worker = new Worker(WorkerProcess.start(options, socket), options);
            worker.connect(server);
            return worker;
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    private void connect(ServerSocketChannel server) throws IOException, InterruptedException {
        Thread.ofVirtual().name("worker-watch-" + id()).start(() -> watch(server));
        try {
            SocketChannel channel = server.accept();
            WorkerLink opened = new WorkerLink(channel, new LinkSink());
            link = opened;
            opened.start("worker-" + id());
        } catch (IOException e) {
            kill("it did not connect");
            throw new IOException("worker " + id() + " ended before it was ready: " + killReason.get(), e);
        }
        readyOrGone.await();
        if (!ready) {
            throw new IOException("worker " + id() + " ended before it was ready: " + killReason.get());
        }
    }

    /** A worker that is gone before it has connected ends the wait for that. */
    private void stopWaiting(ServerSocketChannel server) {
        try {
            server.close();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("worker's listening socket closed");
        }
    }

    /** Of the process. */
    public long id() {
        return process.id();
    }

    /** Whether it can be sent to. */
    public synchronized boolean isAlive() {
        return goneReason == null && process.isAlive();
    }

    /** RTP packets dropped on their way to it. */
    private long packetsDropped() {
        WorkerLink opened = link;
        return opened == null ? 0 : opened.dropped();
    }

    /** Queues a message; never blocks. To one that is gone it is lost. */
    public void send(LinkMessage.ToWorker message) {
        WorkerLink opened = link;
        if (opened != null) {
            ticks.sent(message, System.nanoTime());
            opened.send(message);
        }
    }

    /** SIGKILL; {@link Sink#gone} follows with this reason, unless there was an earlier one. */
    public void kill(String reason) {
        killReason.compareAndSet(null, reason);
        process.kill();
    }

    /** Kills it. */
    @Override
    public void close() {
        kill("the node closed it");
    }

    /** Hands what comes from now on to a composition; false when the worker is gone already. */
    synchronized boolean claim(Sink owner) {
        if (!isAlive()) {
            return false;
        }
        sink = owner;
        return true;
    }

    private void watch(ServerSocketChannel server) {
        long startedNanos = System.nanoTime();
        try {
            for (int check = 1; !process.awaitExit(CHECK_MILLIS); check++) {
                long nowNanos = System.nanoTime();
                if (!ready && nowNanos - startedNanos > startLimitNanos) {
                    kill("not ready after " + TimeUnit.NANOSECONDS.toSeconds(startLimitNanos) + " s");
                } else if (ticks.isSilent(nowNanos, hearing)) {
                    kill("silent while ticks were due");
                } else if (ready && check % CHECKS_PER_MEMORY_CHECK == 0 && isTooLarge()) {
                    kill("above " + residentLimitBytes + " bytes of memory");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopWaiting(server);
        }
    }

    private boolean isTooLarge() {
        return process.residentBytes() > residentLimitBytes;
    }

    /** Statistics with what was lost before it came to the worker. */
    private LinkMessage.ToNode withDropped(LinkMessage.ToNode message) {
        return message instanceof LinkMessage.Statistics s ? s.plusDropped(packetsDropped()) : message;
    }

    private final class LinkSink implements WorkerLink.Sink {
        @Override
        public void received(LinkMessage.ToNode message) {
            switch (message) {
                case LinkMessage.Ready _ -> {
                    ready = true;
                    readyOrGone.countDown();
                }
                case LinkMessage.Pong _ -> {}
                default -> {
                    ticks.received(message);
                    if (message instanceof LinkMessage.Broken broken) {
                        killReason.compareAndSet(null, broken.reason());
                    }
                    Sink owner = owner();
                    if (owner != null) {
                        hearing = true;
                        owner.received(withDropped(message));
                        hearing = false;
                    }
                }
            }
        }

        @Override
        public void keyFrameNeeded(int track) {
            Sink owner = owner();
            if (owner != null) {
                owner.keyFrameNeeded(track);
            }
        }

        @Override
        public void ended(String reason) {
            killReason.compareAndSet(null, reason);
            process.kill();
            String why = String.valueOf(killReason.get());
            log.atInfo().addKeyValue("worker", id()).addKeyValue("reason", why).log("worker ended");
            Sink owner = end(why);
            readyOrGone.countDown();
            if (owner != null) {
                owner.gone(why);
            }
        }
    }

    private synchronized @Nullable Sink owner() {
        return sink;
    }

    private synchronized @Nullable Sink end(String reason) {
        goneReason = reason;
        return sink;
    }
}
