package dev.understudy.media.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.rtcp.RtcpPacket.ReportBlock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReceptionStatisticsTest {
    private static final long MILLI = 1_000_000;

    private final ReceptionStatistics statistics = new ReceptionStatistics(5, 90_000);

    @Test
    void reportsLossSinceTheReportBeforeAndInTotal() {
        statistics.received(65_536 + 65_533, 0, 0);
        statistics.received(65_536 + 65_534, 0, 0);
        statistics.received(2 * 65_536, 0, 0);

        assertThat(statistics.report(0)).isEqualTo(new ReportBlock(5, 64, 1, 65_536, 0, 0, 0));
        statistics.received(2 * 65_536 + 1, 0, 0);
        assertThat(statistics.report(0)).isEqualTo(new ReportBlock(5, 0, 1, 65_537, 0, 0, 0));
    }

    @Test
    void tellsTheSenderHowLongItsReportHasLain() {
        statistics.received(1, 0, 0);
        statistics.senderReport(0x1122_3344_5566_7788L, 100 * MILLI);

        ReportBlock block = statistics.report(600 * MILLI);

        assertThat(block.lastSenderReport()).isEqualTo(0x3344_5566L);
        assertThat(block.delaySinceLastSenderReport()).isEqualTo(32_768);
    }

    @Test
    void hasNoJitterWherePacketsComeAsTheyWereSent() {
        long start = 1L << 60;
        for (int i = 0; i < 1_000; i++) {
            statistics.received(i, (0xFFFF_FF00L + i * 90L) & 0xFFFF_FFFFL, start + i * MILLI);
        }

        assertThat(statistics.jitter()).isEqualTo(Duration.ZERO);
    }

    @Test
    void jitterNearsTheMeanDifference() {
        for (int i = 0; i < 1_000; i++) {
            statistics.received(i, i * 900L, i * 10L * MILLI + i % 2 * 4L * MILLI);
        }

        assertThat(statistics.jitter()).isBetween(Duration.ofNanos(3_800_000), Duration.ofNanos(4_000_000));
    }
}
