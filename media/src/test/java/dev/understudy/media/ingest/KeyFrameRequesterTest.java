package dev.understudy.media.ingest;

import static dev.understudy.media.ingest.KeyFrameRequester.INTERVAL_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyFrameRequesterTest {
    private final KeyFrameRequester requester = new KeyFrameRequester();

    @Test
    void isSilentUntilSomebodyAsks() {
        assertThat(requester.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(requester.isDue(1_000)).isFalse();
    }

    @Test
    void asksAtOnceAndRepeatsUntilAKeyFrameBegins() {
        requester.request(10, 0);

        assertThat(requester.isDue(0)).isTrue();
        assertThat(requester.isDue(INTERVAL_NANOS - 1)).isFalse();
        assertThat(requester.isDue(INTERVAL_NANOS)).isTrue();

        requester.keyFrameBegan(11);

        assertThat(requester.isDue(10 * INTERVAL_NANOS)).isFalse();
        assertThat(requester.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void mergesAllWhoAsk() {
        for (int consumer = 0; consumer < 100; consumer++) {
            requester.request(10, consumer);
        }

        assertThat(requester.isDue(100)).isTrue();
        assertThat(requester.isDue(101)).isFalse();
    }

    @Test
    void keepsTheIntervalAlsoAfterAnAnswer() {
        requester.request(10, 0);
        assertThat(requester.isDue(0)).isTrue();
        requester.keyFrameBegan(11);
        requester.request(12, 1);

        assertThat(requester.deadlineNanos()).isEqualTo(INTERVAL_NANOS);
        assertThat(requester.isDue(1)).isFalse();
        assertThat(requester.isDue(INTERVAL_NANOS)).isTrue();
    }

    @Test
    void takesNoLatePacketOfAnEarlierKeyFrameForAnAnswer() {
        requester.request(10, 0);
        requester.keyFrameBegan(9);

        assertThat(requester.isDue(0)).isTrue();
    }
}
