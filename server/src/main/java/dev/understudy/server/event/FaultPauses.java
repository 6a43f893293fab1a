package dev.understudy.server.event;

import java.time.Duration;

/**
 * How long to wait after each of several faults in a row: 1, 2, 4, … seconds, a minute at most. What was sent and could
 * not be kept is sent again after each. Confined to one thread.
 */
final class FaultPauses {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Duration next = FIRST;

    /** The pause after another fault. */
    Duration next() {
        Duration pause = next;
        Duration doubled = pause.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return pause;
    }

    /** It works again: the next fault is the first one. */
    void reset() {
        next = FIRST;
    }
}
