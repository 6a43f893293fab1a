package dev.understudy.control.composition;

import dev.understudy.control.event.Detail.CompositionStateChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which events a change of a composition makes, in IVS's order: a session starts before its destinations, and ends after
 * them. Pure.
 *
 * <p>A destination that never started does not end either; that the session has ended says all.
 */
final class CompositionEvents {

    /**
     * What became of one destination.
     *
     * @param hasStarted whether anything has ever reached it
     */
    record DestinationChange(String id, DestinationState before, DestinationState after, boolean hasStarted) {}

    private CompositionEvents() {}

    /** The events of a composition and its destinations that changed together. */
    static List<CompositionStateChange> of(
            String stageArn, CompositionState before, CompositionState after, List<DestinationChange> destinations) {
        Optional<String> reason =
                after instanceof CompositionState.Failed(var _, var why) ? Optional.of(why) : Optional.empty();
        Optional<CompositionStateChange> ofSession = before.equals(after)
                ? Optional.empty()
                : session(after).map(name -> new CompositionStateChange(name, stageArn, Optional.empty(), reason));
        List<CompositionStateChange> events = new ArrayList<>(destinations.stream()
                .flatMap(destination -> of(stageArn, destination, reason).stream())
                .toList());
        boolean isFirst = after instanceof CompositionState.Active;
        ofSession.ifPresent(event -> events.add(isFirst ? 0 : events.size(), event));
        return events;
    }

    /** The event of a destination that changed alone. */
    static Optional<CompositionStateChange> of(
            String stageArn, DestinationChange destination, Optional<String> reason) {
        if (destination.before() == destination.after()) {
            return Optional.empty();
        }
        Optional<String> ofFailure = reason.filter(_ -> destination.after() == DestinationState.FAILED);
        return destination(destination)
                .map(name -> new CompositionStateChange(name, stageArn, Optional.of(destination.id()), ofFailure));
    }

    private static Optional<String> session(CompositionState state) {
        return switch (state) {
            case CompositionState.Active _ -> Optional.of("Session Start");
            case CompositionState.Stopped _ -> Optional.of("Session End");
            case CompositionState.Failed _ -> Optional.of("Session Failure");
            case CompositionState.Starting _, CompositionState.Stopping _ -> Optional.empty();
        };
    }

    private static Optional<String> destination(DestinationChange change) {
        return switch (change.after()) {
            case ACTIVE -> Optional.of("Destination Start");
            case RECONNECTING -> Optional.of("Destination Reconnecting");
            case STOPPED -> Optional.of("Destination End").filter(_ -> change.hasStarted());
            case FAILED -> Optional.of("Destination Failure");
            case STARTING, STOPPING -> Optional.empty();
        };
    }
}
