package dev.understudy.server.metrics;

import dev.understudy.control.event.SinkStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What becomes of events, in five series for each sink; there are as many as the operator has set. All of them show what
 * {@link #refresh} has found: to ask how sinks are doing is a query that counts. Thread-safe.
 */
final class EventMetrics {
    private final Supplier<Map<String, SinkStatus>> source;
    private volatile Map<String, SinkStatus> statuses = Map.of();

    /** @param source how the sinks are doing, by their names */
    EventMetrics(MeterRegistry registry, List<String> sinks, Supplier<Map<String, SinkStatus>> source) {
        this.source = source;
        sinks.forEach(sink -> register(registry, sink));
    }

    private void register(MeterRegistry registry, String sink) {
        Gauge.builder("understudy.events.pending", this, m -> m.status(sink).pending())
                .tag("sink", sink)
                .description("Events that a sink has still to get")
                .register(registry);
        count(registry, sink, "delivered", "Events that a sink has got", SinkStatus::delivered);
        count(registry, sink, "failed", "Attempts to deliver an event that came to nothing", SinkStatus::failed);
        count(registry, sink, "parked", "Events that a sink was given up on for", SinkStatus::parked);
        count(registry, sink, "dropped", "Events that were too old or too many for the outbox", SinkStatus::dropped);
    }

    private void count(
            MeterRegistry registry, String sink, String name, String description, ToLongFunction<SinkStatus> count) {
        FunctionCounter.builder("understudy.events." + name, this, m -> count.applyAsLong(m.status(sink)))
                .tag("sink", sink)
                .description(description)
                .register(registry);
    }

    private SinkStatus status(String sink) {
        return statuses.getOrDefault(sink, SinkStatus.NONE);
    }

    /** Asks how the sinks are doing, once for all series. */
    void refresh() {
        statuses = source.get();
    }
}
