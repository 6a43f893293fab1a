package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPausesTest {
    private final FaultPauses pauses = new FaultPauses();

    @Test
    void doubleUpToAMinuteAndBeginAnew() {
        assertThat(Stream.generate(pauses::next).limit(9).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);

        pauses.reset();

        assertThat(pauses.next()).isEqualTo(Duration.ofSeconds(1));
    }
}
