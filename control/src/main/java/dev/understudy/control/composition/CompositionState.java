package dev.understudy.control.composition;

import java.time.Instant;

/**
 * Where a composition is in its life, with only what is true there.
 *
 * <pre>
 *   Starting --FirstFrame--> Active --StopRequested--> Stopping --Drained--> Stopped
 *      |                       |                          |
 *      +------- Broke ---------+---------- Broke ---------+-----------------> Failed
 * </pre>
 *
 * <p>Starting goes to Stopping too, when nobody waits for the first frame. {@link #on} is pure: it returns the next state
 * and does nothing. Whoever drives it compares before and after and acts.
 */
public sealed interface CompositionState {

    record Starting(Instant since) implements CompositionState {}

    record Active(Instant since) implements CompositionState {}

    record Stopping(Instant since) implements CompositionState {}

    record Stopped(Instant since) implements CompositionState {}

    /** Dead, and why. */
    record Failed(Instant since, String reason) implements CompositionState {}

    /** When it came to be so. */
    Instant since();

    /** What can happen to a composition. */
    sealed interface Event {
        Instant at();

        record FirstFrame(Instant at) implements Event {}

        record StopRequested(Instant at) implements Event {}

        record Drained(Instant at) implements Event {}

        record Broke(Instant at, String reason) implements Event {}
    }

    /** The state after {@code event}. An event that means nothing here, such as a second stop, changes nothing. */
    default CompositionState on(Event event) {
        return switch (this) {
            case Starting _ ->
                switch (event) {
                    case Event.FirstFrame(var at) -> new Active(at);
                    case Event.StopRequested(var at) -> new Stopping(at);
                    case Event.Broke(var at, var reason) -> new Failed(at, reason);
                    case Event.Drained _ -> this;
                };
            case Active _ ->
                switch (event) {
                    case Event.StopRequested(var at) -> new Stopping(at);
                    case Event.Broke(var at, var reason) -> new Failed(at, reason);
                    case Event.FirstFrame _, Event.Drained _ -> this;
                };
            case Stopping _ ->
                switch (event) {
                    case Event.Drained(var at) -> new Stopped(at);
                    case Event.Broke(var at, var reason) -> new Failed(at, reason);
                    case Event.FirstFrame _, Event.StopRequested _ -> this;
                };
            case Stopped _, Failed _ -> this;
        };
    }

    /** Whether nothing can happen any more. */
    default boolean hasEnded() {
        return switch (this) {
            case Starting _, Active _, Stopping _ -> false;
            case Stopped _, Failed _ -> true;
        };
    }

    /** The state's name in the API. */
    default String apiName() {
        return switch (this) {
            case Starting _ -> "STARTING";
            case Active _ -> "ACTIVE";
            case Stopping _ -> "STOPPING";
            case Stopped _ -> "STOPPED";
            case Failed _ -> "FAILED";
        };
    }

    /** The state that was stored as this; {@code reason} counts for a failed one only. */
    static CompositionState of(String apiName, Instant since, String reason) {
        return switch (apiName) {
            case "STARTING" -> new Starting(since);
            case "ACTIVE" -> new Active(since);
            case "STOPPING" -> new Stopping(since);
            case "STOPPED" -> new Stopped(since);
            case "FAILED" -> new Failed(since, reason);
            default -> throw new IllegalArgumentException("no state of a composition: " + apiName);
        };
    }
}
