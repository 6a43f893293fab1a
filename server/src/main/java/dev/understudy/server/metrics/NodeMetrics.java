package dev.understudy.server.metrics;

import dev.understudy.media.link.LinkMessage;
import dev.understudy.server.composition.CompositionMetrics;
import dev.understudy.server.composition.CompositionRuns;
import dev.understudy.server.event.EventSinks;
import dev.understudy.server.http.JoinLimit;
import dev.understudy.server.net.DropReason;
import dev.understudy.server.net.MediaPlane;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * {@code GET /metrics} in Prometheus's text format. Names begin with {@code understudy_}; nothing in them tells who
 * publishes, so the number of series does not grow with use. Thread-safe.
 */
public final class NodeMetrics implements HttpService, AutoCloseable {
    private static final double NANOS = 1e9;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private volatile Optional<EventMetrics> events = Optional.empty();

    public NodeMetrics(MediaPlane media, CompositionRuns runs, CompositionMetrics compositions, JoinLimit joins) {
        addMedia(media);
        FunctionCounter.builder("understudy.joins.refused", joins, JoinLimit::refused)
                .description("Requests to join that were refused because their address asked too often")
                .register(registry);
        addCompositions(runs, compositions);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collector.bindTo(registry);
    }

    private void addMedia(MediaPlane media) {
        for (DropReason reason : DropReason.values()) {
            FunctionCounter.builder("understudy.media.datagrams.dropped", media, plane -> plane.dropped(reason))
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .description("Datagrams that were dropped, and why")
                    .register(registry);
        }
        FunctionCounter.builder("understudy.media.send.failures", media, MediaPlane::sendFailures)
                .description("Datagrams that the kernel did not take")
                .register(registry);
        Gauge.builder("understudy.media.sessions", media, MediaPlane::sessions)
                .description("Publishers' connections, those that are being made included")
                .register(registry);
    }

    private void addCompositions(CompositionRuns runs, CompositionMetrics compositions) {
        Gauge.builder("understudy.compositions", runs, CompositionRuns::size)
                .description("Compositions that have not ended")
                .register(registry);
        FunctionCounter.builder("understudy.compositions.failed", compositions, CompositionMetrics::failures)
                .description("Compositions that ended as FAILED")
                .register(registry);
        FunctionCounter.builder("understudy.workers.died", compositions, CompositionMetrics::workerDeaths)
                .description("Workers that ended while they were needed; each is a discontinuity")
                .register(registry);
        FunctionCounter.builder(
                        "understudy.workers.cpu.seconds",
                        compositions,
                        m -> m.workers().cpuNanos() / NANOS)
                .description("CPU time of the workers of compositions")
                .register(registry);
        worker(compositions, "ticks.rendered", "Pictures encoded", LinkMessage.Statistics::ticksRendered);
        worker(
                compositions,
                "ticks.repeated",
                "Pictures encoded again because the encoder lagged",
                LinkMessage.Statistics::ticksRepeated);
        worker(compositions, "frames.decoded", "Publishers' pictures decoded", LinkMessage.Statistics::framesDecoded);
        worker(
                compositions,
                "frames.damaged",
                "Publishers' pictures that could not be decoded whole",
                LinkMessage.Statistics::framesDamaged);
        worker(
                compositions,
                "audio.concealed.samples",
                "Samples made up for lost audio",
                LinkMessage.Statistics::audioConcealedSamples);
        worker(
                compositions,
                "packets.dropped",
                "RTP packets that a worker was too slow for",
                LinkMessage.Statistics::packetsDropped);
    }

    private void worker(
            CompositionMetrics compositions,
            String name,
            String description,
            ToLongFunction<LinkMessage.Statistics> count) {
        FunctionCounter.builder("understudy.workers." + name, compositions, m -> count.applyAsLong(m.workers()))
                .description(description)
                .register(registry);
    }

    /** Adds what becomes of events. */
    public void add(EventSinks sinks) {
        events = Optional.of(new EventMetrics(registry, sinks.names(), sinks::statuses));
    }

    private String scrape() {
        events.ifPresent(EventMetrics::refresh);
        return registry.scrape();
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get(
                "/metrics",
                (_, response) -> response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                        .send(scrape()));
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }
}
