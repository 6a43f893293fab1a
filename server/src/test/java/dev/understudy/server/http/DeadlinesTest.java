package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.server.http.Deadlines.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final AtomicLong nowNanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Deadlines deadlines = new Deadlines(nowNanos::get);
    private final List<String> late = new ArrayList<>();

    private void pass(long nanos) {
        nowNanos.addAndGet(nanos);
        deadlines.check();
    }

    @Test
    void saysOnceThatItIsLate() {
        deadlines.in(Duration.ofNanos(10), () -> late.add("short"));
        deadlines.in(Duration.ofNanos(20), () -> late.add("long"));

        pass(9);
        assertThat(late).isEmpty();
        pass(1);
        assertThat(late).containsExactly("short");
        pass(9);
        pass(1);
        pass(100);
        assertThat(late).containsExactly("short", "long");
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void oneThatGoesWrongIsNotTheLast() {
        deadlines.in(Duration.ofNanos(10), () -> {
            throw new IllegalStateException("gone");
        });
        pass(10);
        deadlines.in(Duration.ofNanos(10), () -> late.add("next"));
        pass(10);

        assertThat(late).containsExactly("next");
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void whatIsDoneIsNotLate() {
        Deadline done = deadlines.in(Duration.ofNanos(10), () -> late.add("done"));

        done.close();
        pass(100);

        assertThat(late).isEmpty();
        assertThat(deadlines.size()).isZero();
    }
}
