package dev.understudy.server.report;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports to the control side, stored one after another in the order in which they were made, on a thread of their own.
 *
 * <p>A report that the store does not take is tried again until it does: a state that is late is better than one that is
 * lost, and what came later must not overtake it. What can be waiting is bounded by the sessions and compositions of a
 * node, each of which makes a few reports in its life. Thread-safe.
 */
public final class OrderedReports implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OrderedReports.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Somebody waits at the other end of an HTTP request. */
    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);

    private final ExecutorService executor;
    private final Duration closeLimit;

    /** {@code closeLimit} is what the last reports have time for when the node ends. */
    public OrderedReports(String name, Duration closeLimit) {
        this.executor =
                Executors.newSingleThreadExecutor(Thread.ofVirtual().name(name).factory());
        this.closeLimit = closeLimit;
    }

    /** Stores a report, soon; returns at once. */
    public void add(Runnable report) {
        try {
            executor.execute(() -> deliver(report));
        } catch (RejectedExecutionException e) {
            log.atWarn().log("report came after the end of the node");
        }
    }

    /**
     * Asks a question that belongs between the reports before and behind it, and waits for the answer. What the question
     * throws is thrown here.
     *
     * @throws IllegalStateException when there is no answer within ten seconds, because the store is away
     */
    public <T> T ask(Supplier<T> question) {
        Future<T> answer = executor.submit(question::get);
        try {
            return answer.get(ASK_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw new IllegalStateException("the store did not answer within " + ASK_LIMIT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the store was asked", e);
        }
    }

    private static void deliver(Runnable report) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                report.run();
                return;
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("report was not stored, and is tried again");
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stores what there is, as far as the store takes it. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(closeLimit.toNanos(), TimeUnit.NANOSECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
