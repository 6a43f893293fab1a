package dev.understudy.control.event;

import java.time.Duration;
import java.time.Instant;

/**
 * When a receiver has answered: tells silence about one resource from a receiver that is not there. Confined to the
 * sink's thread; a new one has heard nothing.
 */
final class Answers {
    /** With a longer gap between two answers it may have been away in between. */
    static final Duration LONGEST_GAP = Duration.ofHours(1);

    private Instant first = Instant.EPOCH;
    private Instant last = Instant.EPOCH;

    /** The receiver has answered, whatever it said. */
    void heard(Instant now) {
        if (now.isAfter(last.plus(LONGEST_GAP))) {
            first = now;
        }
        last = now;
    }

    /** Whether it has answered again and again, without a long gap, for {@code length} after {@code from}. */
    boolean cover(Instant from, Duration length) {
        Instant start = first.isAfter(from) ? first : from;
        return !last.isBefore(start.plus(length));
    }
}
