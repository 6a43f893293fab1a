package dev.understudy.server.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where compositions get their workers: one spare is kept warm, so that neither a start nor a restart waits for a JVM.
 *
 * <p>The spare comes into being when somebody is about to need it ({@link #warm}), so that a node that composes nothing
 * costs nothing. Thread-safe.
 */
public final class WorkerPool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);

    /** The longest path a Unix domain socket can have, its final zero included, is 108 bytes. */
    private static final int MAX_SOCKET_PATH_BYTES = 107;

    /** How many workers may fail to start, or end at once, before whoever claims one is told so. */
    private static final int CLAIM_ATTEMPTS = 3;

    private final WorkerOptions options;
    private final Duration claimLimit;
    private final Path folder;
    private final AtomicLong numbers = new AtomicLong();
    private final Set<Worker> alive = ConcurrentHashMap.newKeySet();
    private @Nullable FutureTask<Worker> spare;
    private boolean closed;

    /**
     * Makes the folder that sockets lie in, for this user alone.
     *
     * @param claimLimit how long a claim waits at most
     */
    public WorkerPool(WorkerOptions options, Duration claimLimit) throws IOException {
        this.options = options;
        this.claimLimit = claimLimit;
        this.folder = privateFolder(Path.of(System.getProperty("java.io.tmpdir")));
    }

    private static Path privateFolder(Path temporary) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path made = Files.createTempDirectory(temporary, "understudy-", ownerOnly);
        if (made.resolve("0000000000").toString().length() <= MAX_SOCKET_PATH_BYTES) {
            return made;
        }
        Files.delete(made);
        return Files.createTempDirectory(Path.of("/tmp"), "understudy-", ownerOnly);
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
            Worker worker = Worker.start(options, folder.resolve(Long.toString(numbers.incrementAndGet())));
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
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            log.atWarn().addKeyValue("folder", folder).setCause(e).log("workers' folder was not empty");
        }
    }
}
