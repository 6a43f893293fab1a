package dev.understudy.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.layout.GridOptions;
import dev.understudy.media.link.LinkMessage;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TickWatchTest {
    private static final long STEP = 100_000_000L;
    private static final long START = 77_000_000_000L;

    private final TickWatch watch = new TickWatch();
    private long nowNanos = START;

    private void configure(long epochNanos, long firstTick) {
        configure(epochNanos, firstTick, 30);
    }

    private void configure(long epochNanos, long firstTick, double framesPerSecond) {
        watch.isSilent(nowNanos, false);
        watch.sent(
                new LinkMessage.Configure(
                        epochNanos,
                        firstTick,
                        1280,
                        720,
                        framesPerSecond,
                        2_500_000,
                        128_000,
                        60,
                        0,
                        GridOptions.DEFAULT),
                nowNanos);
    }

    private void frame() {
        watch.received(new LinkMessage.VideoFrame(1, true, false, ByteBuffer.allocate(0)));
    }

    /** How long until it is noticed, looking every {@link #STEP}; at most ten seconds. */
    private long silentAfterNanos() {
        long began = nowNanos;
        while (nowNanos - began < 100 * STEP) {
            nowNanos += STEP;
            if (watch.isSilent(nowNanos, false)) {
                return nowNanos - began;
            }
        }
        return Long.MAX_VALUE;
    }

    @Test
    void isPatientWithAWorkerThatHasNothingToDo() {
        assertThat(silentAfterNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void givesAHangUpAfterASecond() {
        configure(START, 0);
        frame();

        assertThat(silentAfterNanos()).isBetween(TickWatch.LIMIT_NANOS, TickWatch.LIMIT_NANOS + 3 * STEP);
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "1.001, 2.997003", "2, 1.5", "3, 1", "5, 1", "60, 1"})
    void givesAHangUpAfterThreeTicksWhereThoseLastLonger(double framesPerSecond, double seconds) {
        configure(START, 0, framesPerSecond);
        frame();

        long limitNanos = Math.round(seconds * 1e9);
        assertThat(silentAfterNanos()).isBetween(limitNanos, limitNanos + 3 * STEP);
    }

    @Test
    void bearsWithAFrameASecond() {
        configure(START, 0, 1);
        for (int i = 0; i < 100; i++) {
            if (i % 10 == 0) {
                frame();
            }
            nowNanos += STEP;
            assertThat(watch.isSilent(nowNanos, false)).isFalse();
        }
    }

    @Test
    void givesTheFirstPictureMoreTime() {
        configure(START, 0);

        assertThat(silentAfterNanos()).isBetween(TickWatch.FIRST_LIMIT_NANOS, TickWatch.FIRST_LIMIT_NANOS + 3 * STEP);
    }

    @Test
    void countsFromTheFirstTickThatIsDue() {
        configure(START, 60);

        assertThat(silentAfterNanos()).isGreaterThan(2_000_000_000L + TickWatch.FIRST_LIMIT_NANOS - STEP);
    }

    @Test
    void doesNotTakeItsOwnPauseForTheWorkersSilence() {
        configure(START, 0);
        frame();

        nowNanos += 60_000_000_000L;

        assertThat(watch.isSilent(nowNanos, false)).isFalse();
    }

    @Test
    void waitsForAReaderThatTakesItsTime() {
        configure(START, 0);
        frame();
        for (int i = 0; i < 100; i++) {
            nowNanos += STEP;
            assertThat(watch.isSilent(nowNanos, true)).isFalse();
        }
    }

    @Test
    void everyFrameStartsTheSecondAnew() {
        configure(START, 0);
        for (int i = 0; i < 100; i++) {
            nowNanos += STEP;
            frame();
            assertThat(watch.isSilent(nowNanos, false)).isFalse();
        }
    }
}
