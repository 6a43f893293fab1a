package dev.understudy.protocol.rtp;

import java.nio.ByteBuffer;
import java.util.List;

/** Writes RTP packets (RFC 3550 section 5.1), without contributing sources and without padding. */
public final class RtpWriter {
    private RtpWriter() {}

    /**
     * Writes one packet at the position of {@code into}, which moves behind it. Throws
     * {@link java.nio.BufferOverflowException} when there is no room.
     *
     * @param extensions none to write no extension block
     * @param payload the bytes between position and limit, not consumed
     */
    public static void write(RtpHeader header, List<HeaderExtension> extensions, ByteBuffer payload, ByteBuffer into) {
        int extensionBit = extensions.isEmpty() ? 0 : 0x10;
        int markerBit = header.marker() ? 0x80 : 0;
        into.put((byte) ((RtpPacket.VERSION << 6) | extensionBit));
        into.put((byte) (markerBit | header.payloadType()));
        into.putShort((short) header.sequenceNumber());
        into.putInt((int) header.timestamp());
        into.putInt((int) header.ssrc());
        if (!extensions.isEmpty()) {
            HeaderExtension.write(extensions, into);
        }
        into.put(payload.duplicate());
    }

    /** Writes one packet without header extensions. */
    public static void write(RtpHeader header, ByteBuffer payload, ByteBuffer into) {
        write(header, List.of(), payload, into);
    }
}
