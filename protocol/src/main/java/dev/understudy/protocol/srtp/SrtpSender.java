package dev.understudy.protocol.srtp;

import java.nio.ByteBuffer;

/**
 * Protects the RTP and RTCP packets that we send to one peer (RFC 3711, RFC 7714), in place.
 *
 * <p>A packet's nonce is its SSRC and index. Two packets under one nonce would give the key stream away (RFC 7714 section
 * 8.1), so a sequence number that was used or is older than the replay window is refused as a fault of the caller; a
 * retransmission goes under its own SSRC (RFC 4588). Confined to one media loop.
 */
public final class SrtpSender {
    /** How much longer a packet may grow: GCM's tag and the RTCP index. */
    public static final int MAX_OVERHEAD_BYTES = 20;

    /** RTCP indexes have 31 bits, after which a new key would be due (RFC 3711 section 9.2): three years at 20 a second. */
    private static final long MAX_RTCP_INDEX = 0x7FFF_FFFFL;

    private final PacketCipher rtpCipher;
    private final PacketCipher rtcpCipher;
    private final Sources sources = new Sources();
    private final Packet packet = new Packet();
    private long nextRtcpIndex;

    public SrtpSender(SrtpProfile profile, SrtpKeys keys) {
        this(
                profile,
                SessionKeys.derive(profile, keys, SessionKeys.Use.RTP),
                SessionKeys.derive(profile, keys, SessionKeys.Use.RTCP));
    }

    SrtpSender(SrtpProfile profile, SessionKeys rtpKeys, SessionKeys rtcpKeys) {
        this.rtpCipher = PacketCipher.of(profile, rtpKeys);
        this.rtcpCipher = PacketCipher.of(profile, rtcpKeys);
    }

    /**
     * Protects the RTP packet between position and limit; the limit moves up, for which {@link #MAX_OVERHEAD_BYTES} of
     * capacity must be left. A source's sequence numbers may come out of order, but none twice.
     */
    public void protectRtp(ByteBuffer datagram) {
        int headerBytes = packet.load(datagram) ? packet.rtpHeaderBytes() : -1;
        if (headerBytes < 0) {
            throw new IllegalArgumentException("not an RTP packet of ours: " + datagram);
        }
        int ssrc = packet.rtpSsrc();
        PacketIndexes source = source(ssrc);
        long index = source.guess(packet.sequenceNumber());
        if (!source.isNew(index)) {
            throw new IllegalArgumentException(
                    "sequence number %d after index %d".formatted(packet.sequenceNumber(), source.highest()));
        }
        source.mark(index);
        packet.store(datagram, rtpCipher.protectRtp(packet.bytes(), headerBytes, packet.length(), ssrc, index));
    }

    /** Protects the compound RTCP packet between position and limit, as {@link #protectRtp} does RTP. */
    public void protectRtcp(ByteBuffer datagram) {
        if (!packet.load(datagram)) {
            throw new IllegalArgumentException("not an RTCP packet of ours: " + datagram);
        }
        if (nextRtcpIndex > MAX_RTCP_INDEX) {
            throw new IllegalStateException("the RTCP key is used up");
        }
        int index = (int) nextRtcpIndex++;
        packet.store(datagram, rtcpCipher.protectRtcp(packet.bytes(), packet.length(), packet.rtcpSsrc(), index));
    }

    private PacketIndexes source(int ssrc) {
        PacketIndexes source = sources.find(ssrc);
        if (source == null) {
            source = new PacketIndexes();
            sources.add(ssrc, source);
        }
        return source;
    }
}
