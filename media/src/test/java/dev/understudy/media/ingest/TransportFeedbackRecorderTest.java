package dev.understudy.media.ingest;

import static dev.understudy.media.ingest.TransportFeedbackRecorder.INTERVAL_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.rtcp.RtcpCompound;
import dev.understudy.protocol.rtcp.TransportFeedback;
import dev.understudy.protocol.rtcp.TransportFeedback.Arrival;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TransportFeedbackRecorderTest {
    private static final long TICK = TransportFeedback.TICK_NANOS;

    private final TransportFeedbackRecorder recorder = new TransportFeedbackRecorder(1);

    @Test
    void hasNothingToSayBeforeTheFirstPacket() {
        assertThat(recorder.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(recorder.report(7, INTERVAL_NANOS)).isEmpty();
    }

    @Test
    void reportsWhatCameAndWhatDidNot() {
        recorder.received(65_534, 4 * TICK);
        recorder.received(65_535, 5 * TICK);
        recorder.received(1, 9 * TICK);

        assertThat(recorder.report(7, INTERVAL_NANOS))
                .containsExactly(new TransportFeedback(
                        1,
                        7,
                        0,
                        65_534,
                        4,
                        List.of(new Arrival(65_534, 4), new Arrival(65_535, 5), new Arrival(1, 9))));
    }

    @Test
    void reportsEachHundredMilliseconds() {
        recorder.received(1, 0);
        assertThat(recorder.report(7, 0)).hasSize(1);
        recorder.received(2, 10);

        assertThat(recorder.deadlineNanos()).isEqualTo(INTERVAL_NANOS);
        assertThat(recorder.report(7, INTERVAL_NANOS - 1)).isEmpty();
        assertThat(recorder.report(7, INTERVAL_NANOS))
                .containsExactly(new TransportFeedback(1, 7, 1, 2, 1, List.of(new Arrival(2, 0))));
        assertThat(recorder.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void reportsALatePacketWithWhatFollowedIt() {
        recorder.received(1, 0);
        recorder.received(3, 0);
        recorder.report(7, 0);
        recorder.received(2, 8 * TICK);

        assertThat(recorder.report(7, INTERVAL_NANOS))
                .containsExactly(new TransportFeedback(1, 7, 1, 2, 2, List.of(new Arrival(2, 8), new Arrival(3, 0))));
    }

    @Test
    void endsAFeedbackBeforeAPauseThatItCannotTell() {
        recorder.received(1, 0);
        recorder.received(2, 40_000 * TICK);

        assertThat(recorder.report(7, 40_000 * TICK))
                .extracting(TransportFeedback::baseSequence)
                .containsExactly(1, 2);
    }

    @RepeatedTest(50)
    void alwaysFitsADatagram(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        long now = 0;
        int sequence = 0;
        for (int i = 0; i < 3_000; i++) {
            sequence += random.nextInt(20) == 0 ? random.nextInt(5_000) : random.nextInt(3);
            now += random.nextLong(20 * TICK);
            recorder.received(sequence & 0xFFFF, now);
        }

        int arrivals = 0;
        for (TransportFeedback feedback : recorder.report(7, now)) {
            ByteBuffer datagram = ByteBuffer.allocate(900);
            RtcpCompound.write(List.of(feedback), datagram);
            assertThat(RtcpCompound.parse(datagram.flip())).containsExactly(feedback);
            arrivals += feedback.arrivals().size();
        }
        assertThat(arrivals).isBetween(1, TransportFeedbackRecorder.WINDOW);
    }
}
