package dev.understudy.protocol.srtp;

import java.nio.ByteBuffer;

/**
 * One packet on its way through a cipher: ciphers want arrays, sockets want direct buffers, so it is copied in and back.
 * Confined to one thread.
 */
final class Packet {
    private static final int RTP_FIXED_HEADER_BYTES = 12;
    private static final int VERSION = 2;

    private final byte[] bytes = new byte[SrtpLimits.MAX_PACKET_BYTES + SrtpSender.MAX_OVERHEAD_BYTES];
    private int length;

    /** Copies what is between position and limit, leaving both untouched; false when it is no packet of ours. */
    boolean load(ByteBuffer from) {
        length = from.remaining();
        if (length < PacketCipher.RTCP_HEADER_BYTES || length > SrtpLimits.MAX_PACKET_BYTES) {
            return false;
        }
        from.get(from.position(), bytes, 0, length);
        return (bytes[0] & 0xFF) >>> 6 == VERSION;
    }

    /** Writes {@code newLength} bytes back to where the packet came from, and moves the limit to their end. */
    void store(ByteBuffer to, int newLength) {
        to.limit(to.position() + newLength);
        to.put(to.position(), bytes, 0, newLength);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** The RTP header with its CSRCs and extension (RFC 3550 section 5.1), or -1 when the packet is shorter. */
    int rtpHeaderBytes() {
        if (length < RTP_FIXED_HEADER_BYTES) {
            return -1;
        }
        int headerBytes = RTP_FIXED_HEADER_BYTES + 4 * (bytes[0] & 0x0F);
        boolean hasExtension = (bytes[0] & 0x10) != 0;
        if (hasExtension) {
            if (length < headerBytes + 4) {
                return -1;
            }
            headerBytes += 4 + 4 * uint16(headerBytes + 2);
        }
        return headerBytes <= length ? headerBytes : -1;
    }

    int sequenceNumber() {
        return uint16(2);
    }

    int rtpSsrc() {
        return int32(8);
    }

    int rtcpSsrc() {
        return int32(4);
    }

    int int32(int offset) {
        return uint16(offset) << 16 | uint16(offset + 2);
    }

    private int uint16(int offset) {
        return (bytes[offset] & 0xFF) << 8 | (bytes[offset + 1] & 0xFF);
    }
}
