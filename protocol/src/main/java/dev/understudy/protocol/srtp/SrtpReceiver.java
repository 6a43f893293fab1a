package dev.understudy.protocol.srtp;

import java.nio.ByteBuffer;

/**
 * Opens the SRTP and SRTCP packets that one peer sends (RFC 3711, RFC 7714), in place.
 *
 * <p>A packet that is forged, replayed, late by more than {@value SrtpLimits#REPLAY_WINDOW} or malformed is refused and
 * changes nothing: only genuine packets move the replay window or make a source known. Confined to one media loop.
 */
public final class SrtpReceiver {
    private final SrtpProfile profile;
    private final PacketCipher rtpCipher;
    private final PacketCipher rtcpCipher;
    private final Sources rtpSources = new Sources();
    private final Sources rtcpSources = new Sources();
    private final Packet packet = new Packet();

    public SrtpReceiver(SrtpProfile profile, SrtpKeys keys) {
        this(
                profile,
                SessionKeys.derive(profile, keys, SessionKeys.Use.RTP),
                SessionKeys.derive(profile, keys, SessionKeys.Use.RTCP));
    }

    SrtpReceiver(SrtpProfile profile, SessionKeys rtpKeys, SessionKeys rtcpKeys) {
        this.profile = profile;
        this.rtpCipher = PacketCipher.of(profile, rtpKeys);
        this.rtcpCipher = PacketCipher.of(profile, rtcpKeys);
    }

    /**
     * Opens the RTP packet between position and limit; the limit moves down to the end of the plain packet.
     *
     * @return false when it must be dropped; then the buffer is as it was
     */
    public boolean unprotectRtp(ByteBuffer datagram) {
        int headerBytes = packet.load(datagram) ? packet.rtpHeaderBytes() : -1;
        if (headerBytes < 0 || packet.length() < headerBytes + profile.tagBytes()) {
            return false;
        }
        int ssrc = packet.rtpSsrc();
        PacketIndexes known = rtpSources.find(ssrc);
        if (known == null && rtpSources.isFull()) {
            return false;
        }
        PacketIndexes source = known == null ? new PacketIndexes() : known;
        long index = source.guess(packet.sequenceNumber());
        if (!source.isNew(index)) {
            return false;
        }
        int length = rtpCipher.unprotectRtp(packet.bytes(), headerBytes, packet.length(), ssrc, index);
        if (length == PacketCipher.FAILED) {
            return false;
        }
        accept(rtpSources, ssrc, source, known == null, index);
        packet.store(datagram, length);
        return true;
    }

    /**
     * Opens the compound RTCP packet between position and limit; the limit moves down to the end of the plain packet. One
     * that is not encrypted is refused: WebRTC knows no such (RFC 8827 section 6.5).
     *
     * @return false when it must be dropped; then the buffer is as it was
     */
    public boolean unprotectRtcp(ByteBuffer datagram) {
        int shortest = PacketCipher.RTCP_HEADER_BYTES + profile.tagBytes() + PacketCipher.RTCP_INDEX_BYTES;
        if (!packet.load(datagram) || packet.length() < shortest) {
            return false;
        }
        int indexWord = packet.int32(rtcpCipher.rtcpIndexOffset(packet.length()));
        int index = indexWord & ~PacketCipher.ENCRYPTED;
        int ssrc = packet.rtcpSsrc();
        PacketIndexes known = rtcpSources.find(ssrc);
        PacketIndexes source = known == null ? new PacketIndexes() : known;
        boolean isEncrypted = indexWord < 0;
        if (!isEncrypted || !source.isNew(index) || (known == null && rtcpSources.isFull())) {
            return false;
        }
        int length = rtcpCipher.unprotectRtcp(packet.bytes(), packet.length(), ssrc, index);
        if (length == PacketCipher.FAILED) {
            return false;
        }
        accept(rtcpSources, ssrc, source, known == null, index);
        packet.store(datagram, length);
        return true;
    }

    private static void accept(Sources sources, int ssrc, PacketIndexes source, boolean isFirst, long index) {
        if (isFirst) {
            sources.add(ssrc, source);
        }
        source.mark(index);
    }
}
