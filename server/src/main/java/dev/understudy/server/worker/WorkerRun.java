package dev.understudy.server.worker;

import dev.understudy.media.codec.Codecs;
import dev.understudy.media.compose.Composer;
import dev.understudy.media.link.LinkMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One composition in its worker: a thread that drives the composer by its deadlines, and a queue that feeds it.
 *
 * <p>{@link #received} is for the reading thread, {@link #run} for the one that composes.
 */
final class WorkerRun {
    /** The longest wait while nothing is due. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LinkWriter writer;
    private final Codecs codecs;
    private final NodeClock clock = new NodeClock();
    private final LinkQueue queue;

    WorkerRun(LinkWriter writer, Codecs codecs) {
        this.writer = writer;
        this.codecs = codecs;
        this.queue = new LinkQueue(track -> write(new LinkMessage.RequestKeyFrame(track)));
    }

    /** Takes a message off the link; a ping is answered from here, so that it does not wait for a picture. */
    void received(LinkMessage.ToWorker message) {
        long localNanos = System.nanoTime();
        if (message instanceof LinkMessage.Ping ping) {
            clock.pinged(ping.nodeNanos(), localNanos);
            write(new LinkMessage.Pong(ping.nodeNanos(), localNanos));
        } else {
            queue.offer(message);
        }
    }

    /** Composes until the last tick has been sent; returns then, or when it cannot go on. */
    void run() throws InterruptedException {
        try (Composer composer = new Composer(codecs, WorkerRun::cpuNanos)) {
            while (!composer.isDrained()) {
                takeIn(composer);
                composer.elapsed(nowNanos(), this::send);
            }
        } catch (IllegalStateException e) {
            write(new LinkMessage.Broken(String.valueOf(e.getMessage())));
        }
    }

    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElse(0L);
    }

    /** Everything that waits, so that a tick that is due sees all that has come. */
    private void takeIn(Composer composer) throws InterruptedException {
        long waitNanos = Math.min(composer.deadlineNanos() - nowNanos(), IDLE_NANOS);
        LinkMessage.ToWorker message = queue.poll(waitNanos);
        while (message != null) {
            composer.received(message, nowNanos());
            message = queue.poll(0);
        }
    }

    private long nowNanos() {
        return clock.nodeNanos(System.nanoTime());
    }

    /** What the composer says, with what was lost before it came to the composer. */
    private void send(LinkMessage.ToNode message) {
        write(message instanceof LinkMessage.Statistics s ? s.plusDropped(queue.dropped()) : message);
    }

    private void write(LinkMessage message) {
        try {
            writer.write(message);
        } catch (IOException e) {
            throw new UncheckedIOException("link", e);
        }
    }
}
