package dev.understudy.protocol.rtcp;

import java.util.List;

/**
 * When packets arrived, over all streams of one transport (draft-holmer-rmcat-transport-wide-cc-extensions-01 section
 * 3.1).
 *
 * @param feedbackCount 0 to 255, one more with each feedback packet, so that lost ones are noticed
 * @param baseSequence the first transport-wide sequence number it speaks of, 0 to 65 535
 * @param statusCount how many sequence numbers it speaks of from there on, 1 to 65 535; those without an arrival were not
 *     received
 * @param arrivals in ascending order of sequence number, which may wrap
 */
public record TransportFeedback(
        long sender, long media, int feedbackCount, int baseSequence, int statusCount, List<Arrival> arrivals)
        implements RtcpPacket {
    /** The unit of arrival times. */
    public static final long TICK_NANOS = 250_000;

    public TransportFeedback {
        arrivals = List.copyOf(arrivals);
    }

    /**
     * A packet that was received.
     *
     * @param sequenceNumber transport-wide, 0 to 65 535
     * @param ticks when, in 250 µs since an epoch that only the receiver knows; wraps after 2^32, about 12 days
     */
    public record Arrival(int sequenceNumber, long ticks) {}
}
