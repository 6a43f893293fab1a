package dev.understudy.media.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlayoutClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long DELAY = 250 * MILLI;
    private static final long PACKET = 20 * MILLI;
    private static final long NTP_ORIGIN_SECONDS = 3_900_000_000L;

    private final PublisherClock publisher = new PublisherClock();
    private final PlayoutClock audio = new PlayoutClock(48_000, DELAY, false, publisher);
    private final SplittableRandom random = new SplittableRandom(7);

    @ParameterizedTest(name = "RTP clock {0} ppm off the wall clock, wall clock {1} ppm off the node''s")
    @CsvSource({"0, 0", "50, 0", "-200, 0", "0, 100", "0, -100", "150, -80", "-300, 200"})
    void anHourOfDriftIsFollowedSlowly(int rtpPpm, int wallPpm) {
        double wallRate = 1 + wallPpm / 1e6;
        double rtpRate = wallRate * (1 + rtpPpm / 1e6);
        long last = Long.MIN_VALUE;
        long lastCaptured = 0;
        for (long captured = 0; captured < 3_600 * SECOND; captured += PACKET) {
            long timestamp = Math.round(captured / 1e9 * rtpRate * 48_000);
            audio.received(timestamp, captured + 10 * MILLI + random.nextLong(15 * MILLI));
            if (captured % (5 * SECOND) == 0) {
                audio.reported(ntp(Math.round(captured * wallRate)), timestamp);
            }

            long playout = audio.playoutNanos(timestamp);
            assertThat(playout).isCloseTo(captured + 10 * MILLI + DELAY, within(18 * MILLI));
            if (captured > 0) {
                long step = playout - last - (captured - lastCaptured);
                assertThat(step).isBetween(-PACKET / 100, PACKET / 100);
            }
            last = playout;
            lastCaptured = captured;
        }
    }

    @Test
    void beforeAnyReportArrivalDecides() {
        audio.received(960, 100 * MILLI);
        audio.received(1_920, 119 * MILLI);

        assertThat(audio.playoutNanos(960)).isCloseTo(350 * MILLI, within(MILLI));
        assertThat(audio.timestampAt(350 * MILLI)).isCloseTo(960, within(48.0));
    }

    @Test
    void theFirstReportBringsVideoInStepAtOnce() {
        PlayoutClock video = new PlayoutClock(90_000, DELAY, true, publisher);
        for (long captured = 0; captured < 3 * SECOND; captured += PACKET) {
            audio.received(captured / 1_000 * 48 / 1_000, captured + 10 * MILLI);
            video.received(captured / 1_000 * 90 / 1_000, captured + 90 * MILLI);
        }
        long before = video.playoutNanos(270_000);
        audio.reported(ntp(2 * SECOND), 96_000);
        video.reported(ntp(2 * SECOND), 180_000);
        video.received(270_000, 3 * SECOND + 90 * MILLI);

        assertThat(before).isCloseTo(3 * SECOND + 90 * MILLI + DELAY, within(MILLI));
        assertThat(video.playoutNanos(270_000)).isCloseTo(3 * SECOND + 10 * MILLI + DELAY, within(MILLI));
    }

    @Test
    void aReportThatComesLateStillRefersToItsOwnMoment() {
        for (long captured = 0; captured < 10 * SECOND; captured += PACKET) {
            audio.received(captured / 1_000 * 48 / 1_000, captured + 10 * MILLI);
        }
        long before = audio.playoutNanos(480_000);
        audio.reported(ntp(3 * SECOND), 144_000);
        audio.received(480_000, 10 * SECOND + 10 * MILLI);

        assertThat(audio.playoutNanos(480_000)).isCloseTo(before, within(MILLI));
    }

    @ParameterizedTest(name = "pause of {0} s, RTP clock went on: {1}")
    @CsvSource({"3, true", "3, false", "60, true", "60, false", "4000, true", "4000, false"})
    void aLongPauseIsOverWithinOneAndAHalfSeconds(long pauseSeconds, boolean clockWentOn) {
        for (long captured = 0; captured < 20 * SECOND; captured += PACKET) {
            audio.received(captured / 1_000 * 48 / 1_000, captured + 10 * MILLI);
        }
        audio.reported(ntp(19 * SECOND), 19 * 48_000);
        long pause = pauseSeconds * SECOND;
        long timestamp = 0;
        long captured = 20 * SECOND + pause;
        for (; captured < 22 * SECOND + pause; captured += PACKET) {
            timestamp = (clockWentOn ? captured : captured - pause) / 1_000 * 48 / 1_000;
            audio.received(timestamp, captured + 10 * MILLI);
            if (captured > 21 * SECOND + pause + SECOND / 2) {
                assertThat(audio.playoutNanos(timestamp)).isCloseTo(captured + 10 * MILLI + DELAY, within(6 * MILLI));
            }
        }
    }

    @Test
    void aBurstAfterAStallDoesNotMoveTheClock() {
        long timestamp = 0;
        for (long captured = 0; captured < 20 * SECOND; captured += PACKET) {
            timestamp = captured / 1_000 * 48 / 1_000;
            boolean isStalled = captured > 10 * SECOND && captured < 11 * SECOND;
            audio.received(timestamp, (isStalled ? 11 * SECOND : captured) + 10 * MILLI);
        }

        assertThat(audio.playoutNanos(timestamp)).isCloseTo(20 * SECOND - PACKET + 10 * MILLI + DELAY, within(MILLI));
    }

    @Test
    void aSenderWhoseWallClockIsSetPlaysOn() {
        for (long captured = 0; captured < 60 * SECOND; captured += PACKET) {
            long timestamp = captured / 1_000 * 48 / 1_000;
            audio.received(timestamp, captured + 10 * MILLI);
            if (captured % (5 * SECOND) == 0) {
                audio.reported(ntp(captured < 30 * SECOND ? captured : captured + 3_600 * SECOND), timestamp);
            }
            assertThat(audio.playoutNanos(timestamp)).isCloseTo(captured + 10 * MILLI + DELAY, within(MILLI));
        }
    }

    private static long ntp(long nanos) {
        return ((NTP_ORIGIN_SECONDS + nanos / SECOND) << 32) | (((nanos % SECOND) << 32) / SECOND);
    }
}
