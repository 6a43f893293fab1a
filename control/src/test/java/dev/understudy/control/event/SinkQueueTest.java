package dev.understudy.control.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import dev.understudy.control.event.Detail.StageUpdate;
import dev.understudy.control.event.Outcome.Delivered;
import dev.understudy.control.event.Outcome.Failed;
import dev.understudy.control.event.Outcome.Refused;
import dev.understudy.control.event.Outcome.Unreachable;
import dev.understudy.control.event.Retention.Bound;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink's queue with a database behind it. */
class SinkQueueTest {
    private static final Outcome DELIVERED = new Delivered();
    private static final Outcome SILENCE = new Unreachable("answered 503");
    private static final Capacity ONE_BY_ONE = new Capacity(20, 1);
    private static final Capacity TEN_AT_ONCE = new Capacity(2, 10);

    @TempDir
    private Path directory;

    private Control control;
    private Events events;

    @BeforeEach
    void open() {
        control = new Control(directory);
        events = control.api.events();
    }

    @AfterEach
    void close() {
        control.close();
    }

    private void reopen() {
        control.close();
        open();
    }

    /** What happened, one event for each letter: it is the resource. */
    private void happened(String resources) {
        resources.chars().forEach(letter -> happened(Character.toString(letter), "Participant Published"));
    }

    private void happened(String resource, String name) {
        control.base
                .store()
                .update(h -> events.outbox()
                        .add(h, control.now(), resource, new StageUpdate("session", name, control.now(), "bob", "p")));
    }

    private SinkQueue open(String sink) {
        return events.open(sink, ONE_BY_ONE);
    }

    /** The events to deliver now, each in a call of its own. */
    private List<Event> next(SinkQueue queue, int most) {
        return queue.next(most, control.now()).stream().flatMap(List::stream).toList();
    }

    /** The resources of the events to deliver now, a word for each call. */
    private List<String> words(SinkQueue queue, int free) {
        return queue.next(free, control.now()).stream()
                .map(call -> call.stream().map(Event::resource).collect(Collectors.joining()))
                .toList();
    }

    /** Delivers until there is nothing to do, one at a time, and says what was delivered: resource and number. */
    private List<String> drain(SinkQueue queue) {
        List<String> delivered = new ArrayList<>();
        List<Event> next = next(queue, 1);
        while (!next.isEmpty()) {
            delivered.add(next.getFirst().resource() + next.getFirst().seq());
            queue.settle(List.of(new Attempt(next.getFirst(), DELIVERED)), control.now());
            next = next(queue, 1);
        }
        return delivered;
    }

    private static void settleAll(SinkQueue queue, List<Event> taken, Outcome outcome, Control control) {
        queue.settle(taken.stream().map(e -> new Attempt(e, outcome)).toList(), control.now());
    }

    @Test
    void aNewSinkGetsWhatHappensFromNowOn() {
        happened("AB");
        SinkQueue queue = open("sink");
        assertThat(next(queue, 10)).isEmpty();
        happened("C");

        assertThat(drain(queue)).containsExactly("C3");
        assertThat(events.statuses().get("sink")).isEqualTo(new SinkStatus(0, 1, 0, 0, 0));
    }

    @Test
    void goesOnAfterARestartWhereItWas() {
        SinkQueue queue = open("sink");
        happened("AAB");
        settleAll(queue, next(queue, 1), DELIVERED, control);
        settleAll(queue, next(queue, 1), new Failed("500"), control);
        reopen();

        queue = open("sink");
        assertThat(drain(queue)).containsExactly("B3");
        assertThat(events.statuses().get("sink")).isEqualTo(new SinkStatus(1, 2, 1, 0, 0));
        control.pass(Duration.ofSeconds(1));
        assertThat(drain(queue)).containsExactly("A2");
        assertThat(events.statuses().get("sink")).isEqualTo(new SinkStatus(0, 3, 1, 0, 0));
    }

    @Test
    void whatWasTakenAndNotSettledIsTakenAgainAfterACrash() {
        SinkQueue queue = open("sink");
        happened("AB");
        assertThat(next(queue, 10)).hasSize(2);
        reopen();

        assertThat(drain(open("sink"))).containsExactly("A1", "B2");
    }

    @Test
    void aResourceStaysInOrderWhateverFails() {
        SinkQueue queue = open("sink");
        happened("ABACABADABACABA");
        var random = new SplittableRandom(7);
        List<Long> ofA = new ArrayList<>();
        List<Long> all = new ArrayList<>();
        for (int round = 0; round < 300; round++) {
            List<Attempt> attempts = next(queue, 3).stream()
                    .map(e -> new Attempt(e, random.nextInt(3) == 0 ? new Failed("500") : DELIVERED))
                    .toList();
            if (!attempts.isEmpty()) {
                queue.settle(attempts, control.now());
            }
            attempts.stream()
                    .filter(a -> a.outcome().equals(DELIVERED))
                    .forEach(a -> all.add(a.event().seq()));
            attempts.stream()
                    .filter(a -> a.outcome().equals(DELIVERED)
                            && a.event().resource().equals("A"))
                    .forEach(a -> ofA.add(a.event().seq()));
            control.pass(Duration.ofSeconds(1));
            if (round % 10 == 0) {
                queue = open("sink");
            }
        }

        assertThat(ofA).containsExactly(1L, 3L, 5L, 7L, 9L, 11L, 13L, 15L);
        assertThat(all).hasSize(15).doesNotHaveDuplicates();
        assertThat(events.statuses().get("sink").pending()).isZero();
    }

    @Test
    void whatWasTakenIsNotLostWhenSomethingElseIsStored() {
        SinkQueue queue = open("sink");
        happened("ABA");
        List<Event> taken = next(queue, 1);
        settleAll(queue, taken, new Failed("500"), control);
        assertThat(next(queue, 1)).extracting(Event::resource).containsExactly("B");
        control.pass(Duration.ofSeconds(1));
        settleAll(queue, next(queue, 1), DELIVERED, control);
        settleAll(queue, next(queue, 1), DELIVERED, control);
        happened("C");
        assertThat(next(queue, 2)).extracting(Event::resource).containsExactly("C");
        reopen();

        assertThat(drain(open("sink"))).containsExactly("B2", "C4");
        assertThat(events.statuses().get("sink").pending()).isZero();
    }

    @Test
    void aResourceThatMeetsWithSilenceDelaysNoOther() {
        SinkQueue queue = open("sink");
        happened("AA");
        settleAll(queue, next(queue, 1), SILENCE, control);
        for (int round = 0; round < 20; round++) {
            happened("B");
            assertThat(drain(queue)).containsExactly("B" + (round + 3));
            assertThat(queue.isTroubled()).isTrue();
            control.pass(Progress.LONGEST_PAUSE);
            settleAll(queue, next(queue, 1), SILENCE, control);
        }

        assertThat(events.statuses().get("sink")).isEqualTo(new SinkStatus(2, 20, 21, 0, 0));
    }

    @Test
    void asksForOthersFirstWhileTheReceiverIsAway() {
        SinkQueue queue = open("sink");
        happened("ABC");
        settleAll(queue, next(queue, 2), SILENCE, control);
        control.pass(Duration.ofSeconds(1));
        List<Event> question = next(queue, 20);
        assertThat(question).extracting(Event::resource).containsExactly("C");
        settleAll(queue, question, DELIVERED, control);

        assertThat(words(queue, 20)).containsExactly("A", "B");
    }

    @Test
    void asksForTheLongestDueWhenThereIsNothingElse() {
        SinkQueue queue = open("sink");
        happened("AB");
        settleAll(queue, next(queue, 2), SILENCE, control);
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            control.pass(Progress.LONGEST_SILENCE);
            List<Event> question = next(queue, 20);
            questions.add(question.getFirst().resource());
            settleAll(queue, question, SILENCE, control);
        }

        assertThat(questions).containsExactly("A", "B", "A", "B");
    }

    @Test
    void asksEveryTenSecondsHoweverLongItsResourcesHaveFailed() {
        SinkQueue queue = open("sink");
        happened("AB");
        List<Event> question = next(queue, 2);
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            settleAll(queue, question, SILENCE, control);
            assertThat(events.health("sink").nextAttemptAt()).contains(queue.deadline(control.now()));
            pauses.add(Duration.between(control.now(), queue.deadline(control.now())));
            control.pass(pauses.getLast());
            question = next(queue, 20);
            assertThat(question).hasSize(1);
            assertThat(queue.deadline(control.now())).isEqualTo(Instant.MAX);
        }

        assertThat(pauses.subList(0, 4).stream().map(Duration::toSeconds)).containsExactly(1L, 2L, 4L, 8L);
        assertThat(pauses.subList(4, 40)).containsOnly(Progress.LONGEST_SILENCE);
        settleAll(queue, question, DELIVERED, control);
        assertThat(queue.deadline(control.now()))
                .isBeforeOrEqualTo(control.now().plus(Progress.LONGEST_PAUSE));
    }

    @Test
    void sendsWhatFailedAloneAndOtherThingsTogether() {
        SinkQueue queue = events.open("sink", TEN_AT_ONCE);
        happened("ABC");
        settleAll(queue, next(queue, 2), new Failed("about one of them"), control);
        control.pass(Duration.ofSeconds(1));
        happened("DEFGHIJKLMNOP");

        assertThat(words(queue, 2)).containsExactly("A", "DEFGHIJKLM");
        assertThat(words(queue, 0)).isEmpty();
    }

    @Test
    void keepsHalfOfTheCallsForWhatDoesNotFail() {
        SinkQueue queue = open("sink");
        happened("ABCDEFGHIJKLMNOPQRST");
        settleAll(queue, next(queue, 20), new Failed("500"), control);
        control.pass(Duration.ofSeconds(1));

        assertThat(words(queue, 20)).hasSize(10);
        happened("XYZ");
        assertThat(words(queue, 10)).containsExactly("X", "Y", "Z");
    }

    @Test
    void aRefusedEventIsParkedWithItsReasonAndTheNextOneFollows() {
        SinkQueue queue = open("sink");
        happened("AA");
        for (int i = 0; i < Progress.MAX_REFUSALS; i++) {
            settleAll(queue, next(queue, 10), new Refused("answered 400: no such thing"), control);
            control.pass(Progress.LONGEST_PAUSE);
        }

        assertThat(drain(queue)).containsExactly("A2");
        assertThat(events.statuses().get("sink")).isEqualTo(new SinkStatus(0, 1, Progress.MAX_REFUSALS, 1, 0));
        assertThat(events.parked("sink")).singleElement().satisfies(parked -> {
            assertThat(parked.reason()).isEqualTo("answered 400: no such thing");
            assertThat(parked.envelope()).contains(parked.eventId());
        });
    }

    @Test
    void passesOverHundredsOfEventsOfAResourceThatWaits() {
        SinkQueue queue = open("sink");
        happened("A");
        settleAll(queue, next(queue, 10), new Failed("500"), control);
        happened("A".repeat(250) + "B");

        assertThat(drain(queue)).containsExactly("B252");
    }

    @Test
    void tellsWhatIsWrongAndForgetsNothingOverARestart() {
        SinkQueue queue = open("sink");
        assertThat(events.health("sink")).isEqualTo(SinkHealth.UNKNOWN);
        happened("AB");
        Instant success = control.now();
        settleAll(queue, next(queue, 1), DELIVERED, control);
        Instant error = control.pass(Duration.ofSeconds(5));
        settleAll(queue, next(queue, 1), new Failed("500"), control);
        reopen();

        assertThat(events.health("sink"))
                .isEqualTo(new SinkHealth(
                        Optional.of(success),
                        Optional.of("500"),
                        Optional.of(error),
                        Optional.of(error.plusSeconds(1))));
        queue = open("sink");
        Instant again = control.pass(Duration.ofMinutes(1));
        settleAll(queue, next(queue, 1), DELIVERED, control);
        assertThat(events.health("sink"))
                .isEqualTo(
                        new SinkHealth(Optional.of(again), Optional.of("500"), Optional.of(error), Optional.empty()));
    }

    @Test
    void forASinkThatIsAbsentNothingIsKeptLongerThanForStreams() {
        open("absent");
        happened("ABC");
        reopen();
        events.elapsed(control.pass(Duration.ofHours(2)));

        assertThat(drain(open("absent"))).containsExactly("C3");
        assertThat(events.statuses().get("absent")).isEqualTo(new SinkStatus(0, 1, 0, 0, 2));
    }

    @Test
    void eachSinkHasAPlaceOfItsOwn() {
        SinkQueue one = open("one");
        SinkQueue other = open("other");
        happened("AB");
        settleAll(one, next(one, 10), new Failed("500"), control);

        assertThat(drain(other)).containsExactly("A1", "B2");
        assertThat(events.statuses().get("one").pending()).isEqualTo(2);
        assertThat(events.statuses().get("other").pending()).isZero();
    }

    @Test
    void keepsAnHourForStreamsWhenThereIsNoSink() {
        happened("A");
        control.pass(Duration.ofMinutes(59));
        happened("BC");
        events.elapsed(control.now());
        assertThat(events.after(0, 10)).hasSize(3);

        events.elapsed(control.pass(Duration.ofMinutes(2)));
        assertThat(events.after(0, 10)).extracting(Event::resource).containsExactly("B", "C");
        events.elapsed(control.pass(Duration.ofDays(1)));
        assertThat(events.after(0, 10)).extracting(Event::resource).containsExactly("C");
    }

    @Test
    void keepsThreeDaysForASinkThatIsDownAndCountsWhatItMissed() {
        SinkQueue queue = open("sink");
        happened("A");
        settleAll(queue, next(queue, 10), new Failed("500"), control);
        happened("AB");
        events.elapsed(control.pass(Duration.ofHours(71)));
        assertThat(events.statuses().get("sink").pending()).isEqualTo(3);
        happened("C");

        events.elapsed(control.pass(Duration.ofHours(2)));
        assertThat(events.statuses().get("sink")).isEqualTo(new SinkStatus(1, 0, 1, 0, 3));
        assertThat(drain(queue)).containsExactly("C4");
        assertThat(events.statuses().get("sink").pending()).isZero();
    }

    @Test
    void keepsNoMoreBytesThanItMay() {
        var bounded = new Events(
                control.base,
                new Retention(new Bound(Duration.ofDays(3), 5_000), new Bound(Duration.ofHours(1), 2_000)));
        bounded.open("sink", ONE_BY_ONE);
        events = bounded;
        happened("A".repeat(50));

        bounded.elapsed(control.now());

        int bytes = bounded.after(0, 100).stream()
                .mapToInt(e -> e.envelope().length())
                .sum();
        assertThat(bytes).isBetween(5_000, 5_400);
        assertThat(bounded.statuses().get("sink").pending()
                        + bounded.statuses().get("sink").dropped())
                .isEqualTo(50);
    }

    @Test
    void theBellRingsWhenAnEventIsCommittedAndNotForOtherChanges() {
        long before = events.bell().rings();
        control.ask("CreateStage", "{}");
        assertThat(events.bell().rings()).isEqualTo(before);

        happened("A");
        assertThat(events.bell().rings()).isEqualTo(before + 1);
    }
}
