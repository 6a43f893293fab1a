package dev.understudy.protocol.rtcp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes RTCP datagrams: packets one behind the other (RFC 3550 section 6.1).
 *
 * <p>Any packet may be the first, or the only one (reduced size, RFC 5506).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|  count  |  packet type  |  length in words, less one    |
 * </pre>
 */
public final class RtcpCompound {
    static final int HEADER_BYTES = 4;
    static final int SENDER_REPORT = 200;
    static final int RECEIVER_REPORT = 201;
    static final int SOURCE_DESCRIPTION = 202;
    static final int BYE = 203;
    static final int TRANSPORT_LAYER_FEEDBACK = 205;
    static final int PAYLOAD_SPECIFIC_FEEDBACK = 206;

    static final int GENERIC_NACK = 1;
    static final int TRANSPORT_WIDE = 15;
    static final int PICTURE_LOSS = 1;
    static final int FULL_INTRA = 4;

    private static final int VERSION = 2;
    private static final int PADDING_BIT = 0x20;

    /** Far more than anybody sends in one datagram, and few enough to look at. */
    private static final int MAX_PACKETS = 64;

    private RtcpCompound() {}

    /**
     * Reads the datagram between position and limit, leaving both untouched.
     *
     * @return the packets in order, less those of unknown types; empty when any part is malformed
     */
    public static List<RtcpPacket> parse(ByteBuffer datagram) {
        ByteBuffer bytes = datagram.slice();
        List<RtcpPacket> packets = new ArrayList<>();
        for (int seen = 0; bytes.hasRemaining(); seen++) {
            ByteBuffer packet = seen < MAX_PACKETS ? next(bytes) : null;
            if (packet == null) {
                return List.of();
            }
            if (isKnown(packet)) {
                RtcpPacket parsed = RtcpReader.read(packet);
                if (parsed == null) {
                    return List.of();
                }
                packets.add(parsed);
            }
        }
        return List.copyOf(packets);
    }

    /** Writes the packets at the position of {@code into}; throws BufferOverflowException when there is no room. */
    public static void write(List<? extends RtcpPacket> packets, ByteBuffer into) {
        for (RtcpPacket packet : packets) {
            RtcpWriter.write(packet, into);
        }
    }

    static int count(ByteBuffer packet) {
        return packet.get(0) & 0x1F;
    }

    static int type(ByteBuffer packet) {
        return packet.get(1) & 0xFF;
    }

    /** Cuts the next packet off, header included and padding left out; null when it is malformed. */
    private static @Nullable ByteBuffer next(ByteBuffer bytes) {
        int start = bytes.position();
        if (bytes.remaining() < HEADER_BYTES || (bytes.get(start) & 0xFF) >>> 6 != VERSION) {
            return null;
        }
        int length = (Short.toUnsignedInt(bytes.getShort(start + 2)) + 1) * Integer.BYTES;
        if (length > bytes.remaining()) {
            return null;
        }
        bytes.position(start + length);
        boolean isPadded = (bytes.get(start) & PADDING_BIT) != 0;
        int padding = isPadded ? bytes.get(start + length - 1) & 0xFF : 0;
        boolean paddingIsSane = !isPadded || (padding > 0 && padding <= length - HEADER_BYTES);
        return paddingIsSane ? bytes.slice(start, length - padding) : null;
    }

    private static boolean isKnown(ByteBuffer packet) {
        int format = count(packet);
        return switch (type(packet)) {
            case SENDER_REPORT, RECEIVER_REPORT, SOURCE_DESCRIPTION, BYE -> true;
            case TRANSPORT_LAYER_FEEDBACK -> format == GENERIC_NACK || format == TRANSPORT_WIDE;
            case PAYLOAD_SPECIFIC_FEEDBACK -> format == PICTURE_LOSS || format == FULL_INTRA;
            default -> false;
        };
    }
}
