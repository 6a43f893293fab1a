package dev.understudy.control.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomeTest {
    static List<Function<String, Outcome>> outcomes() {
        return List.of(Outcome.Failed::new, Outcome.Refused::new, Outcome.Unreachable::new);
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void showsNoMoreThanALineOfWhatAStrangerSays(Function<String, Outcome> outcome) {
        assertThat(outcome.apply("no:\r\n\u001b[2Jgone").why()).isEqualTo("no: [2Jgone");
        assertThat(outcome.apply("x".repeat(500)).why()).isEqualTo("x".repeat(500));
        assertThat(outcome.apply("x".repeat(501)).why()).isEqualTo("x".repeat(499) + "…");
    }
}
