package dev.understudy.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000;

    private static long taken(TokenBucket bucket, int tries, long nowNanos) {
        return IntStream.range(0, tries).filter(_ -> bucket.take(nowNanos)).count();
    }

    /** Monotonic clocks begin anywhere, and may wrap. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_234_567_890_123L, Long.MIN_VALUE, Long.MAX_VALUE - 100})
    void letsABurstPassAndThenOneForEachPartOfASecond(long start) {
        var bucket = new TokenBucket(5);

        assertThat(taken(bucket, 9, start)).isEqualTo(5);
        assertThat(taken(bucket, 9, start + SECOND / 5 - 1)).isZero();
        assertThat(taken(bucket, 9, start + SECOND / 5)).isEqualTo(1);
        assertThat(taken(bucket, 9, start + SECOND)).isEqualTo(4);
        assertThat(taken(bucket, 9, start + 3_600 * SECOND)).isEqualTo(5);
    }

    @Test
    void aRateThatDividesNoSecondHoldsToo() {
        var bucket = new TokenBucket(3);

        assertThat(taken(bucket, 9, 0)).isEqualTo(3);
        assertThat(taken(bucket, 9, SECOND)).isEqualTo(3);
    }

    @RepeatedTest(100)
    void neverLetsMorePassThanABurstAndTheRate(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        int rate = random.nextInt(1, 60);
        var bucket = new TokenBucket(rate);
        long now = 0;
        long passed = 0;

        for (int i = 0; i < 1_000; i++) {
            now += random.nextLong(SECOND / 10);
            passed += taken(bucket, random.nextInt(5), now);
        }

        assertThat(passed).isLessThanOrEqualTo(rate + now * rate / SECOND + 1);
    }

    @Test
    void refusesARateOfNone() {
        assertThatThrownBy(() -> new TokenBucket(0)).hasMessage("rate: 0 a second");
    }
}
