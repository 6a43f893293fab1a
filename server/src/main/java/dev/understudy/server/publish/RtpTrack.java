package dev.understudy.server.publish;

import dev.understudy.protocol.rtcp.RtcpPacket.SenderReport;
import dev.understudy.protocol.rtp.HeaderExtension;
import dev.understudy.protocol.rtp.RtpHeader;
import dev.understudy.protocol.rtp.RtpPacket;
import dev.understudy.protocol.rtp.RtpWriter;
import dev.understudy.protocol.rtp.Rtx;
import dev.understudy.protocol.srtp.SrtpSender;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One outgoing RTP stream with its retransmissions: numbers, times, and a bounded memory of what was sent. Confined to
 * one thread.
 *
 * <p>Sequence numbers begin in the lower half, so that a receiver who misses the first packets guesses SRTP's rollover
 * counter right (RFC 3711 section 3.3.1).
 */
final class RtpTrack {
    /** A power of two: three seconds of video at 4 Mbit/s. */
    static final int HISTORY = 1_024;

    private static final int MAX_PACKET_BYTES = 1_300;

    private final int payloadType;
    private final int clockRate;
    private final long ssrc;
    private final long rtxSsrc;
    private final long firstTimestamp;
    private final @Nullable ByteBuffer[] history = new @Nullable ByteBuffer[HISTORY];
    private int nextSequence;
    private int nextRtxSequence;
    private long packets;
    private long octets;

    RtpTrack(int payloadType, int clockRate, long ssrc, long rtxSsrc, RandomGenerator random) {
        this.payloadType = payloadType;
        this.clockRate = clockRate;
        this.ssrc = ssrc;
        this.rtxSsrc = rtxSsrc;
        this.firstTimestamp = Integer.toUnsignedLong(random.nextInt());
        this.nextSequence = random.nextInt(1 << 15);
        this.nextRtxSequence = random.nextInt(1 << 15);
    }

    long ssrc() {
        return ssrc;
    }

    long packets() {
        return packets;
    }

    /** The next packet, with room for SRTP behind it. {@code ticks} are those since the start. */
    ByteBuffer packet(long ticks, boolean marker, ByteBuffer payload, List<HeaderExtension> extensions) {
        var header = new RtpHeader(payloadType, marker, nextSequence & 0xFFFF, firstTimestamp + ticks, ssrc);
        ByteBuffer packet = allocate();
        RtpWriter.write(header, extensions, payload, packet);
        packet.flip();
        history[nextSequence & (HISTORY - 1)] = copy(packet);
        nextSequence++;
        packets++;
        octets += payload.remaining();
        return packet;
    }

    /** Whether the packet was sent and is not yet forgotten. */
    boolean remembers(int sequenceNumber) {
        return sent(sequenceNumber) != null;
    }

    /** A packet that is remembered, once more in the stream of retransmissions. */
    ByteBuffer retransmission(int sequenceNumber, List<HeaderExtension> extensions) {
        RtpPacket original = sent(sequenceNumber);
        if (original == null) {
            throw new IllegalArgumentException("packet " + sequenceNumber + " is forgotten");
        }
        ByteBuffer packet = allocate();
        var header = new RtpHeader(WhipOffer.RTX_PAYLOAD_TYPE, false, nextRtxSequence++ & 0xFFFF, 0, rtxSsrc);
        Rtx.wrap(original, header, extensions, packet);
        return packet.flip();
    }

    private @Nullable RtpPacket sent(int sequenceNumber) {
        ByteBuffer sent = history[sequenceNumber & (HISTORY - 1)];
        RtpPacket packet = sent == null ? null : RtpPacket.parse(sent);
        return packet == null || packet.sequenceNumber() != sequenceNumber ? null : packet;
    }

    /** What has been sent, and which RTP timestamp the moment has that is {@code elapsedNanos} after the start. */
    SenderReport report(long ntpTimestamp, long elapsedNanos) {
        long timestamp = firstTimestamp + ClipPlayer.ticks(elapsedNanos, clockRate);
        return new SenderReport(
                ssrc, ntpTimestamp, timestamp & 0xFFFFFFFFL, packets & 0xFFFFFFFFL, octets & 0xFFFFFFFFL, List.of());
    }

    private static ByteBuffer allocate() {
        return ByteBuffer.allocate(MAX_PACKET_BYTES + SrtpSender.MAX_OVERHEAD_BYTES);
    }

    private static ByteBuffer copy(ByteBuffer packet) {
        return ByteBuffer.allocate(packet.remaining()).put(packet.duplicate()).flip();
    }
}
