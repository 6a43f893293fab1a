package dev.understudy.control.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.event.Outcome.Delivered;
import dev.understudy.control.event.Outcome.Failed;
import dev.understudy.control.event.Outcome.Refused;
import dev.understudy.control.event.Outcome.Unreachable;
import dev.understudy.control.event.Progress.Allowance;
import dev.understudy.control.event.Progress.Verdict;
import dev.understudy.control.event.Progress.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {
    private static final Instant START = Instant.parse("2026-11-01T10:30:00Z");
    private static final Outcome DELIVERED = new Delivered();
    private static final Outcome FAILED = new Failed("500");
    private static final Outcome REFUSED = new Refused("400");
    private static final Outcome UNREACHABLE = new Unreachable("connection refused");

    private final Progress progress = new Progress(new Capacity(4, 10), 0, Map.of());
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
        return progress.take(events(resources), 10, now).stream()
                .map(Event::seq)
                .toList();
    }

    private List<Verdict> settle(Event event, Outcome outcome) {
        return progress.settle(List.of(new Attempt(event, outcome)), now);
    }

    private List<Verdict> settle(Outcome outcome, Event... events) {
        return progress.settle(
                Stream.of(events).map(event -> new Attempt(event, outcome)).toList(), now);
    }

    private List<String> retries() {
        return progress.dueRetries(now).stream().map(Map.Entry::getKey).toList();
    }

    private List<Map.Entry<String, Waiting>> next() {
        return progress.dueNext(now);
    }

    @Test
    void takesTheFirstEventOfEachResourceAndPassesOverTheOthers() {
        assertThat(taken("ABCAD")).containsExactly(1L, 2L, 3L, 5L);
        assertThat(progress.position()).isEqualTo(5);
    }

    @Test
    void doesNotTakeAnEventWhoseResourceHasOneUnderWay() {
        assertThat(taken("B")).containsExactly(1L);

        assertThat(progress.take(List.of(event(2, "B"), event(3, "A")), 10, now))
                .containsExactly(event(3, "A"));
        assertThat(next()).isEmpty();
    }

    @Test
    void takesNoMoreThanAsked() {
        assertThat(progress.take(events("ABC"), 2, now)).hasSize(2);
        assertThat(progress.position()).isEqualTo(2);
    }

    @Test
    void aResourceThatFailsHoldsUpItsOwnEventsOnly() {
        settle(event(1, "A"), FAILED);

        assertThat(taken("AABAC")).containsExactly(3L, 5L);
        assertThat(progress.position()).isEqualTo(5);
        assertThat(retries()).isEmpty();
        now = now.plus(Progress.FIRST_PAUSE);
        assertThat(retries()).containsExactly("A");
    }

    @Test
    void whatWasPassedOverFollowsOnceTheFirstIsDelivered() {
        settle(event(1, "A"), FAILED);
        taken("AAB");
        now = now.plusSeconds(1);
        settle(event(1, "A"), DELIVERED);

        assertThat(next()).containsExactly(Map.entry("A", new Waiting(2, 0, 0, now)));
        settle(event(3, "B"), DELIVERED);
        progress.exhausted("A");
        assertThat(next()).isEmpty();
        assertThat(progress.deadline(now)).isEqualTo(Instant.MAX);
    }

    @Test
    void waitsForNothingOnceEverythingIsDelivered() {
        taken("AB");
        settle(DELIVERED, event(1, "A"), event(2, "B"));

        assertThat(progress.changes()).isEqualTo(Map.of("A", Optional.empty(), "B", Optional.empty()));
        assertThat(taken("AB")).containsExactly(1L, 2L);
    }

    @Test
    void whatIsUnderWayIsKeptAsWaitingFor() {
        taken("AB");
        settle(event(2, "B"), DELIVERED);

        assertThat(progress.changes())
                .isEqualTo(Map.of("A", Optional.of(new Waiting(1, 0, 0, now)), "B", Optional.empty()));
    }

    @Test
    void theLongestDueComesFirst() {
        settle(event(1, "A"), FAILED);
        now = now.plusMillis(1);
        settle(event(2, "B"), FAILED);
        settle(event(3, "C"), FAILED);
        now = now.plusSeconds(1);

        assertThat(retries()).containsExactly("A", "B", "C");
    }

    @Test
    void aClockThatWasSetBackHoldsUpNothing() {
        settle(UNREACHABLE, event(1, "A"), event(2, "B"));
        now = now.minus(Duration.ofHours(1));

        assertThat(progress.allowance(4, now)).isEqualTo(Allowance.ONE_QUESTION);
        assertThat(retries()).containsExactly("A", "B");
    }

    @Test
    void whatFailedLeavesHalfOfTheCallsToOthers() {
        Event[] failed = {event(1, "A"), event(2, "B"), event(3, "C")};
        settle(FAILED, failed);
        now = now.plusSeconds(1);

        assertThat(progress.allowance(4, now)).isEqualTo(new Allowance(4, 2, 10, true));
        progress.sent("A");
        assertThat(progress.allowance(3, now)).isEqualTo(new Allowance(3, 1, 10, true));
        progress.sent("B");
        assertThat(progress.allowance(2, now)).isEqualTo(new Allowance(2, 0, 10, true));
        assertThat(retries()).containsExactly("C");
        assertThat(progress.deadline(now)).isEqualTo(Instant.MAX);
    }

    @ParameterizedTest
    @CsvSource({"1, PT1S", "2, PT2S", "3, PT4S", "9, PT4M16S", "10, PT5M", "11, PT5M", "1000, PT5M"})
    void pausesDoubleUpToFiveMinutes(int attempts, Duration pause) {
        assertThat(Progress.pause(attempts, Progress.LONGEST_PAUSE)).isEqualTo(pause);
    }

    @Test
    void isTriedAgainForADayAndThenParked() {
        List<Verdict> verdicts = new ArrayList<>(settle(event(1, "A"), FAILED));
        while (verdicts.getLast() == Verdict.TRIED_AGAIN) {
            now = progress.deadline(now);
            verdicts.addAll(settle(event(1, "A"), FAILED));
        }

        assertThat(verdicts).hasSizeBetween(290, 300).endsWith(Verdict.PARKED);
        assertThat(now)
                .isBetween(
                        START.plus(Duration.ofHours(24)),
                        START.plus(Duration.ofHours(24).plusMinutes(5)));
    }

    @ParameterizedTest(name = "of {0}")
    @ValueSource(strings = {"A", "AB", "ABCDEF"})
    void aReceiverThatIsAwayForAWeekendMissesNothing(String resources) {
        settle(event(100, "Z"), DELIVERED);
        Event[] events = events(resources).toArray(Event[]::new);
        List<Verdict> verdicts = new ArrayList<>(settle(UNREACHABLE, events));
        while (now.isBefore(START.plus(Duration.ofHours(71)))) {
            now = now.plus(Progress.LONGEST_PAUSE);
            for (Event event : events) {
                verdicts.addAll(settle(event, UNREACHABLE));
            }
        }
        settle(event(101, "Z"), DELIVERED);
        verdicts.addAll(settle(UNREACHABLE, events));

        assertThat(verdicts).containsOnly(Verdict.TRIED_AGAIN);
        assertThat(settle(DELIVERED, events)).containsOnly(Verdict.DELIVERED);
    }

    @Test
    void oneThatIsTriedFirstADayAfterItHappenedIsTriedAgainAfterSilence() {
        now = START.plus(Duration.ofHours(25));

        assertThat(settle(event(1, "A"), UNREACHABLE)).containsExactly(Verdict.TRIED_AGAIN);
    }

    @Test
    void anEventThatMeetsWithSilenceForADayWhileOthersAreAnsweredIsParked() {
        List<Verdict> verdicts = new ArrayList<>();
        do {
            settle(event(2, "B"), DELIVERED);
            verdicts.addAll(settle(event(1, "A"), UNREACHABLE));
            now = now.plus(Progress.LONGEST_PAUSE);
        } while (verdicts.getLast() == Verdict.TRIED_AGAIN);

        assertThat(verdicts).hasSize(24 * 12 + 1).endsWith(Verdict.PARKED);
    }

    @Test
    void anEventThatIsRefusedAgainAndAgainIsParkedAndItsResourceGoesOn() {
        taken("AA");
        for (int refusal = 1; refusal < Progress.MAX_REFUSALS; refusal++) {
            assertThat(settle(event(1, "A"), REFUSED)).containsExactly(Verdict.TRIED_AGAIN);
            now = progress.deadline(now);
        }

        assertThat(settle(event(1, "A"), REFUSED)).containsExactly(Verdict.PARKED);
        assertThat(now).isBefore(START.plus(Duration.ofMinutes(3)));
        assertThat(next()).containsExactly(Map.entry("A", new Waiting(2, 0, 0, now)));
    }

    @Test
    void failuresDoNotCountAsRefusals() {
        for (int i = 0; i < 2 * Progress.MAX_REFUSALS; i++) {
            assertThat(settle(event(1, "A"), i % 3 == 0 ? REFUSED : FAILED)).containsExactly(Verdict.TRIED_AGAIN);
        }
    }

    @Test
    void aResourceThatMeetsWithSilenceDelaysNoOther() {
        for (int attempt = 0; attempt < 20; attempt++) {
            settle(event(1, "A"), UNREACHABLE);
            assertThat(progress.allowance(4, now)).isEqualTo(new Allowance(4, 2, 10, true));
            now = progress.deadline(now);
        }
    }

    @Test
    void whileTheReceiverIsAwayOneEventAsksWhetherItIsBack() {
        settle(UNREACHABLE, event(1, "A"), event(2, "B"));

        assertThat(progress.allowance(4, now)).isEqualTo(Allowance.NOTHING);
        assertThat(progress.deadline(now)).isEqualTo(now.plusSeconds(1));
        now = now.plusSeconds(1);
        assertThat(progress.allowance(4, now)).isEqualTo(Allowance.ONE_QUESTION);
        progress.sent("A");
        assertThat(progress.allowance(3, now)).isEqualTo(Allowance.NOTHING);
        settle(event(1, "A"), UNREACHABLE);
        assertThat(progress.deadline(now)).isEqualTo(now.plusSeconds(2));
        now = now.plusSeconds(2);
        settle(event(1, "A"), REFUSED);
        assertThat(progress.allowance(4, now).calls()).isEqualTo(4);
    }

    @Test
    void asksEveryTenSecondsHoweverLongTheReceiverIsAway() {
        settle(UNREACHABLE, event(1, "A"), event(2, "B"));
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            pauses.add(Duration.between(now, progress.deadline(now)));
            now = progress.deadline(now);
            settle(event(1, "A"), UNREACHABLE);
        }

        assertThat(pauses.stream().map(Duration::toSeconds)).containsExactly(1L, 2L, 4L, 8L, 10L, 10L, 10L);
    }

    @Test
    void whatWasSentBeforeAPauseDoesNotMakeItLonger() {
        taken("ABC");
        settle(UNREACHABLE, event(1, "A"), event(2, "B"));
        settle(event(3, "C"), UNREACHABLE);

        assertThat(progress.deadline(now)).isEqualTo(now.plusSeconds(1));
    }

    @Test
    void oneAnswerAmongManyShowsThatTheReceiverIsThere() {
        progress.settle(List.of(new Attempt(event(1, "A"), UNREACHABLE), new Attempt(event(2, "B"), DELIVERED)), now);
        settle(event(3, "C"), UNREACHABLE);

        assertThat(progress.allowance(4, now).calls()).isEqualTo(4);
    }

    @Test
    void saysWhenItTriesAgain() {
        assertThat(progress.retryAt()).isEmpty();
        settle(event(1, "A"), FAILED);
        assertThat(progress.retryAt()).contains(now.plusSeconds(1));

        now = now.plusMillis(1);
        settle(UNREACHABLE, event(2, "B"), event(3, "C"));
        assertThat(progress.retryAt()).contains(now.plusSeconds(1));
    }

    @Test
    void takesNothingNewWhenTooManyResourcesWait() {
        for (int i = 1; i <= Progress.MAX_WAITING; i++) {
            settle(event(i, "resource" + i), FAILED);
        }

        assertThat(progress.take(List.of(event(20_000, "another")), 10, now)).isEmpty();
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
