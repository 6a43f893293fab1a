package dev.understudy.control.event;

import dev.understudy.control.event.EventRows.Age;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * How long events stay in the outbox. Pure.
 *
 * @param forSinks bounds those that a sink has still to get
 * @param forStreams bounds those that all sinks have: what a live stream that was cut off can catch up with
 */
record Retention(Bound forSinks, Bound forStreams) {
    /**
     * A sink that is repaired after a weekend has missed nothing, and 64 MiB are some 100,000 events; an hour is more than
     * a browser takes to come back.
     */
    static final Retention NORMAL =
            new Retention(new Bound(Duration.ofDays(3), 64 << 20), new Bound(Duration.ofHours(1), 4 << 20));

    /** What is kept: no event older than {@code age}, and of the rest as many of the newest as fill {@code bytes}. */
    record Bound(Duration age, long bytes) {
        boolean excludes(Age event, Age youngest, Instant now) {
            return event.happenedAt().isBefore(now.minus(age)) || youngest.bytesSoFar() - event.bytesSoFar() >= bytes;
        }
    }

    /**
     * Up to where events are to be dropped; empty when all may stay. The youngest always stays: those that come are
     * numbered and measured from it.
     *
     * @param oldest some of the events, oldest first
     * @param settled the last event up to which no sink has anything left to get
     */
    OptionalLong drop(List<Age> oldest, Age youngest, long settled, Instant now) {
        return oldest.stream()
                .takeWhile(event -> event.seq() < youngest.seq())
                .takeWhile(event -> (event.seq() <= settled ? forStreams : forSinks).excludes(event, youngest, now))
                .mapToLong(Age::seq)
                .max();
    }
}
