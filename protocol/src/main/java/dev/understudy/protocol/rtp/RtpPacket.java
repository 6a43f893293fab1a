package dev.understudy.protocol.rtp;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A read-only view of one RTP packet (RFC 3550 section 5.1), over bytes it does not own.
 *
 * <p>The view copies nothing. It is valid until the receive buffer is reused, so whoever keeps a packet longer than one
 * turn of the media loop copies it first.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |                             SSRC                              |
 * </pre>
 */
public final class RtpPacket {
    static final int FIXED_HEADER_BYTES = 12;
    static final int VERSION = 2;

    private static final int PADDING_BIT = 0x20;
    private static final int EXTENSION_BIT = 0x10;

    private final ByteBuffer bytes;
    private final int headerBytes;
    private final int paddingBytes;

    private RtpPacket(ByteBuffer bytes, int headerBytes, int paddingBytes) {
        this.bytes = bytes;
        this.headerBytes = headerBytes;
        this.paddingBytes = paddingBytes;
    }

    /**
     * Reads the datagram between position and limit, leaving both untouched.
     *
     * @return the view, or null when the bytes are not a well-formed RTP packet; the caller drops and counts it
     */
    public static @Nullable RtpPacket parse(ByteBuffer datagram) {
        ByteBuffer bytes = datagram.slice();
        if (bytes.limit() < FIXED_HEADER_BYTES || (bytes.get(0) & 0xFF) >>> 6 != VERSION) {
            return null;
        }
        int headerBytes = headerBytes(bytes);
        int paddingBytes = hasPadding(bytes) ? bytes.get(bytes.limit() - 1) & 0xFF : 0;
        boolean paddingIsSane = !hasPadding(bytes) || paddingBytes > 0;
        if (!paddingIsSane || headerBytes + paddingBytes > bytes.limit()) {
            return null;
        }
        return new RtpPacket(bytes, headerBytes, paddingBytes);
    }

    public boolean marker() {
        return (bytes.get(1) & 0x80) != 0;
    }

    /** 7 bits, 0 to 127. */
    public int payloadType() {
        return bytes.get(1) & 0x7F;
    }

    /** 16 bits that wrap; {@link SequenceUnwrapper} turns them into a number that only grows. */
    public int sequenceNumber() {
        return Short.toUnsignedInt(bytes.getShort(2));
    }

    /** 32 bits that wrap, in ticks of the payload's clock: 90 kHz for video, 48 kHz for Opus. */
    public long timestamp() {
        return Integer.toUnsignedLong(bytes.getInt(4));
    }

    public long ssrc() {
        return Integer.toUnsignedLong(bytes.getInt(8));
    }

    /** The payload without header and padding; empty for a packet of padding only. Shares its bytes with this view. */
    public ByteBuffer payload() {
        return bytes.slice(headerBytes, payloadBytes());
    }

    public int payloadBytes() {
        return bytes.limit() - headerBytes - paddingBytes;
    }

    /**
     * The value of a header extension element, in the one-byte or the two-byte form (RFC 8285).
     *
     * @param id 1 to 14 in the one-byte form, 1 to 255 in the two-byte form, as agreed in the session description
     * @return the value, sharing its bytes with this view, or null when the packet has no such element
     */
    public @Nullable ByteBuffer extension(int id) {
        if (!hasExtension(bytes)) {
            return null;
        }
        int start = FIXED_HEADER_BYTES + contributingSourceBytes(bytes);
        int profile = Short.toUnsignedInt(bytes.getShort(start));
        int elements = start + HeaderExtension.BLOCK_HEADER_BYTES;
        return HeaderExtension.find(bytes.slice(elements, headerBytes - elements), profile, id);
    }

    /** The size of the header, or one that no datagram has when the header is cut. */
    private static int headerBytes(ByteBuffer bytes) {
        int headerBytes = FIXED_HEADER_BYTES + contributingSourceBytes(bytes);
        if (!hasExtension(bytes)) {
            return headerBytes;
        }
        int afterBlockHeader = headerBytes + HeaderExtension.BLOCK_HEADER_BYTES;
        if (afterBlockHeader > bytes.limit()) {
            return Integer.MAX_VALUE / 2;
        }
        return afterBlockHeader + Short.toUnsignedInt(bytes.getShort(headerBytes + 2)) * Integer.BYTES;
    }

    private static int contributingSourceBytes(ByteBuffer bytes) {
        return (bytes.get(0) & 0x0F) * Integer.BYTES;
    }

    private static boolean hasPadding(ByteBuffer bytes) {
        return (bytes.get(0) & PADDING_BIT) != 0;
    }

    private static boolean hasExtension(ByteBuffer bytes) {
        return (bytes.get(0) & EXTENSION_BIT) != 0;
    }
}
