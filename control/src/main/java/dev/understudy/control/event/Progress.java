package dev.understudy.control.event;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How far one sink is: decides what may be sent when, what is tried again, and what is given up. Pure: events, outcomes
 * and time come in.
 *
 * <pre>
 *   events   1 2 3 4 5 6 7 8 9 …     all up to position are settled, but those of waiting resources:
 *                    ^position       A waits from 2 on: 2 has failed, 4 is behind it
 *            A A B A C A B …         6 and 7 have not been looked at
 * </pre>
 *
 * <p>Events of one resource are sent one after another, so that a receiver sees them in order; events of different
 * resources do not wait for each other. Where the receiver itself is away, one event at a time asks whether it is back.
 * Confined to the sink's thread.
 */
final class Progress {
    /** After this long an event is no news. */
    static final Duration GIVE_UP_AFTER = Duration.ofHours(24);

    /** An event that is refused this often, which takes two minutes, is parked: its resource goes on without it. */
    static final int MAX_REFUSALS = 8;

    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** So that a receiver that comes back after hours is found soon. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** Each is a row and an entry in memory. When as many wait the sink is as good as down. */
    static final int MAX_WAITING = 10_000;

    /**
     * A resource whose next event has not been taken.
     *
     * @param seq of that event, or of none: then it is the first after it
     * @param attempts at that event
     * @param refusals among the attempts
     */
    record Waiting(long seq, int attempts, int refusals, Instant dueAt) {}

    /** What follows from an attempt. */
    enum Verdict {
        DELIVERED,
        TRIED_AGAIN,
        PARKED
    }

    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private final Set<String> changed = new HashSet<>();
    private long position;
    private Instant pausedUntil = Instant.MIN;
    private int silences;

    /** Goes on where an earlier one was. */
    Progress(long position, Map<String, Waiting> waiting) {
        this.position = position;
        this.waiting.putAll(waiting);
    }

    long position() {
        return position;
    }

    /** How many of {@code most} events may be sent at {@code now}: none in a pause, one while the receiver is away. */
    int allowance(int most, Instant now) {
        if (now.isBefore(pausedUntil)) {
            return 0;
        }
        return silences > 0 ? 1 : most;
    }

    /** The waiting resources whose turn it is, the longest due first, and from which event on. */
    List<Map.Entry<String, Waiting>> due(int most, Instant now) {
        return waiting.entrySet().stream()
                .filter(e -> !e.getValue().dueAt().isAfter(now))
                .sorted(Comparator.comparing(e -> e.getValue().dueAt()))
                .limit(most)
                .map(e -> Map.entry(e.getKey(), e.getValue()))
                .toList();
    }

    /** There is no event any more that a resource could be waiting for. */
    void exhausted(String resource) {
        waiting.remove(resource);
        changed.add(resource);
    }

    /**
     * Takes those of the events behind the position that may be sent now, each of another resource, and moves the position
     * over them. Those of waiting resources are passed over and stay where they are: their turn comes later.
     *
     * @param following the next events, oldest first
     * @param busy resources that have an event under way already
     */
    List<Event> take(List<Event> following, int most, Set<String> busy) {
        List<Event> taken = new ArrayList<>();
        Set<String> resources = new HashSet<>(busy);
        for (Event event : following) {
            if (!waiting.containsKey(event.resource())) {
                if (taken.size() == most || waiting.size() >= MAX_WAITING || !resources.add(event.resource())) {
                    break;
                }
                taken.add(event);
            }
            position = event.seq();
        }
        return taken;
    }

    /** Draws the conclusions from attempts that were made together; the verdicts are in their order. */
    List<Verdict> settle(List<Attempt> attempts, Instant now) {
        boolean isAway = attempts.stream().allMatch(a -> a.outcome() instanceof Outcome.Unreachable);
        silences = isAway ? silences + 1 : 0;
        pausedUntil = isAway ? now.plus(pause(silences)) : Instant.MIN;
        return attempts.stream().map(a -> settle(a, now)).toList();
    }

    private Verdict settle(Attempt attempt, Instant now) {
        Event event = attempt.event();
        return switch (attempt.outcome()) {
            case Outcome.Delivered _ -> {
                goOn(event, now);
                yield Verdict.DELIVERED;
            }
            case Outcome.Refused _ -> unsettled(event, 1, now);
            case Outcome.Failed _, Outcome.Unreachable _ -> unsettled(event, 0, now);
        };
    }

    private Verdict unsettled(Event event, int refusals, Instant now) {
        Waiting before = waiting.getOrDefault(event.resource(), new Waiting(event.seq(), 0, 0, now));
        int refused = before.refusals() + refusals;
        if (refused >= MAX_REFUSALS || !now.isBefore(event.happenedAt().plus(GIVE_UP_AFTER))) {
            goOn(event, now);
            return Verdict.PARKED;
        }
        int attempts = before.attempts() + 1;
        put(event.resource(), new Waiting(event.seq(), attempts, refused, now.plus(pause(attempts))));
        return Verdict.TRIED_AGAIN;
    }

    /** With what is behind the event, if anything has been passed over. */
    private void goOn(Event event, Instant now) {
        if (waiting.containsKey(event.resource())) {
            put(event.resource(), new Waiting(event.seq() + 1, 0, 0, now));
        }
    }

    private void put(String resource, Waiting next) {
        waiting.put(resource, next);
        changed.add(resource);
    }

    /** When there is something to do even if no event comes; {@link Instant#MAX} when there is not. */
    Instant deadline(Instant now) {
        if (now.isBefore(pausedUntil)) {
            return pausedUntil;
        }
        return waiting.values().stream()
                .map(Waiting::dueAt)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    boolean hasChanges() {
        return !changed.isEmpty();
    }

    /** What has to be stored of the waiting resources since this was asked last; empty for one that waits no more. */
    Map<String, Optional<Waiting>> changes() {
        Map<String, Optional<Waiting>> changes = new LinkedHashMap<>();
        changed.forEach(resource -> changes.put(resource, Optional.ofNullable(waiting.get(resource))));
        changed.clear();
        return changes;
    }

    /** 1, 2, 4, … seconds, up to {@link #LONGEST_PAUSE}. */
    static Duration pause(int attempts) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 20));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
