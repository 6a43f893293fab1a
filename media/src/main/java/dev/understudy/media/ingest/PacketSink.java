package dev.understudy.media.ingest;

import java.nio.ByteBuffer;

/** Takes a publisher's media. Called by the media loop's thread only; whoever implements it returns at once. */
public interface PacketSink {
    /**
     * One decrypted RTP packet, header extensions and all. Each sequence number comes once; order is not promised.
     *
     * @param sequence unwrapped, and growing across a change of SSRC
     * @param rtp between position and limit; reused as soon as this returns, and never to be changed
     */
    void packet(Track track, long sequence, long arrivalNanos, ByteBuffer rtp);

    /**
     * The track's RTP clock against its sender's wall clock (RFC 3550 section 6.4.1).
     *
     * @param ntpTimestamp 32.32 fixed point
     * @param rtpTimestamp 32 bits
     */
    void senderReport(Track track, long ntpTimestamp, long rtpTimestamp, long arrivalNanos);
}
