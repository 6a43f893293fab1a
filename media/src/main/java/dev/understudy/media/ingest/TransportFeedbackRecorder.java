package dev.understudy.media.ingest;

import dev.understudy.protocol.rtcp.TransportFeedback;
import dev.understudy.protocol.rtp.SequenceUnwrapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Remembers when the packets of one transport arrived, and reports it every 100 ms (transport-wide congestion control,
 * draft-holmer-rmcat-transport-wide-cc-extensions-01).
 *
 * <p>A sender that has negotiated it and hears nothing falls to its lowest rate (seen with Chromium: 30 kbit/s). Arrivals
 * lie in a ring by sequence number; a packet that comes late is reported with all that followed it once more, as other
 * receivers do. Sans-IO, confined to one media loop.
 */
public final class TransportFeedbackRecorder {
    static final long INTERVAL_NANOS = Duration.ofMillis(100).toNanos();

    /** A power of two; more packets than one publisher sends in a second. */
    static final int WINDOW = 4_096;

    /** So many fit into 1200 bytes in their largest form, other packets beside them: 3 bytes each. */
    static final int MAX_ARRIVALS = 300;

    /** Two neighbours may be at most 2^15 ticks apart, 8.2 s; a feedback ends before such a pause. */
    private static final long MAX_DELTA_TICKS = Short.MAX_VALUE;

    private static final long NOTHING = Long.MAX_VALUE;

    private final long senderSsrc;
    private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    private final long[] sequences = new long[WINDOW];
    private final long[] arrivedAtTicks = new long[WINDOW];
    private long highest = -1;
    private long firstToReport = NOTHING;
    private long dueNanos = NOTHING;
    private long lastReportNanos = Long.MIN_VALUE / 2;
    private int feedbackCount;

    /** Starts with nothing to report; {@code senderSsrc} is our own. */
    public TransportFeedbackRecorder(long senderSsrc) {
        this.senderSsrc = senderSsrc;
        Arrays.fill(sequences, -1);
    }

    /** Takes note of an arrival; {@code sequenceNumber} is transport-wide and has 16 bits. */
    public void received(int sequenceNumber, long nowNanos) {
        long sequence = unwrapper.unwrap(sequenceNumber);
        if (highest >= 0 && sequence <= highest - WINDOW) {
            return;
        }
        int slot = slot(sequence);
        if (sequences[slot] == sequence) {
            return;
        }
        sequences[slot] = sequence;
        arrivedAtTicks[slot] = nowNanos / TransportFeedback.TICK_NANOS;
        highest = Math.max(highest, sequence);
        firstToReport = Math.max(Math.min(firstToReport, sequence), highest - WINDOW + 1);
        if (dueNanos == NOTHING) {
            dueNanos = Math.max(nowNanos, lastReportNanos + INTERVAL_NANOS);
        }
    }

    /** When to call {@link #report} next; {@link Long#MAX_VALUE} while there is nothing to report. */
    public long deadlineNanos() {
        return dueNanos;
    }

    /**
     * What arrived since the report before; mostly one feedback, more after a burst.
     *
     * @param mediaSsrc any stream of the transport
     */
    public List<TransportFeedback> report(long mediaSsrc, long nowNanos) {
        if (nowNanos < dueNanos) {
            return List.of();
        }
        List<TransportFeedback> feedbacks = new ArrayList<>(1);
        while (firstToReport <= highest) {
            feedbacks.add(nextFeedback(mediaSsrc));
        }
        firstToReport = NOTHING;
        dueNanos = NOTHING;
        lastReportNanos = nowNanos;
        return feedbacks;
    }

    /** Speaks of one packet at least, and moves {@link #firstToReport} behind the last it speaks of. */
    private TransportFeedback nextFeedback(long mediaSsrc) {
        List<TransportFeedback.Arrival> arrivals = new ArrayList<>();
        long base = firstToReport;
        long next = base;
        while (next <= highest && arrivals.size() < MAX_ARRIVALS) {
            int slot = slot(next);
            if (sequences[slot] == next) {
                long ticks = arrivedAtTicks[slot];
                if (!arrivals.isEmpty() && Math.abs(ticks - arrivals.getLast().ticks()) > MAX_DELTA_TICKS) {
                    break;
                }
                arrivals.add(new TransportFeedback.Arrival((int) (next & 0xFFFF), ticks));
            }
            next++;
        }
        firstToReport = next;
        int count = feedbackCount;
        feedbackCount = feedbackCount + 1 & 0xFF;
        return new TransportFeedback(
                senderSsrc, mediaSsrc, count, (int) (base & 0xFFFF), (int) (next - base), arrivals);
    }

    private static int slot(long sequence) {
        return (int) (sequence & (WINDOW - 1));
    }
}
