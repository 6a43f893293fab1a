package dev.understudy.control.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.understudy.control.composition.CompositionState.Event;
import dev.understudy.control.composition.CompositionState.Event.Broke;
import dev.understudy.control.composition.CompositionState.Event.Drained;
import dev.understudy.control.composition.CompositionState.Event.FirstFrame;
import dev.understudy.control.composition.CompositionState.Event.StopRequested;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompositionStateTest {
    private static final Instant AT = Instant.parse("2026-11-01T10:30:00Z");

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void lives(String name, String expected, List<Event> events) {
        CompositionState state = new CompositionState.Starting(AT);
        for (Event event : events) {
            state = state.on(event);
        }

        assertThat(state.apiName()).as(name).isEqualTo(expected);
    }

    static Stream<Arguments> all() {
        var frame = new FirstFrame(AT);
        var stop = new StopRequested(AT);
        var drained = new Drained(AT);
        var broke = new Broke(AT, "encoder exited with status 1");
        return Stream.of(
                life("nothing yet", "STARTING"),
                life("first frame", "ACTIVE", frame),
                life("second frame changes nothing", "ACTIVE", frame, frame),
                life("stopped before the first frame", "STOPPING", stop),
                life("a frame after the stop changes nothing", "STOPPING", stop, frame),
                life("drained without a stop changes nothing", "ACTIVE", frame, drained),
                life("whole life", "STOPPED", frame, stop, drained),
                life("second stop changes nothing", "STOPPING", frame, stop, stop),
                life("breaks before the first frame", "FAILED", broke),
                life("breaks while active", "FAILED", frame, broke),
                life("breaks while draining", "FAILED", frame, stop, broke),
                life("what has stopped cannot break", "STOPPED", stop, drained, broke),
                life("a dead one stays dead", "FAILED", broke, frame, stop, drained));
    }

    private static Arguments life(String name, String expected, Event... events) {
        return arguments(name, expected, List.of(events));
    }

    @ParameterizedTest
    @CsvSource({"STARTING", "ACTIVE", "STOPPING", "STOPPED", "FAILED"})
    void isStoredByItsName(String name) {
        CompositionState state = CompositionState.of(name, AT, "reason");

        assertThat(state.apiName()).isEqualTo(name);
        assertThat(state.since()).isEqualTo(AT);
    }

    @ParameterizedTest(name = "{0} on {1}")
    @CsvSource(textBlock = """
            STARTING, STARTED, ACTIVE
            STARTING, INTERRUPTED, STARTING
            STARTING, STOP, STOPPING
            STARTING, ENDED, STARTING
            STARTING, BROKE, FAILED
            ACTIVE, STARTED, ACTIVE
            ACTIVE, INTERRUPTED, RECONNECTING
            ACTIVE, STOP, STOPPING
            ACTIVE, ENDED, ACTIVE
            ACTIVE, BROKE, FAILED
            RECONNECTING, STARTED, ACTIVE
            RECONNECTING, STOP, STOPPING
            RECONNECTING, BROKE, FAILED
            STOPPING, STARTED, STOPPING
            STOPPING, INTERRUPTED, STOPPING
            STOPPING, ENDED, STOPPED
            STOPPING, BROKE, FAILED
            STOPPED, BROKE, STOPPED
            FAILED, STARTED, FAILED
            """)
    void destinationsLiveBesideIt(DestinationState state, DestinationState.Event event, DestinationState expected) {
        assertThat(state.on(event)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "publishing {0}, last left at {1}: stops at {2}")
    @CsvSource(textBlock = """
            false,                     , 2026-11-01T10:31:00Z
            true,                      , 2026-11-02T10:30:00Z
            true,  2026-11-01T10:40:00Z, 2026-11-02T10:30:00Z
            false, 2026-11-01T10:29:59Z, 2026-11-01T10:31:00Z
            false, 2026-11-01T10:40:00Z, 2026-11-01T10:41:00Z
            false, 2026-11-02T10:29:59Z, 2026-11-02T10:30:00Z
            """)
    void stopsByItself(boolean hasPublisher, Instant lastPublisherLeftAt, Instant expected) {
        var autoStop = new AutoStop(AT, hasPublisher, Optional.ofNullable(lastPublisherLeftAt));

        assertThat(autoStop.at()).isEqualTo(expected);
    }
}
