package dev.understudy.protocol.rtcp;

import dev.understudy.protocol.rtcp.TransportFeedback.Arrival;
import dev.understudy.protocol.rtp.SequenceUnwrapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Notes when packets of one transport arrive, and makes feedback of it for their sender
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). A sender that has negotiated it and hears nothing falls to its
 * lowest rate (seen with Chromium: 30 kbit/s). Sans-IO, confined to one media loop; noting an arrival allocates nothing.
 *
 * <p>Each packet is reported once, with all that are missing before it. One that arrives after later ones were reported
 * is reported in the next feedback, together with those after it once more, as libwebrtc does.
 */
public final class TransportFeedbackRecorder {
    /** A power of two: half a second at 8 000 packets per second, ten times what one publisher sends. */
    static final int WINDOW = 4_096;

    /** Leaves room for reports and requests in the same datagram. */
    public static final int MAX_FEEDBACK_BYTES = 800;

    static final long INTERVAL_NANOS = Duration.ofMillis(100).toNanos();

    /** The most that the chunks can grow by one arrival and the missing packets before it. */
    private static final int MAX_CHUNK_GROWTH_BYTES = 10;

    private static final long NOT_RECEIVED = Long.MIN_VALUE;
    private static final long NEVER = Long.MAX_VALUE;

    private final long sender;

    private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    private final long[] arrivalTicks = new long[WINDOW];
    private long highest = -1;
    private long nextToReport;
    private long dueNanos = NEVER;
    private long lastReportNanos = Long.MIN_VALUE / 2;
    private int feedbackCount;

    /** Starts with nothing to report; {@code sender} is our own SSRC. */
    public TransportFeedbackRecorder(long sender) {
        this.sender = sender;
        Arrays.fill(arrivalTicks, NOT_RECEIVED);
    }

    /** Takes note of an arrival; {@code transportSequence} is what the header extension says, 0 to 65 535. */
    public void received(int transportSequence, long nowNanos) {
        long sequence = unwrapper.unwrap(transportSequence);
        if (highest < 0 || sequence - highest >= WINDOW) {
            startAt(sequence);
        }
        while (highest < sequence) {
            arrivalTicks[slot(++highest)] = NOT_RECEIVED;
        }
        boolean isTooLate = sequence <= highest - WINDOW;
        if (isTooLate || arrivalTicks[slot(sequence)] != NOT_RECEIVED) {
            return;
        }
        arrivalTicks[slot(sequence)] = Math.floorDiv(nowNanos, TransportFeedback.TICK_NANOS);
        nextToReport = Math.max(Math.min(nextToReport, sequence), highest - WINDOW + 1);
        if (dueNanos == NEVER) {
            dueNanos = Math.max(nowNanos, lastReportNanos + INTERVAL_NANOS);
        }
    }

    /** When to call {@link #report} next; {@link Long#MAX_VALUE} while there is nothing to report. */
    public long deadlineNanos() {
        return dueNanos;
    }

    /**
     * The feedback about all that was not reported yet, if it is due: one packet as a rule, more when it does not fit into
     * {@value #MAX_FEEDBACK_BYTES} bytes or when arrivals lie more than 8 s apart.
     *
     * @param media the SSRC of any stream of the transport
     */
    public List<TransportFeedback> report(long media, long nowNanos) {
        if (nowNanos < dueNanos) {
            return List.of();
        }
        List<TransportFeedback> feedbacks = new ArrayList<>(1);
        while (nextToReport <= highest) {
            feedbacks.add(next(media));
        }
        dueNanos = NEVER;
        lastReportNanos = nowNanos;
        return feedbacks;
    }

    private TransportFeedback next(long media) {
        List<Arrival> arrivals = arrivalsForOneFeedback();
        int base = (int) nextToReport & 0xFFFF;
        int statusCount = ((arrivals.getLast().sequenceNumber() - base) & 0xFFFF) + 1;
        nextToReport += statusCount;
        return new TransportFeedback(sender, media, feedbackCount++ & 0xFF, base, statusCount, arrivals);
    }

    /** At least one, because the highest sequence number was received. */
    private List<Arrival> arrivalsForOneFeedback() {
        List<Arrival> arrivals = new ArrayList<>();
        var chunks = new StatusChunks();
        int bytes = TransportFeedbackCodec.HEAD_BYTES;
        long next = nextToReport;
        for (long sequence = nextToReport; sequence <= highest; sequence++) {
            long ticks = arrivalTicks[slot(sequence)];
            if (ticks == NOT_RECEIVED) {
                continue;
            }
            int delta = arrivals.isEmpty()
                    ? 0
                    : TransportFeedbackCodec.delta(arrivals.getLast().ticks(), ticks);
            boolean isFull = bytes + chunks.bytes() + MAX_CHUNK_GROWTH_BYTES + Short.BYTES > MAX_FEEDBACK_BYTES;
            if (isFull || !TransportFeedbackCodec.canWrite(delta)) {
                break;
            }
            chunks.addNotReceived((int) (sequence - next));
            chunks.add(TransportFeedbackCodec.symbol(delta));
            bytes += TransportFeedbackCodec.symbol(delta);
            arrivals.add(new Arrival((int) sequence & 0xFFFF, ticks & 0xFFFFFFFFL));
            next = sequence + 1;
        }
        return arrivals;
    }

    private void startAt(long sequence) {
        Arrays.fill(arrivalTicks, NOT_RECEIVED);
        highest = sequence - 1;
        nextToReport = sequence;
    }

    private static int slot(long sequence) {
        return (int) (sequence & (WINDOW - 1));
    }
}
