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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one RTCP packet of a known type. */
final class RtcpReader {
    static final int SENDER_INFO_BYTES = 24;
    static final int REPORT_BLOCK_BYTES = 24;
    static final int FEEDBACK_HEADER_BYTES = 12;
    static final int CANONICAL_NAME = 1;

    private RtcpReader() {}

    /** Reads a packet that begins with its header and is as long as it says; null when it is malformed. */
    static @Nullable RtcpPacket read(ByteBuffer packet) {
        int count = RtcpCompound.count(packet);
        return switch (RtcpCompound.type(packet)) {
            case RtcpCompound.SENDER_REPORT -> senderReport(packet, count);
            case RtcpCompound.RECEIVER_REPORT -> receiverReport(packet, count);
            case RtcpCompound.SOURCE_DESCRIPTION -> sourceDescription(packet, count);
            case RtcpCompound.BYE -> bye(packet, count);
            default -> packet.limit() < FEEDBACK_HEADER_BYTES ? null : feedback(packet, count);
        };
    }

    private static @Nullable RtcpPacket feedback(ByteBuffer packet, int format) {
        if (RtcpCompound.type(packet) == RtcpCompound.PAYLOAD_SPECIFIC_FEEDBACK) {
            return format == RtcpCompound.PICTURE_LOSS
                    ? new PictureLossIndication(unsigned(packet, 4), unsigned(packet, 8))
                    : fullIntraRequest(packet);
        }
        return format == RtcpCompound.GENERIC_NACK ? nack(packet) : TransportFeedbackCodec.read(packet);
    }

    private static @Nullable RtcpPacket senderReport(ByteBuffer packet, int count) {
        int blocks = RtcpCompound.HEADER_BYTES + SENDER_INFO_BYTES;
        if (packet.limit() < blocks + count * REPORT_BLOCK_BYTES) {
            return null;
        }
        return new SenderReport(
                unsigned(packet, 4),
                packet.getLong(8),
                unsigned(packet, 16),
                unsigned(packet, 20),
                unsigned(packet, 24),
                reportBlocks(packet, blocks, count));
    }

    private static @Nullable RtcpPacket receiverReport(ByteBuffer packet, int count) {
        int blocks = RtcpCompound.HEADER_BYTES + Integer.BYTES;
        if (packet.limit() < blocks + count * REPORT_BLOCK_BYTES) {
            return null;
        }
        return new ReceiverReport(unsigned(packet, 4), reportBlocks(packet, blocks, count));
    }

    private static List<ReportBlock> reportBlocks(ByteBuffer packet, int start, int count) {
        List<ReportBlock> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(reportBlock(packet, start + i * REPORT_BLOCK_BYTES));
        }
        return blocks;
    }

    private static ReportBlock reportBlock(ByteBuffer packet, int at) {
        int lost = packet.getInt(at + 4);
        return new ReportBlock(
                unsigned(packet, at),
                lost >>> 24,
                (lost << 8) >> 8,
                unsigned(packet, at + 8),
                unsigned(packet, at + 12),
                unsigned(packet, at + 16),
                unsigned(packet, at + 20));
    }

    private static @Nullable RtcpPacket sourceDescription(ByteBuffer packet, int count) {
        ByteBuffer body = packet.duplicate().position(RtcpCompound.HEADER_BYTES);
        List<SourceDescription.Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SourceDescription.Chunk chunk = chunk(body);
            if (chunk == null) {
                return null;
            }
            chunks.add(chunk);
        }
        return new SourceDescription(chunks);
    }

    /** An SSRC, items of type, length and text, a zero, and zeros up to the next word (RFC 3550 section 6.5). */
    private static SourceDescription.@Nullable Chunk chunk(ByteBuffer body) {
        if (body.remaining() < 2 * Integer.BYTES) {
            return null;
        }
        long ssrc = Integer.toUnsignedLong(body.getInt());
        String canonicalName = "";
        while (body.hasRemaining()) {
            int item = body.get();
            if (item == 0) {
                body.position(Math.min(body.limit(), Math.ceilDiv(body.position(), Integer.BYTES) * Integer.BYTES));
                return new SourceDescription.Chunk(ssrc, canonicalName);
            }
            int length = body.hasRemaining() ? body.get() & 0xFF : Integer.MAX_VALUE;
            if (length > body.remaining()) {
                return null;
            }
            byte[] text = new byte[length];
            body.get(text);
            canonicalName = item == CANONICAL_NAME ? new String(text, StandardCharsets.UTF_8) : canonicalName;
        }
        return null;
    }

    private static @Nullable RtcpPacket bye(ByteBuffer packet, int count) {
        if (packet.limit() < RtcpCompound.HEADER_BYTES + count * Integer.BYTES) {
            return null;
        }
        List<Long> ssrcs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ssrcs.add(unsigned(packet, RtcpCompound.HEADER_BYTES + i * Integer.BYTES));
        }
        return new Bye(ssrcs);
    }

    /** Each entry is a sequence number and a mask of the 16 that follow it (RFC 4585 section 6.2.1). */
    private static RtcpPacket nack(ByteBuffer packet) {
        List<Integer> sequenceNumbers = new ArrayList<>();
        for (int at = FEEDBACK_HEADER_BYTES; at + Integer.BYTES <= packet.limit(); at += Integer.BYTES) {
            int first = Short.toUnsignedInt(packet.getShort(at));
            int following = Short.toUnsignedInt(packet.getShort(at + 2));
            sequenceNumbers.add(first);
            for (int i = 0; i < Short.SIZE; i++) {
                if (((following >>> i) & 1) != 0) {
                    sequenceNumbers.add((first + 1 + i) & 0xFFFF);
                }
            }
        }
        return new Nack(unsigned(packet, 4), unsigned(packet, 8), sequenceNumbers);
    }

    private static RtcpPacket fullIntraRequest(ByteBuffer packet) {
        List<FullIntraRequest.Entry> entries = new ArrayList<>();
        for (int at = FEEDBACK_HEADER_BYTES; at + Long.BYTES <= packet.limit(); at += Long.BYTES) {
            entries.add(new FullIntraRequest.Entry(unsigned(packet, at), packet.get(at + 4) & 0xFF));
        }
        return new FullIntraRequest(unsigned(packet, 4), entries);
    }

    static long unsigned(ByteBuffer bytes, int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }
}
