package dev.understudy.server.composition;

import dev.understudy.server.net.MediaPlane;
import dev.understudy.server.worker.WorkerPool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What every composition of a node runs with. Immutable, and each part is thread-safe.
 *
 * @param nanoClock the monotonic clock that the media loop and the workers live by
 * @param timers for deadlines; what they run returns at once
 */
public record RunContext(
        MediaPlane media,
        WorkerPool workers,
        Reports reports,
        LongSupplier nanoClock,
        InstantSource clock,
        ScheduledExecutorService timers,
        Duration playoutDelay,
        CompositionMetrics metrics) {

    /** Now, on both clocks. */
    Epoch epoch() {
        return new Epoch(nanoClock.getAsLong(), clock.instant());
    }

    Instant now() {
        return clock.instant();
    }
}
