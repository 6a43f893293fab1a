package dev.understudy.media.ingest;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class NackGeneratorTest {
    private static final long RETRY = MILLISECONDS.toNanos(50);

    private final NackGenerator nacks = new NackGenerator(RETRY);

    @Test
    void asksForAGapAtOnceAndAgainAfterTheRetryInterval() {
        nacks.received(10, 0);
        nacks.received(13, 0);

        assertThat(askedAt(0)).containsExactly(11L, 12L);
        assertThat(askedAt(RETRY - 1)).isEmpty();
        assertThat(nacks.deadlineNanos()).isEqualTo(RETRY);
        assertThat(askedAt(RETRY)).containsExactly(11L, 12L);
    }

    @Test
    void forgetsAPacketThatArrivesLate() {
        nacks.received(10, 0);
        nacks.received(12, 0);
        nacks.received(11, 0);

        assertThat(askedAt(0)).isEmpty();
        assertThat(nacks.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void givesUpWhenTheLastAttemptHasHadItsTime() {
        nacks.received(10, 0);
        nacks.received(12, 0);
        for (int attempt = 0; attempt < NackGenerator.MAX_ATTEMPTS; attempt++) {
            assertThat(askedAt(attempt * RETRY)).containsExactly(11L);
            assertThat(nacks.takeLost()).isZero();
        }

        assertThat(askedAt(NackGenerator.MAX_ATTEMPTS * RETRY)).isEmpty();
        assertThat(nacks.takeLost()).isEqualTo(1);
        assertThat(nacks.takeLost()).isZero();
        assertThat(nacks.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void doesNotAskForMoreThanItsWindowAfterALeap() {
        nacks.received(10, 0);
        nacks.received(100_000, 0);

        assertThat(askedAt(0)).hasSize(NackGenerator.WINDOW - 1).first().isEqualTo(99_745L);
        assertThat(nacks.takeLost()).isEqualTo(99_744 - 10);
    }

    @Test
    void countsWhatFallsOutOfTheWindowAsLost() {
        nacks.received(10, 0);
        nacks.received(12, 0);
        for (long sequence = 13; sequence <= 11 + NackGenerator.WINDOW; sequence++) {
            nacks.received(sequence, 0);
        }

        assertThat(nacks.takeLost()).isEqualTo(1);
        assertThat(askedAt(0)).isEmpty();
    }

    @Test
    void takesPacketsBeforeTheFirstForNothing() {
        nacks.received(10, 0);
        nacks.received(8, 0);

        assertThat(askedAt(0)).isEmpty();
    }

    @RepeatedTest(200)
    void whatNeverComesIsGivenUpOnceAndOnlyThat(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        Set<Long> missing = new HashSet<>();
        long now = 0;
        nacks.received(0, now);
        for (long sequence = 1; sequence < 2_000; sequence++) {
            now += MILLISECONDS.toNanos(2);
            if (random.nextInt(10) == 0) {
                missing.add(sequence);
            } else {
                nacks.received(sequence, now);
            }
            for (long asked : askedAt(now)) {
                assertThat(missing).contains(asked);
                if (random.nextInt(4) == 0) {
                    nacks.received(asked, now);
                    missing.remove(asked);
                }
            }
        }
        nacks.received(2_000, now);
        for (int attempt = 0; attempt <= NackGenerator.MAX_ATTEMPTS; attempt++) {
            now += RETRY;
            askedAt(now);
        }

        assertThat(nacks.takeLost()).isEqualTo(missing.size());
    }

    private List<Long> askedAt(long nowNanos) {
        List<Long> asked = new ArrayList<>();
        nacks.ask(nowNanos, asked::add);
        return asked;
    }
}
