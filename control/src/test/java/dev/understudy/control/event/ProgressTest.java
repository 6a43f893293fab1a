package dev.understudy.control.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.event.Outcome.Delivered;
import dev.understudy.control.event.Outcome.Failed;
import dev.understudy.control.event.Outcome.Refused;
import dev.understudy.control.event.Outcome.Unreachable;
import dev.understudy.control.event.Progress.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
    private static final Instant START = Instant.parse("2026-11-01T10:30:00Z");
    private static final Outcome DELIVERED = new Delivered();
    private static final Outcome FAILED = new Failed("500");
    private static final Outcome REFUSED = new Refused("400");
    private static final Outcome UNREACHABLE = new Unreachable("connection refused");

    private final Progress progress = new Progress(0, Map.of());
    private Instant now = START;

    private static Event event(long seq, String resource) {
        return new Event(seq, "id" + seq, resource, START, "{}");
    }

    /** Events numbered from 1 on, one for each letter, which is its resource. */
    private static List<Event> events(String resources) {
        return IntStream.range(0, resources.length())
                .mapToObj(i -> event(i + 1, resources.substring(i, i + 1)))
                .toList();
    }

    private List<Long> taken(String resources) {
        return progress.take(events(resources), 10, Set.of()).stream()
                .map(Event::seq)
                .toList();
    }

    private List<Verdict> settle(Event event, Outcome outcome) {
        return progress.settle(List.of(new Attempt(event, outcome)), now);
    }

    private List<String> due() {
        return progress.due(10, now).stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void takesEventsOfDifferentResourcesTogetherAndStopsBeforeASecondOfOne() {
        assertThat(taken("ABCAD")).containsExactly(1L, 2L, 3L);
        assertThat(progress.position()).isEqualTo(3);
    }

    @Test
    void doesNotTakeAnEventWhoseResourceHasOneUnderWay() {
        assertThat(progress.take(events("AB"), 10, Set.of("B"))).hasSize(1);
        assertThat(progress.position()).isEqualTo(1);
    }

    @Test
    void takesNoMoreThanAsked() {
        assertThat(progress.take(events("ABC"), 2, Set.of())).hasSize(2);
        assertThat(progress.position()).isEqualTo(2);
    }

    @Test
    void aResourceThatFailsHoldsUpItsOwnEventsOnly() {
        settle(event(1, "A"), FAILED);

        assertThat(taken("AABAC")).containsExactly(3L, 5L);
        assertThat(progress.position()).isEqualTo(5);
        assertThat(due()).isEmpty();
        now = now.plus(Progress.FIRST_PAUSE);
        assertThat(due()).containsExactly("A");
    }

    @Test
    void whatWasPassedOverFollowsOnceTheFirstIsDelivered() {
        settle(event(1, "A"), FAILED);
        taken("AAB");
        now = now.plusSeconds(1);
        settle(event(1, "A"), DELIVERED);

        assertThat(progress.due(10, now)).singleElement().satisfies(waiting -> {
            assertThat(waiting.getValue().seq()).isEqualTo(2);
            assertThat(waiting.getValue().attempts()).isZero();
        });
        progress.exhausted("A");
        assertThat(due()).isEmpty();
        assertThat(progress.deadline(now)).isEqualTo(Instant.MAX);
    }

    @Test
    void theLongestDueComesFirst() {
        settle(event(1, "A"), FAILED);
        now = now.plusMillis(1);
        settle(event(2, "B"), FAILED);
        settle(event(3, "C"), FAILED);
        now = now.plusSeconds(1);

        assertThat(progress.due(2, now)).extracting(Map.Entry::getKey).containsExactly("A", "B");
    }

    @ParameterizedTest
    @CsvSource({"1, PT1S", "2, PT2S", "3, PT4S", "9, PT4M16S", "10, PT5M", "11, PT5M", "1000, PT5M"})
    void pausesDoubleUpToFiveMinutes(int attempts, Duration pause) {
        assertThat(Progress.pause(attempts)).isEqualTo(pause);
    }

    @Test
    void isTriedAgainForADayAndThenParked() {
        List<Verdict> verdicts = new ArrayList<>();
        do {
            verdicts.addAll(settle(event(1, "A"), FAILED));
            now = progress.deadline(now);
        } while (verdicts.getLast() == Verdict.TRIED_AGAIN);

        assertThat(verdicts).hasSizeBetween(290, 300).endsWith(Verdict.PARKED);
        assertThat(now)
                .isBetween(
                        START.plus(Duration.ofHours(24)),
                        START.plus(Duration.ofHours(24).plusMinutes(5)));
    }

    @Test
    void anEventThatIsRefusedAgainAndAgainIsParkedAndItsResourceGoesOn() {
        for (int refusal = 1; refusal < Progress.MAX_REFUSALS; refusal++) {
            assertThat(settle(event(1, "A"), REFUSED)).containsExactly(Verdict.TRIED_AGAIN);
            now = progress.deadline(now);
        }

        assertThat(settle(event(1, "A"), REFUSED)).containsExactly(Verdict.PARKED);
        assertThat(now).isBefore(START.plus(Duration.ofMinutes(3)));
        assertThat(progress.due(1, now).getFirst().getValue()).isEqualTo(new Progress.Waiting(2, 0, 0, now));
    }

    @Test
    void failuresDoNotCountAsRefusals() {
        for (int i = 0; i < 2 * Progress.MAX_REFUSALS; i++) {
            assertThat(settle(event(1, "A"), i % 3 == 0 ? REFUSED : FAILED)).containsExactly(Verdict.TRIED_AGAIN);
        }
    }

    @Test
    void whileTheReceiverIsAwayOneEventAsksWhetherItIsBack() {
        assertThat(progress.allowance(10, now)).isEqualTo(10);
        progress.settle(List.of(new Attempt(event(1, "A"), UNREACHABLE), new Attempt(event(2, "B"), UNREACHABLE)), now);

        assertThat(progress.allowance(10, now)).isZero();
        assertThat(progress.deadline(now)).isEqualTo(now.plusSeconds(1));
        now = now.plusSeconds(1);
        assertThat(progress.allowance(10, now)).isEqualTo(1);
        settle(event(1, "A"), UNREACHABLE);
        assertThat(progress.deadline(now)).isEqualTo(now.plusSeconds(2));
        now = now.plusSeconds(2);
        settle(event(1, "A"), REFUSED);
        assertThat(progress.allowance(10, now)).isEqualTo(10);
    }

    @Test
    void oneAnswerAmongManyShowsThatTheReceiverIsThere() {
        progress.settle(List.of(new Attempt(event(1, "A"), UNREACHABLE), new Attempt(event(2, "B"), DELIVERED)), now);

        assertThat(progress.allowance(10, now)).isEqualTo(10);
    }

    @Test
    void takesNothingNewWhenTooManyResourcesWait() {
        for (int i = 1; i <= Progress.MAX_WAITING; i++) {
            settle(event(i, "resource" + i), FAILED);
        }

        assertThat(progress.take(List.of(event(20_000, "another")), 10, Set.of()))
                .isEmpty();
        assertThat(progress.position()).isZero();
    }

    @Test
    void tellsOnceWhatHasToBeStored() {
        settle(event(1, "A"), FAILED);

        assertThat(progress.changes()).containsOnlyKeys("A");
        assertThat(progress.changes()).isEmpty();
        progress.exhausted("A");
        assertThat(progress.changes().get("A")).isEmpty();
    }
}
