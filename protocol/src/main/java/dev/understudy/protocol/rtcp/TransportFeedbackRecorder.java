package dev.understudy.protocol.rtcp;

import dev.understudy.protocol.rtcp.TransportFeedback.Arrival;
import dev.understudy.protocol.rtp.SequenceUnwrapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Notes when packets of one transport arrive, and makes feedback of it for their sender
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). Confined to one media loop; noting an arrival allocates nothing.
 *
 * <p>Each packet is reported once, with all that are missing before it. One that arrives after later ones were reported
 * is reported in the next feedback, together with those after it once more, as libwebrtc does.
 */
public final class TransportFeedbackRecorder {
    /** A power of two: half a second at 8 000 packets per second, ten times what one publisher sends. */
    static final int WINDOW = 4_096;

    /** What fits every path, with SRTCP's trailer. */
    static final int MAX_FEEDBACK_BYTES = 1_200;

    /** The most that the chunks can grow by one arrival and the missing packets before it. */
    private static final int MAX_CHUNK_GROWTH_BYTES = 10;

    private static final long NOT_RECEIVED = Long.MIN_VALUE;

    private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    private final long[] arrivalTicks = new long[WINDOW];
    private long highest = -1;
    private long nextToReport;
    private int feedbackCount;

    public TransportFeedbackRecorder() {
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
    }

    /** Whether {@link #take} has anything to say. */
    public boolean hasNews() {
        return nextToReport <= highest;
    }

    /**
     * The feedback about all that was not reported yet: one packet as a rule, more when it does not fit into
     * {@value #MAX_FEEDBACK_BYTES} bytes or when arrivals lie more than 8 s apart; none when there is no news.
     */
    public List<TransportFeedback> take(long sender, long media) {
        List<TransportFeedback> feedbacks = new ArrayList<>();
        while (hasNews()) {
            feedbacks.add(next(sender, media));
        }
        return feedbacks;
    }

    private TransportFeedback next(long sender, long media) {
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
