package dev.understudy.control.composition;

import static dev.understudy.control.composition.DestinationState.ACTIVE;
import static dev.understudy.control.composition.DestinationState.FAILED;
import static dev.understudy.control.composition.DestinationState.RECONNECTING;
import static dev.understudy.control.composition.DestinationState.STARTING;
import static dev.understudy.control.composition.DestinationState.STOPPED;
import static dev.understudy.control.composition.DestinationState.STOPPING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.composition.CompositionEvents.DestinationChange;
import dev.understudy.control.composition.CompositionState.Active;
import dev.understudy.control.composition.CompositionState.Failed;
import dev.understudy.control.composition.CompositionState.Starting;
import dev.understudy.control.composition.CompositionState.Stopped;
import dev.understudy.control.composition.CompositionState.Stopping;
import dev.understudy.control.event.Detail.CompositionStateChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CompositionEventsTest {
    private static final Instant AT = Instant.parse("2026-11-01T10:30:00Z");

    static Stream<Arguments> changes() {
        var both = List.of(started("a", STARTING, ACTIVE), started("b", STARTING, ACTIVE));
        return Stream.of(
                Arguments.of(
                        "a session starts before its destinations",
                        new Starting(AT),
                        new Active(AT),
                        both,
                        List.of("Session Start", "Destination Start a", "Destination Start b")),
                Arguments.of(
                        "somebody asks for the end",
                        new Active(AT),
                        new Stopping(AT),
                        List.of(started("a", ACTIVE, STOPPING)),
                        List.of()),
                Arguments.of(
                        "destinations end before their session",
                        new Stopping(AT),
                        new Stopped(AT),
                        List.of(started("a", STOPPING, STOPPED), started("b", STOPPING, STOPPED)),
                        List.of("Destination End a", "Destination End b", "Session End")),
                Arguments.of(
                        "what never started does not end",
                        new Stopping(AT),
                        new Stopped(AT),
                        List.of(new DestinationChange("a", STOPPING, STOPPED, false)),
                        List.of("Session End")),
                Arguments.of(
                        "a destination that was lost before is not lost again",
                        new Active(AT),
                        new Failed(AT, "no disk"),
                        List.of(started("a", FAILED, FAILED), started("b", ACTIVE, FAILED)),
                        List.of("Destination Failure b (no disk)", "Session Failure (no disk)")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void ofACompositionWithItsDestinations(
            String what,
            CompositionState before,
            CompositionState after,
            List<DestinationChange> destinations,
            List<String> expected) {
        assertThat(CompositionEvents.of("stage", before, after, destinations))
                .as(what)
                .extracting(CompositionEventsTest::text)
                .containsExactlyElementsOf(expected);
    }

    static Stream<Arguments> aloneChanges() {
        return Stream.of(
                Arguments.of(ACTIVE, RECONNECTING, Optional.of("Destination Reconnecting a")),
                Arguments.of(RECONNECTING, ACTIVE, Optional.of("Destination Start a")),
                Arguments.of(ACTIVE, FAILED, Optional.of("Destination Failure a (why)")),
                Arguments.of(ACTIVE, ACTIVE, Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("aloneChanges")
    void ofADestinationAlone(DestinationState before, DestinationState after, Optional<String> expected) {
        assertThat(CompositionEvents.of("stage", started("a", before, after), Optional.of("why"))
                        .map(CompositionEventsTest::text))
                .isEqualTo(expected);
    }

    private static DestinationChange started(String id, DestinationState before, DestinationState after) {
        return new DestinationChange(id, before, after, true);
    }

    private static String text(CompositionStateChange event) {
        return event.eventName()
                + event.id().map(id -> " " + id).orElse("")
                + event.reason().map(reason -> " (" + reason + ")").orElse("");
    }
}
