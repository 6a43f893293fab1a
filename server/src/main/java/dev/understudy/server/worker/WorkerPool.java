package dev.understudy.server.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where compositions get their workers: one spare is kept warm, so that neither a start nor a restart waits for a JVM.
 *
 * <p>The spare comes into being when somebody is about to need it ({@link #warm}), so that a node that composes nothing
 * costs nothing. Thread-safe.
 */
public final class WorkerPool implements AutoCloseable {
    /** How many workers may fail to start, or end at once, before whoever claims one is told so. */
    private static final int CLAIM_ATTEMPTS = 3;

    private final WorkerOptions options;
    private final Duration claimLimit;
    private final SocketFolder sockets;
    private final Set<Worker> alive = ConcurrentHashMap.newKeySet();
    private @Nullable FutureTask<Worker> spare;
    private boolean closed;

    /**
     * Keeps sockets in a temporary folder, which stays behind when the node is killed.
     *
     * @param claimLimit how long a claim waits at most
     */
    public WorkerPool(WorkerOptions options, Duration claimLimit) throws IOException {
        this(options, claimLimit, SocketFolder.temporary());
    }

    /**
     * Keeps sockets in a folder that is nobody else's; in a temporary one where that folder cannot hold any.
     *
     * @param claimLimit how long a claim waits at most
     * @param socketFolder made if there is none; what a killed node left in it is deleted
     */
    public WorkerPool(WorkerOptions options, Duration claimLimit, Path socketFolder) throws IOException {
        this(options, claimLimit, SocketFolder.at(socketFolder));
    }

    private WorkerPool(WorkerOptions options, Duration claimLimit, SocketFolder sockets) {
        this.options = options;
        this.claimLimit = claimLimit;
        this.sockets = sockets;
    }

    /** Has a spare started unless there is one that lives or may come to; returns at once. */
    public synchronized void warm() {
        if (!hasSpare() && !closed) {
            spare = starting();
        }
    }

    private boolean hasSpare() {
        return spare != null
                && switch (spare.state()) {
                    case RUNNING -> true;
                    case SUCCESS -> spare.resultNow().isAlive();
                    case FAILED, CANCELLED -> false;
                };
    }

    private FutureTask<Worker> starting() {
        Callable<Worker> start = () -> {
            Worker worker = Worker.start(options, sockets.next());
            keep(worker);
            return worker;
        };
        FutureTask<Worker> task = new FutureTask<>(start);
        Thread.ofVirtual().name("worker-start").start(task);
        return task;
    }

    private synchronized void keep(Worker worker) throws IOException {
        if (closed) {
            worker.close();
            throw new IOException("the node ends");
        }
        alive.removeIf(former -> !former.isAlive());
        alive.add(worker);
    }

    /**
     * A worker of the caller's own, ready for {@link dev.understudy.media.link.LinkMessage.Configure}. Another spare is
     * started behind it.
     *
     * @throws IOException when none could be had in time
     */
    public Worker claim(Worker.Sink sink) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + claimLimit.toNanos();
        Throwable cause = null;
        for (int attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
            try {
                Worker worker = await(take(), deadlineNanos);
                if (worker.claim(sink)) {
                    warm();
                    return worker;
                }
            } catch (ExecutionException e) {
                cause = e.getCause();
            }
        }
        throw new IOException("no worker could be started in " + CLAIM_ATTEMPTS + " attempts", cause);
    }

    private synchronized FutureTask<Worker> take() throws IOException {
        if (closed) {
            throw new IOException("the node ends");
        }
        FutureTask<Worker> taken = spare != null && hasSpare() ? spare : starting();
        spare = null;
        return taken;
    }

    private Worker await(FutureTask<Worker> task, long deadlineNanos)
            throws IOException, InterruptedException, ExecutionException {
        try {
            return task.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            putBack(task);
            throw new IOException("no worker was ready within " + claimLimit, e);
        }
    }

    /** It may still come to be, and do for the next. */
    private synchronized void putBack(FutureTask<Worker> task) {
        if (!hasSpare()) {
            spare = task;
        }
    }

    /** Kills every worker, claimed ones too, and takes the folder away. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            spare = null;
        }
        alive.forEach(Worker::close);
        sockets.close();
    }
}
