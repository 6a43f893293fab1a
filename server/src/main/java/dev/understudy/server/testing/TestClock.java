package dev.understudy.server.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that tests put forward: what sessions, tokens and compositions live by. Signatures and the {@code Date} of
 * answers have the real time, because SDKs set their own clock by it. Thread-safe.
 */
public final class TestClock implements InstantSource {
    /** All advances together; every time that can be reached still fits each column and each token. */
    static final Duration MAX_AHEAD = Duration.ofDays(3_650);

    private final InstantSource real;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    public TestClock(InstantSource real) {
        this.real = real;
    }

    @Override
    public Instant instant() {
        return real.instant().plus(ahead.get());
    }

    /** Puts the clock forward; throws {@link IllegalArgumentException} when it would be too far ahead. */
    void advance(Duration by) {
        ahead.updateAndGet(before -> {
            Duration sum = before.plus(by);
            if (sum.compareTo(MAX_AHEAD) > 0) {
                throw new IllegalArgumentException(
                        "the clock would be " + sum.toDays() + " days ahead; at most " + MAX_AHEAD.toDays());
            }
            return sum;
        });
    }

    /** Shows the real time again. */
    void reset() {
        ahead.set(Duration.ZERO);
    }
}
