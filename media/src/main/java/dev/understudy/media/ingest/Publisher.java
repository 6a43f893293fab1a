package dev.understudy.media.ingest;

import dev.understudy.protocol.rtcp.RtcpCompound;
import dev.understudy.protocol.rtcp.RtcpPacket;
import dev.understudy.protocol.rtcp.TransportFeedback;
import dev.understudy.protocol.rtcp.TransportFeedbackRecorder;
import dev.understudy.protocol.rtp.RtpPacket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Receives what one publisher sends: decrypted RTP and RTCP go in; packets go to the registered {@link PacketSink}s, and
 * feedback for the publisher goes to the {@link RtcpSink}.
 *
 * <pre>
 *   rtp ──► transport feedback ──► track by mid or payload type ──► retransmission? unwrap
 *                                     └► unwrap number ─► seen before? drop ─► loss ─► sinks
 *   rtcp ─► sender reports ─► sinks
 *   time ─► NACK, PLI at once · transport feedback each 100 ms · receiver report each second
 * </pre>
 *
 * <p>What a peer can grow is bounded: a track has one stream, and of that a window. Sans-IO: the owner calls
 * {@link #elapsed} at {@link #deadlineNanos}. Confined to one media loop.
 */
public final class Publisher {
    /** So that 1200 bytes are not exceeded once SRTCP has added its own. */
    public static final int MAX_COMPOUND_BYTES = 1_172;

    private static final long REPORT_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private static final String CANONICAL_NAME = "understudy";

    private static final long NEVER = Long.MAX_VALUE;

    /** Takes RTCP for the publisher: between position and limit, consumed before it returns. */
    public interface RtcpSink {
        void rtcp(ByteBuffer compound);
    }

    private final PublisherSettings settings;
    private final RtcpSink rtcpSink;
    private final List<TrackReceiver> receivers;
    private final TransportFeedbackRecorder transport;
    private final List<PacketSink> sinks = new ArrayList<>();
    private final ByteBuffer compound = ByteBuffer.allocate(MAX_COMPOUND_BYTES);
    private long reportAtNanos = NEVER;
    private long latestSsrc;
    private long malformed;
    private long unknown;

    public Publisher(PublisherSettings settings, RtcpSink rtcpSink) {
        this.settings = settings;
        this.rtcpSink = rtcpSink;
        this.transport = new TransportFeedbackRecorder(settings.localSsrc());
        this.receivers = settings.formats().stream()
                .map(format -> new TrackReceiver(format, this::deliver))
                .toList();
    }

    public List<Track> tracks() {
        return receivers.stream().map(receiver -> receiver.format().track()).toList();
    }

    /** From now on {@code sink} gets every packet. It mostly wants a key frame as well. */
    public void add(PacketSink sink) {
        sinks.add(sink);
    }

    public void remove(PacketSink sink) {
        sinks.remove(sink);
    }

    /** Asks for a key frame of the track, soon and once for all who want one; nothing for an audio track. */
    public void requestKeyFrame(Track track, long nowNanos) {
        for (TrackReceiver receiver : receivers) {
            if (receiver.format().track().equals(track)) {
                receiver.requestKeyFrame(nowNanos);
            }
        }
    }

    /** Takes one decrypted RTP packet in; its bytes are not kept. */
    public void rtp(ByteBuffer datagram, long nowNanos) {
        RtpPacket packet = RtpPacket.parse(datagram);
        if (packet == null) {
            malformed++;
            return;
        }
        noteTransportSequence(packet, nowNanos);
        TrackReceiver receiver = receiverOf(packet);
        if (receiver == null) {
            unknown++;
            return;
        }
        latestSsrc = packet.ssrc();
        if (reportAtNanos == NEVER) {
            reportAtNanos = nowNanos + REPORT_INTERVAL_NANOS;
        }
        if (packet.payloadType() == receiver.format().payloadType()) {
            receiver.media(packet, datagram, nowNanos);
        } else {
            receiver.retransmission(packet, nowNanos);
        }
    }

    private void noteTransportSequence(RtpPacket packet, long nowNanos) {
        int id = settings.transportSequenceExtension();
        ByteBuffer value = id == 0 ? null : packet.extension(id);
        if (value != null && value.remaining() >= Short.BYTES) {
            transport.received(Short.toUnsignedInt(value.getShort(value.position())), nowNanos);
        }
    }

    /** By the media section that the packet names, if it names one, and the payload type (RFC 8843 section 9.2). */
    private @Nullable TrackReceiver receiverOf(RtpPacket packet) {
        int payloadType = packet.payloadType();
        ByteBuffer mid = settings.midExtension() == 0 ? null : packet.extension(settings.midExtension());
        for (TrackReceiver receiver : receivers) {
            PublisherSettings.Format format = receiver.format();
            boolean isItsType =
                    payloadType == format.payloadType() || payloadType == format.retransmissionPayloadType();
            if (isItsType && (mid == null || isMid(mid, format.mid()))) {
                return receiver;
            }
        }
        return null;
    }

    private static boolean isMid(ByteBuffer value, String mid) {
        if (value.remaining() != mid.length()) {
            return false;
        }
        for (int i = 0; i < mid.length(); i++) {
            if (value.get(value.position() + i) != mid.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void deliver(Track track, long sequence, long arrivalNanos, ByteBuffer rtp) {
        int position = rtp.position();
        int limit = rtp.limit();
        for (PacketSink sink : sinks) {
            sink.packet(track, sequence, arrivalNanos, rtp);
            rtp.limit(limit).position(position);
        }
    }

    /** Takes one decrypted compound RTCP packet in. */
    public void rtcp(ByteBuffer datagram, long nowNanos) {
        for (RtcpPacket packet : RtcpCompound.parse(datagram)) {
            switch (packet) {
                case RtcpPacket.SenderReport report -> senderReport(report, nowNanos);
                case RtcpPacket.Bye bye -> receivers.forEach(receiver -> receiver.bye(bye.ssrcs()));
                case RtcpPacket.ReceiverReport _,
                        RtcpPacket.SourceDescription _,
                        RtcpPacket.Nack _,
                        RtcpPacket.PictureLossIndication _,
                        RtcpPacket.FullIntraRequest _,
                        TransportFeedback _ -> {
                    // They speak of streams that we send, and we send none.
                }
            }
        }
    }

    private void senderReport(RtcpPacket.SenderReport report, long nowNanos) {
        for (TrackReceiver receiver : receivers) {
            if (receiver.senderReport(report, nowNanos)) {
                for (PacketSink sink : sinks) {
                    sink.senderReport(
                            receiver.format().track(), report.ntpTimestamp(), report.rtpTimestamp(), nowNanos);
                }
            }
        }
    }

    /** Lets time pass: sends the feedback that is due. Calling early does no harm. */
    public void elapsed(long nowNanos) {
        if (nowNanos < deadlineNanos()) {
            return;
        }
        List<RtcpPacket> requests = new ArrayList<>();
        for (TrackReceiver receiver : receivers) {
            receiver.ask(settings.localSsrc(), requests, nowNanos);
        }
        List<TransportFeedback> feedbacks = transport.report(latestSsrc, nowNanos);
        List<RtcpPacket.ReportBlock> blocks = nowNanos < reportAtNanos ? List.of() : reports(nowNanos);
        if (!requests.isEmpty() || !blocks.isEmpty() || !feedbacks.isEmpty()) {
            if (!feedbacks.isEmpty()) {
                requests.add(feedbacks.getFirst());
            }
            send(blocks, requests);
        }
        feedbacks.stream().skip(1).forEach(feedback -> send(List.of(), List.of(feedback)));
    }

    private List<RtcpPacket.ReportBlock> reports(long nowNanos) {
        reportAtNanos = nowNanos + REPORT_INTERVAL_NANOS;
        return receivers.stream()
                .map(receiver -> receiver.report(nowNanos))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Every compound begins with a report and our name, which is what all receivers take (RFC 3550 section 6.1). */
    private void send(List<RtcpPacket.ReportBlock> blocks, List<RtcpPacket> feedback) {
        List<RtcpPacket> packets = new ArrayList<>(2 + feedback.size());
        long ssrc = settings.localSsrc();
        packets.add(new RtcpPacket.ReceiverReport(ssrc, blocks));
        packets.add(new RtcpPacket.SourceDescription(
                List.of(new RtcpPacket.SourceDescription.Chunk(ssrc, CANONICAL_NAME))));
        packets.addAll(feedback);
        RtcpCompound.write(packets, compound.clear());
        rtcpSink.rtcp(compound.flip());
    }

    /** When to call {@link #elapsed} next; {@link Long#MAX_VALUE} for never. */
    public long deadlineNanos() {
        long deadline = Math.min(reportAtNanos, transport.deadlineNanos());
        for (TrackReceiver receiver : receivers) {
            deadline = Math.min(deadline, receiver.deadlineNanos());
        }
        return deadline;
    }

    /** One for each track, in the order of {@link #tracks}. */
    public List<TrackStatistics> statistics(long nowNanos) {
        return receivers.stream().map(receiver -> receiver.statistics(nowNanos)).toList();
    }

    /** Packets that were no RTP, or of no track that was agreed on. */
    public long dropped() {
        return malformed + unknown;
    }
}
