package dev.understudy.server.composition;

import dev.understudy.control.composition.CompositionReports;
import dev.understudy.server.report.OrderedReports;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the media side tells the control side about compositions, in order and without waiting. Thread-safe. */
public final class Reports implements AutoCloseable {
    private final OrderedReports reports = new OrderedReports("composition-reports", Duration.ofSeconds(3));
    private volatile @Nullable CompositionReports control;

    /** Where reports go; before the first composition runs. */
    public void connect(CompositionReports to) {
        control = to;
    }

    void add(Consumer<CompositionReports> report) {
        reports.add(() -> {
            CompositionReports to = control;
            if (to == null) {
                throw new IllegalStateException("a composition reported before the control side was connected");
            }
            report.accept(to);
        });
    }

    @Override
    public void close() {
        reports.close();
    }
}
