package dev.understudy.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that owns one UDP port, on every address that media is served at, and every stage pinned to it, so that
 * media code needs no locks.
 *
 * <p>Each turn does one thing after another: take posted tasks, receive, let time pass. What it drives is sans-IO and
 * reads neither socket nor clock; what that wants to send goes into an {@link Outbox} at once. {@link #post} and
 * {@link #call} are for any thread; all else is the loop's own.
 */
public final class MediaLoop implements Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MediaLoop.class);

    /** More than any path between two hosts carries unfragmented; what is larger is cut, and fails authentication. */
    private static final int MAX_DATAGRAM_BYTES = 2_048;

    /** Datagrams taken from one socket in one turn, so that a flood cannot keep time from passing. */
    private static final int RECEIVE_BATCH = 64;

    /** How long a turn waits when nothing has a deadline. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Keeps a socket that fails again and again from using up a core, and its log the disk. */
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A loop that does not answer for this long is dead, or so loaded that its caller should be told. */
    private static final long CALL_SECONDS = 5;

    /** Takes datagrams to send. Bytes between position and limit are consumed before it returns. */
    public interface Outbox {
        void send(ByteBuffer bytes, Path path);
    }

    /** What a loop drives. Called by the loop's thread only. */
    public interface Endpoint {
        /** Takes one datagram in. Its bytes, which may be changed, are reused as soon as this returns. */
        void received(ByteBuffer bytes, Path path, long nowNanos);

        /** Lets time pass. Calling early does no harm. */
        void elapsed(long nowNanos);

        /** When {@link #elapsed} must be called next; {@link Long#MAX_VALUE} for never. */
        long deadlineNanos();
    }

    private final List<MediaSocket> sockets;
    private final Selector selector;
    private final LongSupplier nanoClock;
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final ByteBuffer inbound = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
    private final LongAdder sendFailures = new LongAdder();
    private @Nullable Endpoint endpoint;
    private volatile boolean open = true;
    private volatile boolean ended;

    /**
     * Binds one socket per address.
     *
     * @param port the same on every address; 0 takes one that is free on the first
     * @param nanoClock monotonic
     */
    public MediaLoop(List<InetAddress> addresses, int port, LongSupplier nanoClock) throws IOException {
        this(bind(addresses, port), nanoClock);
    }

    /** Takes over sockets that are bound. */
    MediaLoop(List<MediaSocket> sockets, LongSupplier nanoClock) throws IOException {
        this.nanoClock = nanoClock;
        this.sockets = List.copyOf(sockets);
        this.selector = Selector.open();
        for (MediaSocket socket : sockets) {
            socket.register(selector);
        }
    }

    private static List<MediaSocket> bind(List<InetAddress> addresses, int port) throws IOException {
        List<MediaSocket> sockets = new ArrayList<>();
        try {
            for (InetAddress address : addresses) {
                int samePort =
                        sockets.isEmpty() ? port : sockets.getFirst().local().getPort();
                sockets.add(MediaSocket.bind(new InetSocketAddress(address, samePort)));
            }
            return sockets;
        } catch (IOException | RuntimeException e) {
            for (MediaSocket socket : sockets) {
                socket.close();
            }
            throw e;
        }
    }

    /** The addresses that are bound, in the order in which they were asked for. */
    public List<InetSocketAddress> localAddresses() {
        return sockets.stream().map(MediaSocket::local).toList();
    }

    /** Begins to drive {@code endpoint}; before {@link #run}, once. */
    public void drive(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The monotonic time that the loop lives by. */
    public long nowNanos() {
        return nanoClock.getAsLong();
    }

    /** Datagrams that the kernel did not take. */
    public long sendFailures() {
        return sendFailures.sum();
    }

    /** Runs {@code task} on the loop's thread. The only way in from outside. */
    public void post(Runnable task) {
        posted.add(task);
        selector.wakeup();
    }

    /**
     * Runs {@code task} on the loop's thread and waits for what it returns. Not for the loop's own thread.
     *
     * <p>Throws {@link IllegalStateException} when the task throws, and when the loop does not come to it in time; it will
     * then never run.
     */
    public <T extends @Nullable Object> T call(Callable<T> task) {
        if (ended) {
            throw new IllegalStateException("media loop has ended");
        }
        FutureTask<T> future = new FutureTask<>(task);
        AtomicBoolean taken = new AtomicBoolean();
        post(() -> {
            if (!taken.getAndSet(true)) {
                future.run();
            }
        });
        try {
            return await(future, taken);
        } catch (ExecutionException e) {
            throw new IllegalStateException("task on media loop", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("media loop has not answered for " + CALL_SECONDS + " s", e);
        } catch (InterruptedException e) {
            taken.set(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the media loop was asked", e);
        }
    }

    /** Takes the task back when it is late, unless it runs at this moment. */
    private static <T extends @Nullable Object> T await(Future<T> future, AtomicBoolean taken)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return future.get(CALL_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            if (taken.getAndSet(true)) {
                return future.get(CALL_SECONDS, TimeUnit.SECONDS);
            }
            throw e;
        }
    }

    /** Nobody catches what comes out of a thread, so an end that was not asked for is told here. */
    @Override
    public void run() {
        try {
            while (open) {
                turn();
            }
            runPosted();
        } catch (IOException | RuntimeException | Error e) {
            log.atError().setCause(e).addKeyValue("sockets", sockets).log("media loop ended");
        } finally {
            ended = true;
            closeSockets();
        }
    }

    /**
     * What a machine throws is a fault of ours, not of the one whose packet it was. The loop serves many others, so it
     * drops the packet and goes on. So it does when a socket fails, as long as that is open.
     */
    private void turn() throws IOException {
        try {
            selector.select(waitMillis());
            selector.selectedKeys().clear();
            runPosted();
            for (MediaSocket socket : sockets) {
                receiveSome(socket);
            }
            endpoint().elapsed(nowNanos());
        } catch (ClosedChannelException | ClosedSelectorException e) {
            throw e;
        } catch (IOException e) {
            log.atError().setCause(e).addKeyValue("sockets", sockets).log("media socket failed");
            LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("media loop stumbled");
        }
    }

    private void runPosted() {
        for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
            task.run();
        }
    }

    private void receiveSome(MediaSocket socket) throws IOException {
        for (int i = 0; i < RECEIVE_BATCH; i++) {
            Path path = socket.receive(inbound.clear());
            if (path == null) {
                return;
            }
            endpoint().received(inbound.flip(), path, nowNanos());
        }
    }

    /** Sends at once. An unreachable peer is that peer's trouble alone. For the loop's thread. */
    public void send(ByteBuffer bytes, Path path) {
        MediaSocket socket = socket(path.local());
        try {
            if (socket == null || !socket.send(bytes, path.peer())) {
                sendFailures.increment();
            }
        } catch (IOException e) {
            sendFailures.increment();
        }
    }

    private @Nullable MediaSocket socket(InetSocketAddress local) {
        for (MediaSocket socket : sockets) {
            if (socket.local().equals(local)) {
                return socket;
            }
        }
        return null;
    }

    private Endpoint endpoint() {
        Endpoint driven = endpoint;
        if (driven == null) {
            throw new IllegalStateException("a media loop without an endpoint");
        }
        return driven;
    }

    private long waitMillis() {
        long waitNanos = Math.min(endpoint().deadlineNanos() - nowNanos(), LONGEST_WAIT_NANOS);
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos));
    }

    private void closeSockets() {
        try {
            for (MediaSocket socket : sockets) {
                socket.close();
            }
            selector.close();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("media sockets did not close");
        }
    }

    /** Asks the loop to end. The thread that owns the sockets closes them. */
    @Override
    public void close() {
        open = false;
        selector.wakeup();
    }
}
