package dev.understudy.protocol.rtcp;

import dev.understudy.protocol.rtcp.RtcpPacket.Bye;
import dev.understudy.protocol.rtcp.RtcpPacket.FullIntraRequest;
import dev.understudy.protocol.rtcp.RtcpPacket.Nack;
import dev.understudy.protocol.rtcp.RtcpPacket.PictureLossIndication;
import dev.understudy.protocol.rtcp.RtcpPacket.ReceiverReport;
import dev.understudy.protocol.rtcp.RtcpPacket.ReportBlock;
import dev.understudy.protocol.rtcp.RtcpPacket.SenderReport;
import dev.understudy.protocol.rtcp.RtcpPacket.SourceDescription;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes one RTCP packet: the header, the body, and then the length into the header. */
final class RtcpWriter {
    private RtcpWriter() {}

    static void write(RtcpPacket packet, ByteBuffer into) {
        int start = into.position();
        into.putInt(0);
        switch (packet) {
            case SenderReport report -> senderReport(report, start, into);
            case ReceiverReport report -> receiverReport(report, start, into);
            case SourceDescription description -> sourceDescription(description, start, into);
            case Bye bye -> bye(bye, start, into);
            case Nack nack -> nack(nack, start, into);
            case PictureLossIndication(long sender, long media) -> {
                header(into, start, RtcpCompound.PICTURE_LOSS, RtcpCompound.PAYLOAD_SPECIFIC_FEEDBACK);
                into.putInt((int) sender).putInt((int) media);
            }
            case FullIntraRequest request -> fullIntraRequest(request, start, into);
            case TransportFeedback feedback -> {
                header(into, start, RtcpCompound.TRANSPORT_WIDE, RtcpCompound.TRANSPORT_LAYER_FEEDBACK);
                TransportFeedbackCodec.writeBody(feedback, into);
            }
        }
        padToWord(start, into);
        into.putShort(start + 2, (short) ((into.position() - start) / Integer.BYTES - 1));
    }

    private static void header(ByteBuffer into, int start, int count, int type) {
        into.put(start, (byte) (0x80 | count)).put(start + 1, (byte) type);
    }

    /** Zeros that belong to the packet's own format, not RTCP padding. */
    private static void padToWord(int start, ByteBuffer into) {
        while ((into.position() - start) % Integer.BYTES != 0) {
            into.put((byte) 0);
        }
    }

    private static void senderReport(SenderReport report, int start, ByteBuffer into) {
        header(into, start, report.blocks().size(), RtcpCompound.SENDER_REPORT);
        into.putInt((int) report.ssrc()).putLong(report.ntpTimestamp()).putInt((int) report.rtpTimestamp());
        into.putInt((int) report.packetCount()).putInt((int) report.octetCount());
        report.blocks().forEach(block -> reportBlock(block, into));
    }

    private static void receiverReport(ReceiverReport report, int start, ByteBuffer into) {
        header(into, start, report.blocks().size(), RtcpCompound.RECEIVER_REPORT);
        into.putInt((int) report.ssrc());
        report.blocks().forEach(block -> reportBlock(block, into));
    }

    private static void reportBlock(ReportBlock block, ByteBuffer into) {
        into.putInt((int) block.ssrc());
        into.putInt((block.fractionLost() << 24) | (block.cumulativeLost() & 0xFFFFFF));
        into.putInt((int) block.highestSequence()).putInt((int) block.jitter());
        into.putInt((int) block.lastSenderReport()).putInt((int) block.delaySinceLastSenderReport());
    }

    private static void sourceDescription(SourceDescription description, int start, ByteBuffer into) {
        header(into, start, description.chunks().size(), RtcpCompound.SOURCE_DESCRIPTION);
        for (SourceDescription.Chunk chunk : description.chunks()) {
            byte[] name = chunk.canonicalName().getBytes(StandardCharsets.UTF_8);
            into.putInt((int) chunk.ssrc());
            into.put((byte) RtcpReader.CANONICAL_NAME)
                    .put((byte) name.length)
                    .put(name)
                    .put((byte) 0);
            padToWord(start, into);
        }
    }

    private static void bye(Bye bye, int start, ByteBuffer into) {
        header(into, start, bye.ssrcs().size(), RtcpCompound.BYE);
        bye.ssrcs().forEach(ssrc -> into.putInt((int) (long) ssrc));
    }

    private static void nack(Nack nack, int start, ByteBuffer into) {
        header(into, start, RtcpCompound.GENERIC_NACK, RtcpCompound.TRANSPORT_LAYER_FEEDBACK);
        into.putInt((int) nack.sender()).putInt((int) nack.media());
        List<Integer> numbers = nack.sequenceNumbers();
        for (int i = 0; i < numbers.size(); ) {
            int first = numbers.get(i++);
            int following = 0;
            while (i < numbers.size() && isWithin16Behind(numbers.get(i), first)) {
                following |= 1 << (distance(first, numbers.get(i++)) - 1);
            }
            into.putShort((short) first).putShort((short) following);
        }
    }

    private static boolean isWithin16Behind(int sequenceNumber, int first) {
        int distance = distance(first, sequenceNumber);
        return distance >= 1 && distance <= Short.SIZE;
    }

    private static int distance(int from, int to) {
        return (to - from) & 0xFFFF;
    }

    private static void fullIntraRequest(FullIntraRequest request, int start, ByteBuffer into) {
        header(into, start, RtcpCompound.FULL_INTRA, RtcpCompound.PAYLOAD_SPECIFIC_FEEDBACK);
        into.putInt((int) request.sender()).putInt(0);
        for (FullIntraRequest.Entry entry : request.entries()) {
            into.putInt((int) entry.media()).putInt(entry.commandSequence() << 24);
        }
    }
}
