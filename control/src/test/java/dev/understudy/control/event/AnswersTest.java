package dev.understudy.control.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {
    private static final Instant START = Instant.parse("2026-11-01T10:30:00Z");

    @ParameterizedTest(name = "answers after {0} minutes cover two hours from {1}: {2}")
    @CsvSource({
        "'', 0, false",
        "0, 0, false",
        "0 60 120, 0, true",
        "0 60 119, 0, false",
        "0 60 120, 1, false",
        "0 60 120 121, 1, true",
        "0 60 120, -600, true",
        "60 120, 0, false",
        "60 120 180, 0, true",
        "0 61 120, 0, false",
        "0 61 120 180 181, 0, true",
        "0 4000, 0, false",
        "0 60 120 -600, 0, false",
    })
    void coverATimeWithoutALongGap(String minutes, int from, boolean isCovered) {
        Answers answers = new Answers();
        Stream.of(minutes.split(" "))
                .filter(minute -> !minute.isEmpty())
                .forEach(minute -> answers.heard(START.plus(Duration.ofMinutes(Long.parseLong(minute)))));

        assertThat(answers.cover(START.plus(Duration.ofMinutes(from)), Duration.ofHours(2)))
                .isEqualTo(isCovered);
    }
}
