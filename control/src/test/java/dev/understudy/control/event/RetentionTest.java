package dev.understudy.control.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.event.EventRows.Age;
import dev.understudy.control.event.Retention.Bound;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    /** Ten hours, or a thousand bytes, for sinks; two hours, or three hundred bytes, for streams. */
    private static final Retention RETENTION =
            new Retention(new Bound(Duration.ofHours(10), 1_000), new Bound(Duration.ofHours(2), 300));

    /** Events 1 to {@code count}, one an hour, of a hundred bytes each. */
    private static List<Age> hourly(int count) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(i -> new Age(i, START.plus(Duration.ofHours(i)), 100 * i))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "all are young, 3, 3, 3, 0",
        "settled ones go after two hours, 3, 3, 4, 1",
        "unsettled ones stay, 3, 0, 4, 0",
        "unsettled ones go after ten hours, 3, 0, 12, 1",
        "settled ones go and unsettled ones stay, 5, 2, 9, 2",
        "nothing is dropped from behind one that stays, 5, 4, 20, 4",
        "the youngest stays whatever its age, 3, 3, 1000, 2",
    })
    void dropsByAge(String name, int count, long settled, int hoursLater, long dropped) {
        List<Age> events = hourly(count);

        OptionalLong drop = RETENTION.drop(events, events.getLast(), settled, START.plus(Duration.ofHours(hoursLater)));

        assertThat(drop).as(name).isEqualTo(dropped == 0 ? OptionalLong.empty() : OptionalLong.of(dropped));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "all fit, 3, 3, 0",
        "settled ones beyond three hundred bytes go, 5, 5, 2",
        "unsettled ones stay, 5, 0, 0",
        "unsettled ones beyond a thousand bytes go, 12, 0, 2",
        "settled ones go and unsettled ones stay, 12, 5, 5",
    })
    void dropsByBytes(String name, int count, long settled, long dropped) {
        List<Age> events = hourly(count).stream()
                .map(age -> new Age(age.seq(), START, age.bytesSoFar()))
                .toList();

        OptionalLong drop = RETENTION.drop(events, events.getLast(), settled, START);

        assertThat(drop).as(name).isEqualTo(dropped == 0 ? OptionalLong.empty() : OptionalLong.of(dropped));
    }
}
