package dev.understudy.media.ingest;

import dev.understudy.media.link.LinkMessage.TrackKind;
import dev.understudy.protocol.rtcp.RtcpPacket;
import dev.understudy.protocol.rtp.RtpPacket;
import dev.understudy.protocol.rtp.Rtx;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Receives one track: repairs its losses, drops what comes twice, and hands the rest on. Confined to one media loop. */
final class TrackReceiver {
    private static final int MAX_PACKET_BYTES = 2_048;

    /** Where packets go. */
    interface Output {
        void packet(Track track, long sequence, long arrivalNanos, ByteBuffer rtp);
    }

    private final PublisherSettings.Format format;
    private final Output output;
    private final SequenceWindow window = new SequenceWindow();
    private final KeyFrameRequester keyFrameRequester = new KeyFrameRequester();
    private final RateMeter meter = new RateMeter();
    private final ByteBuffer restored = ByteBuffer.allocate(MAX_PACKET_BYTES);
    private @Nullable RtpStream stream;
    private long packets;
    private long bytes;
    private long recovered;
    private long unrecovered;
    private long duplicates;
    private long foreign;
    private long nacks;
    private long keyFrames;
    private long keyFrameRequests;

    TrackReceiver(PublisherSettings.Format format, Output output) {
        this.format = format;
        this.output = output;
    }

    PublisherSettings.Format format() {
        return format;
    }

    /** A packet of the track itself; {@code bytes} are the whole of it. */
    void media(RtpPacket packet, ByteBuffer rtp, long nowNanos) {
        RtpStream current = streamOf(packet.ssrc(), nowNanos);
        if (current == null) {
            foreign++;
            return;
        }
        current.heard(nowNanos);
        long sequence = current.unwrap(packet.sequenceNumber());
        if (isNew(current, sequence, nowNanos)) {
            current.statistics.received(current.own(sequence), packet.timestamp(), nowNanos);
            deliver(packet, sequence, rtp, nowNanos);
        }
    }

    /** A retransmission; what it brings back belongs to the track's current stream. */
    void retransmission(RtpPacket packet, long nowNanos) {
        RtpStream current = stream;
        RtpPacket original = current == null ? null : Rtx.unwrap(packet, format.payloadType(), current.ssrc, restored);
        if (current == null || original == null) {
            return;
        }
        long sequence = current.unwrap(original.sequenceNumber());
        if (isNew(current, sequence, nowNanos)) {
            recovered++;
            deliver(original, sequence, restored, nowNanos);
        }
    }

    private boolean isNew(RtpStream current, long sequence, long nowNanos) {
        if (!window.isNew(sequence)) {
            duplicates++;
            return false;
        }
        if (format.nack()) {
            current.nacks.received(sequence, nowNanos);
            noticeLosses(current, nowNanos);
        }
        return true;
    }

    private void deliver(RtpPacket packet, long sequence, ByteBuffer rtp, long nowNanos) {
        packets++;
        bytes += rtp.remaining();
        meter.add(rtp.remaining(), nowNanos);
        if (isVideo() && H264KeyFrames.beginIn(packet.payload())) {
            keyFrames++;
            keyFrameRequester.keyFrameBegan(sequence);
        }
        output.packet(format.track(), sequence, nowNanos, rtp);
    }

    /** The track's stream if this is its SSRC, or its SSRC from now on; null when another is being sent. */
    private @Nullable RtpStream streamOf(long ssrc, long nowNanos) {
        RtpStream current = stream;
        if (current == null) {
            stream = RtpStream.first(ssrc, format.track().clockRateHz(), nowNanos);
        } else if (current.ssrc != ssrc) {
            if (!current.isReplaceable(nowNanos)) {
                return null;
            }
            stream = current.next(ssrc, format.track().clockRateHz(), nowNanos);
        }
        return stream;
    }

    /** A gap that stays breaks every picture up to the next key frame. */
    private void noticeLosses(RtpStream current, long nowNanos) {
        long lost = current.nacks.takeLost();
        unrecovered += lost;
        if (lost > 0) {
            requestKeyFrame(nowNanos);
        }
    }

    void requestKeyFrame(long nowNanos) {
        RtpStream current = stream;
        if (isVideo() && format.pli()) {
            keyFrameRequester.request(current == null ? -1 : current.highest(), nowNanos);
        }
    }

    /** Whether the report was of this track. */
    boolean senderReport(RtcpPacket.SenderReport report, long nowNanos) {
        RtpStream current = stream;
        if (current == null || current.ssrc != report.ssrc()) {
            return false;
        }
        current.statistics.senderReport(report.ntpTimestamp(), nowNanos);
        return true;
    }

    void bye(List<Long> ssrcs) {
        RtpStream current = stream;
        if (current != null && ssrcs.contains(current.ssrc)) {
            current.end();
        }
    }

    RtcpPacket.@Nullable ReportBlock report(long nowNanos) {
        RtpStream current = stream;
        return current == null ? null : current.statistics.report(nowNanos);
    }

    /** Adds the requests that are due. */
    void ask(long localSsrc, List<RtcpPacket> out, long nowNanos) {
        RtpStream current = stream;
        if (current == null) {
            return;
        }
        List<Integer> missing = new ArrayList<>();
        current.nacks.ask(nowNanos, sequence -> missing.add((int) (current.own(sequence) & 0xFFFF)));
        noticeLosses(current, nowNanos);
        nacks += missing.size();
        if (!missing.isEmpty()) {
            out.add(new RtcpPacket.Nack(localSsrc, current.ssrc, missing));
        }
        if (keyFrameRequester.isDue(nowNanos)) {
            keyFrameRequests++;
            out.add(new RtcpPacket.PictureLossIndication(localSsrc, current.ssrc));
        }
    }

    long deadlineNanos() {
        RtpStream current = stream;
        return current == null
                ? Long.MAX_VALUE
                : Math.min(current.nacks.deadlineNanos(), keyFrameRequester.deadlineNanos());
    }

    TrackStatistics statistics(long nowNanos) {
        RtpStream current = stream;
        return new TrackStatistics(
                format.track().kind(),
                packets,
                bytes,
                meter.rate(nowNanos),
                current == null ? 0 : current.statistics.lost(),
                recovered,
                unrecovered,
                duplicates,
                foreign,
                nacks,
                keyFrames,
                keyFrameRequests,
                current == null ? Duration.ZERO : current.statistics.jitter());
    }

    private boolean isVideo() {
        return format.track().kind() == TrackKind.VIDEO;
    }
}
