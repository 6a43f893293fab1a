package dev.understudy.protocol.rtcp;

import java.util.List;

/**
 * One RTCP packet that this program understands. All are immutable; an SSRC has 32 bits, and {@code sender} is the SSRC
 * of whoever sends the packet, {@code media} that of the stream it speaks of.
 */
public sealed interface RtcpPacket
        permits RtcpPacket.SenderReport,
                RtcpPacket.ReceiverReport,
                RtcpPacket.SourceDescription,
                RtcpPacket.Bye,
                RtcpPacket.Nack,
                RtcpPacket.PictureLossIndication,
                RtcpPacket.FullIntraRequest,
                TransportFeedback {

    /** Blocks in one report: the count has five bits (RFC 3550 section 6.4.1). */
    int MAX_COUNT = 31;

    /**
     * What a sender has sent, and which moment its RTP timestamps mean (RFC 3550 section 6.4.1).
     *
     * @param ntpTimestamp seconds since 1900 in the upper 32 bits, their fraction in the lower
     * @param rtpTimestamp the same moment in the ticks of the stream, 32 bits
     * @param packetCount since the start, 32 bits
     * @param octetCount of payload, 32 bits
     */
    record SenderReport(
            long ssrc,
            long ntpTimestamp,
            long rtpTimestamp,
            long packetCount,
            long octetCount,
            List<ReportBlock> blocks)
            implements RtcpPacket {
        public SenderReport {
            blocks = atMostMaxCount(blocks);
        }
    }

    /** What a receiver has received (RFC 3550 section 6.4.2). */
    record ReceiverReport(long ssrc, List<ReportBlock> blocks) implements RtcpPacket {
        public ReceiverReport {
            blocks = atMostMaxCount(blocks);
        }
    }

    /**
     * How one stream arrives (RFC 3550 section 6.4.1).
     *
     * @param fractionLost since the last report, in 256ths: 0 to 255
     * @param cumulativeLost since the start, -8 388 608 to 8 388 607; negative when packets came twice
     * @param highestSequence the cycles of the sequence number in the upper 16 bits, the highest one in the lower
     * @param jitter in ticks of the stream
     * @param lastSenderReport the middle 32 bits of its NTP timestamp; 0 when there was none
     * @param delaySinceLastSenderReport in 65536ths of a second
     */
    record ReportBlock(
            long ssrc,
            int fractionLost,
            int cumulativeLost,
            long highestSequence,
            long jitter,
            long lastSenderReport,
            long delaySinceLastSenderReport) {}

    /** Who is behind the streams (RFC 3550 section 6.5); of all items only the canonical name is kept. */
    record SourceDescription(List<Chunk> chunks) implements RtcpPacket {
        public SourceDescription {
            chunks = atMostMaxCount(chunks);
        }

        /** A stream and its canonical name: at most 255 bytes in UTF-8, empty when none was sent. */
        public record Chunk(long ssrc, String canonicalName) {}
    }

    /** These streams end (RFC 3550 section 6.6). A reason is not kept. */
    record Bye(List<Long> ssrcs) implements RtcpPacket {
        public Bye {
            ssrcs = atMostMaxCount(ssrcs);
        }
    }

    /**
     * Packets to send again (generic NACK, RFC 4585 section 6.2.1).
     *
     * @param sequenceNumbers 0 to 65 535 each, in ascending order, which may wrap
     */
    record Nack(long sender, long media, List<Integer> sequenceNumbers) implements RtcpPacket {
        public Nack {
            sequenceNumbers = List.copyOf(sequenceNumbers);
        }
    }

    /** A request for a key frame (RFC 4585 section 6.3.1). */
    record PictureLossIndication(long sender, long media) implements RtcpPacket {}

    /** Requests for key frames (RFC 5104 section 4.3.1). */
    record FullIntraRequest(long sender, List<Entry> entries) implements RtcpPacket {
        public FullIntraRequest {
            entries = List.copyOf(entries);
        }

        /** One request; {@code commandSequence}, 0 to 255, is the same when it is repeated. */
        public record Entry(long media, int commandSequence) {}
    }

    private static <T> List<T> atMostMaxCount(List<T> list) {
        if (list.size() > MAX_COUNT) {
            throw new IllegalArgumentException(list.size() + " entries in one RTCP packet, at most " + MAX_COUNT);
        }
        return List.copyOf(list);
    }
}
