package dev.understudy.media.ingest;

import dev.understudy.protocol.rtcp.RtcpPacket.ReportBlock;
import java.time.Duration;

/**
 * How one RTP stream arrives, as receiver reports tell it (RFC 3550 sections 6.4.1, A.3 and A.8).
 *
 * <p>Counts what came in the stream itself: a packet that only a retransmission brought was still lost on the way, and
 * the sender should know. Confined to one media loop.
 */
final class ReceptionStatistics {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    /** Cumulative loss has 24 bits with sign. */
    private static final long MAX_CUMULATIVE_LOST = 0x7F_FFFF;

    private static final long NONE = Long.MIN_VALUE;

    private final long ssrc;
    private final int clockRateHz;
    private long firstSequence = -1;
    private long highestSequence;
    private long received;
    private long expectedAtLastReport;
    private long receivedAtLastReport;
    private long firstArrivalNanos;
    private long lastTransit = NONE;

    /** In ticks, times 16, as in RFC 3550 section A.8. */
    private long scaledJitter;

    private long senderReportMiddle;
    private long senderReportNanos = NONE;

    ReceptionStatistics(long ssrc, int clockRateHz) {
        this.ssrc = ssrc;
        this.clockRateHz = clockRateHz;
    }

    /** Takes note of a packet that is no duplicate; {@code sequence} is unwrapped. */
    void received(long sequence, long rtpTimestamp, long arrivalNanos) {
        if (firstSequence < 0) {
            firstSequence = sequence;
            highestSequence = sequence;
            firstArrivalNanos = arrivalNanos;
        }
        highestSequence = Math.max(highestSequence, sequence);
        received++;
        updateJitter(rtpTimestamp, arrivalNanos);
    }

    /** Differences are taken in 32 bits, so that a wrapped timestamp is no jitter. */
    private void updateJitter(long rtpTimestamp, long arrivalNanos) {
        long transit = ticks(arrivalNanos - firstArrivalNanos) - rtpTimestamp;
        if (lastTransit != NONE) {
            long difference = Math.abs((long) (int) (transit - lastTransit));
            scaledJitter += difference - ((scaledJitter + 8) >> 4);
        }
        lastTransit = transit;
    }

    private long ticks(long nanos) {
        return nanos / SECOND_NANOS * clockRateHz + nanos % SECOND_NANOS * clockRateHz / SECOND_NANOS;
    }

    void senderReport(long ntpTimestamp, long nowNanos) {
        senderReportMiddle = ntpTimestamp >>> 16 & 0xFFFF_FFFFL;
        senderReportNanos = nowNanos;
    }

    /** The block for the next receiver report; the fraction lost is that since the call before. */
    ReportBlock report(long nowNanos) {
        long expected = expected();
        long expectedNow = expected - expectedAtLastReport;
        long lostNow = expectedNow - (received - receivedAtLastReport);
        expectedAtLastReport = expected;
        receivedAtLastReport = received;
        int fractionLost = expectedNow <= 0 || lostNow <= 0 ? 0 : (int) Math.min(255, (lostNow << 8) / expectedNow);
        return new ReportBlock(
                ssrc,
                fractionLost,
                (int) Math.clamp(lost(), 0, MAX_CUMULATIVE_LOST),
                extendedHighest() & 0xFFFF_FFFFL,
                scaledJitter >> 4,
                senderReportNanos == NONE ? 0 : senderReportMiddle,
                senderReportNanos == NONE ? 0 : delaySinceSenderReport(nowNanos));
    }

    /** Cycles are counted from the first packet on. */
    private long extendedHighest() {
        return firstSequence < 0 ? 0 : highestSequence - (firstSequence & ~0xFFFFL);
    }

    /** In 1/65 536 s. */
    private long delaySinceSenderReport(long nowNanos) {
        return ((nowNanos - senderReportNanos) / 1_000 * 65_536 / 1_000_000) & 0xFFFF_FFFFL;
    }

    private long expected() {
        return firstSequence < 0 ? 0 : highestSequence - firstSequence + 1;
    }

    /** Lost on the way, retransmitted or not; below zero when packets older than the first came late. */
    long lost() {
        return expected() - received;
    }

    Duration jitter() {
        return Duration.ofNanos((scaledJitter >> 4) * SECOND_NANOS / clockRateHz);
    }
}
