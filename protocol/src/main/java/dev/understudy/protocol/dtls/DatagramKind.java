package dev.understudy.protocol.dtls;

import java.nio.ByteBuffer;

/** What a datagram on a media port carries, told by its first two bytes (RFC 7983 section 7, RFC 5761 section 4). */
public enum DatagramKind {
    STUN,
    DTLS,
    RTP,
    RTCP,
    UNKNOWN;

    /** Looks at the bytes between position and limit, leaving both untouched. */
    public static DatagramKind of(ByteBuffer datagram) {
        if (!datagram.hasRemaining()) {
            return UNKNOWN;
        }
        int first = datagram.get(datagram.position()) & 0xFF;
        if (first <= 3) {
            return STUN;
        }
        if (first >= 20 && first <= 63) {
            return DTLS;
        }
        boolean isRtpVersion2 = first >>> 6 == 2;
        return isRtpVersion2 && datagram.remaining() >= 2 ? rtpOrRtcp(datagram.get(datagram.position() + 1)) : UNKNOWN;
    }

    /** RTCP packet types are 192 to 223; RTP payload types stay out of 64 to 95 so that the marker bit cannot mislead. */
    private static DatagramKind rtpOrRtcp(byte second) {
        int type = second & 0xFF;
        return type >= 192 && type <= 223 ? RTCP : RTP;
    }
}
