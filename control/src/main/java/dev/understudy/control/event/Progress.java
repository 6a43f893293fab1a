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
 *            A A B A C A B …         C waits for 5, which is under way; 6 and 7 have not been looked at
 * </pre>
 *
 * <p>Events of one resource are sent one after another, so that a receiver sees them in order; events of different
 * resources do not wait for each other. One whose last attempt came to nothing is sent in a call of its own, and such
 * calls leave room for others, so that a resource that a receiver stumbles over, or hangs on, holds up itself alone.
 *
 * <p>The receiver counts as away only when several resources have met with silence and none with an answer since. Then
 * one event at a time asks whether it is back, and preferably one that has not been tried yet: what has been is the
 * likelier reason.
 *
 * <p>An event that fails for a day is parked. One that meets with silence is only when others were answered all day: with
 * a receiver that is not there no event is lost before the outbox drops it. Confined to the sink's thread.
 */
final class Progress {
    /** After this long an event is no news to a receiver that was there to take it. */
    static final Duration GIVE_UP_AFTER = Duration.ofHours(24);

    /** An event that is refused this often, which takes two minutes, is parked: its resource goes on without it. */
    static final int MAX_REFUSALS = 8;

    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** So that a resource goes on soon after hours of failure. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** So that nobody waits for long when the receiver is back, or was only silent about others. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    /** Each is a row and an entry in memory. When as many wait the sink is as good as down. */
    static final int MAX_WAITING = 10_000;

    /** With one alone it may be the resource; a second one makes it the receiver. */
    private static final int SILENT_RESOURCES = 2;

    /**
     * A resource whose next event has not been taken.
     *
     * @param seq of that event, or of none: then it is the first after it
     * @param attempts at that event
     * @param refusals among the attempts
     * @param dueAt matters to a retry alone
     */
    record Waiting(long seq, int attempts, int refusals, Instant dueAt) {

        /** Whether the last attempt came to nothing. */
        boolean isRetry() {
            return attempts > 0;
        }

        /** No pause is longer than the longest: when one seems to be, the clock has been set back. */
        boolean isDue(Instant now) {
            return !isRetry() || !dueAt.isAfter(now) || dueAt.isAfter(now.plus(LONGEST_PAUSE));
        }
    }

    /** What follows from an attempt. */
    enum Verdict {
        DELIVERED,
        TRIED_AGAIN,
        PARKED
    }

    private final Capacity capacity;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    /** Those of the waiting resources that more events may be there of, behind the next and up to the position. */
    private final Set<String> followed = new HashSet<>();

    /** Those of the waiting resources whose next event is being sent. */
    private final Set<String> underWay = new HashSet<>();

    private final Set<String> changed = new HashSet<>();

    /** Those that have met with silence since the last answer, as far as they matter. */
    private final Set<String> silent = new HashSet<>();

    private final Answers answers = new Answers();

    private long position;
    private Instant pausedUntil = Instant.MIN;
    private int silences;

    /** Goes on where an earlier one was. */
    Progress(Capacity capacity, long position, Map<String, Waiting> waiting) {
        this.capacity = capacity;
        this.position = position;
        this.waiting.putAll(waiting);
        this.followed.addAll(waiting.keySet());
    }

    long position() {
        return position;
    }

    /**
     * What may be sent now.
     *
     * @param calls in all
     * @param retries among the calls; each has one event
     * @param eventsPerCall of the others
     * @param areRetriesFirst or else only where there is nothing else
     */
    record Allowance(int calls, int retries, int eventsPerCall, boolean areRetriesFirst) {
        static final Allowance NOTHING = new Allowance(0, 0, 0, false);
        static final Allowance ONE_QUESTION = new Allowance(1, 1, 1, false);
    }

    /** How much may be sent at {@code now} by {@code free} calls: nothing in a pause, one event while the receiver is away. */
    Allowance allowance(int free, Instant now) {
        if (isPaused(now)) {
            return Allowance.NOTHING;
        }
        if (isAway()) {
            return underWay.isEmpty() ? Allowance.ONE_QUESTION : Allowance.NOTHING;
        }
        long retriesUnderWay = waiting.entrySet().stream()
                .filter(e -> e.getValue().isRetry() && underWay.contains(e.getKey()))
                .count();
        int retries = (int) Math.max(0, capacity.callsForRetries() - retriesUnderWay);
        return new Allowance(free, Math.min(free, retries), capacity.eventsPerCall(), true);
    }

    private boolean isAway() {
        return silences > 0;
    }

    /** As with {@link Waiting#isDue}, a pause that seems longer than the longest has been overtaken by the clock. */
    private boolean isPaused(Instant now) {
        return now.isBefore(pausedUntil) && !pausedUntil.isAfter(now.plus(LONGEST_SILENCE));
    }

    /**
     * The resources whose turn it is to be tried again, the longest due first, and with which event. While the receiver is
     * away that is any: whether it is back has nothing to do with how often one resource has failed.
     */
    List<Map.Entry<String, Waiting>> dueRetries(Instant now) {
        return due(now, true);
    }

    /** The resources whose next event has not been tried yet, though it is not behind the position. */
    List<Map.Entry<String, Waiting>> dueNext(Instant now) {
        return due(now, false);
    }

    private List<Map.Entry<String, Waiting>> due(Instant now, boolean isRetry) {
        return waiting.entrySet().stream()
                .filter(e -> e.getValue().isRetry() == isRetry)
                .filter(e -> (isAway() || e.getValue().isDue(now)) && !underWay.contains(e.getKey()))
                .sorted(Comparator.comparing(e -> e.getValue().dueAt()))
                .map(e -> Map.entry(e.getKey(), e.getValue()))
                .toList();
    }

    /** The next event of a waiting resource is being sent from now on. */
    void sent(String resource) {
        underWay.add(resource);
    }

    /** There is no event up to the position any more that a resource could be waiting for. */
    void exhausted(String resource) {
        waiting.remove(resource);
        followed.remove(resource);
        changed.add(resource);
    }

    /**
     * Takes those of the events behind the position that may be sent now, each of another resource, and moves the position
     * over them. They are under way from now on. Those of waiting resources are passed over and stay where they are:
     * their turn comes later.
     *
     * @param following the next events, oldest first
     */
    List<Event> take(List<Event> following, int most, Instant now) {
        List<Event> taken = new ArrayList<>();
        for (Event event : following) {
            if (waiting.containsKey(event.resource())) {
                followed.add(event.resource());
            } else if (taken.size() == most || waiting.size() >= MAX_WAITING) {
                break;
            } else {
                taken.add(event);
                put(event.resource(), new Waiting(event.seq(), 0, 0, now));
                sent(event.resource());
            }
            position = event.seq();
        }
        return taken;
    }

    /** Draws the conclusions from attempts that have ended; the verdicts are in their order. */
    List<Verdict> settle(List<Attempt> attempts, Instant now) {
        attempts.forEach(a -> underWay.remove(a.event().resource()));
        listen(attempts, now);
        return attempts.stream().map(a -> settle(a, now)).toList();
    }

    /** Whether the receiver is there; what was sent before a pause and is silent within it says nothing new. */
    private void listen(List<Attempt> attempts, Instant now) {
        if (attempts.stream().anyMatch(a -> !(a.outcome() instanceof Outcome.Unreachable))) {
            answers.heard(now);
            silent.clear();
            silences = 0;
            pausedUntil = Instant.MIN;
            return;
        }
        attempts.stream()
                .map(a -> a.event().resource())
                .takeWhile(_ -> silent.size() < SILENT_RESOURCES)
                .forEach(silent::add);
        if (!attempts.isEmpty() && silent.size() == SILENT_RESOURCES && !isPaused(now)) {
            silences++;
            pausedUntil = now.plus(pause(silences, LONGEST_SILENCE));
        }
    }

    private Verdict settle(Attempt attempt, Instant now) {
        Event event = attempt.event();
        return switch (attempt.outcome()) {
            case Outcome.Delivered _ -> {
                goOn(event, now);
                yield Verdict.DELIVERED;
            }
            case Outcome.Refused _ -> unsettled(event, 1, isOld(event, now), now);
            case Outcome.Failed _ -> unsettled(event, 0, isOld(event, now), now);
            case Outcome.Unreachable _ -> unsettled(event, 0, answers.cover(event.happenedAt(), GIVE_UP_AFTER), now);
        };
    }

    private static boolean isOld(Event event, Instant now) {
        return !now.isBefore(event.happenedAt().plus(GIVE_UP_AFTER));
    }

    /** @param isHopeless whether this was the last attempt, however few there were */
    private Verdict unsettled(Event event, int refusals, boolean isHopeless, Instant now) {
        Waiting before = waiting.getOrDefault(event.resource(), new Waiting(event.seq(), 0, 0, now));
        int refused = before.refusals() + refusals;
        if (refused >= MAX_REFUSALS || isHopeless) {
            goOn(event, now);
            return Verdict.PARKED;
        }
        int attempts = before.attempts() + 1;
        put(event.resource(), new Waiting(event.seq(), attempts, refused, now.plus(pause(attempts, LONGEST_PAUSE))));
        return Verdict.TRIED_AGAIN;
    }

    /** With what is behind the event, if anything has been passed over. */
    private void goOn(Event event, Instant now) {
        if (followed.contains(event.resource())) {
            put(event.resource(), new Waiting(event.seq() + 1, 0, 0, now));
        } else {
            exhausted(event.resource());
        }
    }

    private void put(String resource, Waiting next) {
        waiting.put(resource, next);
        changed.add(resource);
    }

    /**
     * When there is something to do even if no event comes and nothing that is under way ends; {@link Instant#MAX} when
     * there is not. What is due already waits for one of these.
     */
    Instant deadline(Instant now) {
        if (isPaused(now)) {
            return pausedUntil;
        }
        if (isAway()) {
            return Instant.MAX;
        }
        return waiting.entrySet().stream()
                .filter(e -> !e.getValue().isDue(now) && !underWay.contains(e.getKey()))
                .map(e -> e.getValue().dueAt())
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** When what failed is tried again; empty when everything that was tried has been taken, or given up on. */
    Optional<Instant> retryAt() {
        return waiting.values().stream()
                .filter(Waiting::isRetry)
                .map(Waiting::dueAt)
                .min(Comparator.naturalOrder())
                .map(due -> isAway() ? pausedUntil : due);
    }

    /** What has to be stored of the waiting resources since this was asked last; empty for one that waits no more. */
    Map<String, Optional<Waiting>> changes() {
        Map<String, Optional<Waiting>> changes = new LinkedHashMap<>();
        changed.forEach(resource -> changes.put(resource, Optional.ofNullable(waiting.get(resource))));
        changed.clear();
        return changes;
    }

    /** 1, 2, 4, … seconds, up to {@code longest}. */
    static Duration pause(int attempts, Duration longest) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 20));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
