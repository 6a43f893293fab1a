package dev.understudy.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.event.SinkStatus;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private List<String> scrape() {
        return registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .sorted()
                .toList();
    }

    @Test
    void allSeriesOfAllSinksCostOneQuestion() {
        AtomicInteger questions = new AtomicInteger();
        var metrics = new EventMetrics(registry, List.of("a", "b"), () -> {
            questions.incrementAndGet();
            return Map.of("a", new SinkStatus(1, 2, 3, 4, 5));
        });

        metrics.refresh();

        assertThat(scrape())
                .containsExactly(
                        "understudy_events_delivered_total{sink=\"a\"} 2.0",
                        "understudy_events_delivered_total{sink=\"b\"} 0.0",
                        "understudy_events_dropped_total{sink=\"a\"} 5.0",
                        "understudy_events_dropped_total{sink=\"b\"} 0.0",
                        "understudy_events_failed_total{sink=\"a\"} 3.0",
                        "understudy_events_failed_total{sink=\"b\"} 0.0",
                        "understudy_events_parked_total{sink=\"a\"} 4.0",
                        "understudy_events_parked_total{sink=\"b\"} 0.0",
                        "understudy_events_pending{sink=\"a\"} 1.0",
                        "understudy_events_pending{sink=\"b\"} 0.0");
        assertThat(questions).hasValue(1);
    }
}
