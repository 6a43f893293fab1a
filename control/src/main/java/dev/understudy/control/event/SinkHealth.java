package dev.understudy.control.event;

import java.time.Instant;
import java.util.Optional;

/**
 * What is wrong with a sink, if anything is; kept over restarts.
 *
 * @param lastSuccessAt when it took an event last
 * @param lastError what the last attempt that came to nothing was told; names no secret
 * @param lastErrorAt when that was
 * @param nextAttemptAt when something that it did not take is tried again; empty when there is no such thing
 */
public record SinkHealth(
        Optional<Instant> lastSuccessAt,
        Optional<String> lastError,
        Optional<Instant> lastErrorAt,
        Optional<Instant> nextAttemptAt) {
    static final SinkHealth UNKNOWN =
            new SinkHealth(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** What some attempts, which ended at {@code now}, tell; the rest is as it was before. */
    static SinkHealth after(Iterable<Attempt> attempts, Instant now, Optional<Instant> nextAttemptAt) {
        Optional<Instant> success = Optional.empty();
        Optional<String> error = Optional.empty();
        for (Attempt attempt : attempts) {
            if (attempt.outcome() instanceof Outcome.Delivered) {
                success = Optional.of(now);
            } else {
                error = Optional.of(attempt.outcome().why());
            }
        }
        return new SinkHealth(success, error, error.map(_ -> now), nextAttemptAt);
    }
}
