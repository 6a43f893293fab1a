package dev.understudy.protocol.rtp;

/**
 * The fixed header of an RTP packet to be written (RFC 3550 section 5.1).
 *
 * @param payloadType 0 to 127
 * @param sequenceNumber only its lowest 16 bits are written
 * @param timestamp in ticks of the payload's clock; only its lowest 32 bits are written
 * @param ssrc 32 bits
 */
public record RtpHeader(int payloadType, boolean marker, long sequenceNumber, long timestamp, long ssrc) {
    public RtpHeader {
        if (payloadType < 0 || payloadType > 127) {
            throw new IllegalArgumentException("payload type " + payloadType);
        }
    }
}
