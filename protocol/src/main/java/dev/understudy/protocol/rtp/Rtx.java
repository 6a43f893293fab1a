package dev.understudy.protocol.rtp;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The RTP retransmission payload format (RFC 4588 section 4): the lost packet's sequence number, then its payload, in a
 * stream with its own SSRC, payload type and sequence numbers.
 */
public final class Rtx {
    private static final int ORIGINAL_SEQUENCE_BYTES = 2;

    private Rtx() {}

    /**
     * The original packet. Its header extensions are not restored: those of the retransmission speak of the
     * retransmission.
     *
     * @param payloadType of the original stream, the {@code apt} of the session description
     * @param ssrc of the original stream
     * @param scratch takes the packet from position 0 on; at least as large as the retransmission
     * @return a view over {@code scratch}, or null when there is no original packet inside, such as in a packet sent to
     *     probe for bandwidth
     */
    public static @Nullable RtpPacket unwrap(RtpPacket retransmission, int payloadType, long ssrc, ByteBuffer scratch) {
        ByteBuffer payload = retransmission.payload();
        if (payload.remaining() < ORIGINAL_SEQUENCE_BYTES
                || RtpPacket.FIXED_HEADER_BYTES + payload.remaining() > scratch.capacity()) {
            return null;
        }
        int sequenceNumber = Short.toUnsignedInt(payload.getShort());
        var header =
                new RtpHeader(payloadType, retransmission.marker(), sequenceNumber, retransmission.timestamp(), ssrc);
        scratch.clear();
        RtpWriter.write(header, payload, scratch);
        return RtpPacket.parse(scratch.flip());
    }

    /**
     * Writes {@code original} as a retransmission at the position of {@code into}.
     *
     * @param rtx payload type, sequence number and SSRC of the retransmission; its marker and timestamp are taken from
     *     the original
     */
    public static void wrap(RtpPacket original, RtpHeader rtx, List<HeaderExtension> extensions, ByteBuffer into) {
        var header = new RtpHeader(
                rtx.payloadType(), original.marker(), rtx.sequenceNumber(), original.timestamp(), rtx.ssrc());
        var originalSequence = ByteBuffer.allocate(ORIGINAL_SEQUENCE_BYTES)
                .putShort((short) original.sequenceNumber())
                .flip();
        RtpWriter.write(header, extensions, originalSequence, into);
        into.put(original.payload());
    }
}
