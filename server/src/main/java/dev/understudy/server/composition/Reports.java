package dev.understudy.server.composition;

import dev.understudy.control.composition.CompositionReports;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the media side tells the control side about compositions, in order and on a thread of its own, so that media never
 * waits for the store.
 *
 * <p>A report that the store does not take is tried again until it does: a state that is late is better than one that is
 * lost. There are at most a few reports for each composition, and compositions are bounded by quota. Thread-safe.
 */
public final class Reports implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reports.class);
    private static final long RETRY_SECONDS = 1;
    private static final long LAST_REPORTS_SECONDS = 3;

    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("composition-reports").factory());
    private volatile @Nullable CompositionReports reports;

    /** Where reports go; before the first composition runs. */
    public void connect(CompositionReports to) {
        reports = to;
    }

    void add(Consumer<CompositionReports> report) {
        try {
            executor.execute(() -> deliver(report));
        } catch (RejectedExecutionException e) {
            log.atWarn().log("report came after the end of the node");
        }
    }

    private void deliver(Consumer<CompositionReports> report) {
        CompositionReports to = reports;
        while (to != null && !Thread.currentThread().isInterrupted()) {
            try {
                report.accept(to);
                return;
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("report was not stored, and is tried again");
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(RETRY_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Delivers what there is, as far as the store takes it. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(LAST_REPORTS_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
