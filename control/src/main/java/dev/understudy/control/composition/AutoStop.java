package dev.understudy.control.composition;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * When a composition stops by itself. Pure: the store says what was, the caller what time it is.
 *
 * @param startedAt when the composition was asked for
 * @param hasPublisher whether anybody publishes to its stage now
 * @param lastPublisherLeftAt when the last one stopped; empty when nobody ever published
 */
record AutoStop(Instant startedAt, boolean hasPublisher, Optional<Instant> lastPublisherLeftAt) {
    /** How long a composition waits for somebody to publish. */
    static final Duration LONELINESS = Duration.ofSeconds(60);

    /** The longest a composition lives. */
    static final Duration LIFETIME = Duration.ofHours(24);

    Instant at() {
        Instant longest = startedAt.plus(LIFETIME);
        if (hasPublisher) {
            return longest;
        }
        Instant aloneSince = Collections.max(List.of(startedAt, lastPublisherLeftAt.orElse(startedAt)));
        return Collections.min(List.of(longest, aloneSince.plus(LONELINESS)));
    }
}
