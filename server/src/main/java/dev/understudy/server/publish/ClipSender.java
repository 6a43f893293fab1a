package dev.understudy.server.publish;

import dev.understudy.protocol.rtcp.RtcpCompound;
import dev.understudy.protocol.rtcp.RtcpPacket;
import dev.understudy.protocol.rtcp.RtcpPacket.Bye;
import dev.understudy.protocol.rtcp.RtcpPacket.FullIntraRequest;
import dev.understudy.protocol.rtcp.RtcpPacket.Nack;
import dev.understudy.protocol.rtcp.RtcpPacket.PictureLossIndication;
import dev.understudy.protocol.rtcp.RtcpPacket.ReceiverReport;
import dev.understudy.protocol.rtcp.RtcpPacket.ReportBlock;
import dev.understudy.protocol.rtcp.RtcpPacket.SenderReport;
import dev.understudy.protocol.rtcp.RtcpPacket.SourceDescription;
import dev.understudy.protocol.rtcp.TransportFeedback;
import dev.understudy.protocol.rtp.H264Packetizer;
import dev.understudy.protocol.rtp.HeaderExtension;
import dev.understudy.protocol.srtp.SrtpSender;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Sends a clip as RTP at its own pace, with sender reports, and reacts to feedback: sends again what was lost, and a key
 * frame when one is asked for. Sans-IO; confined to one thread.
 *
 * <p>Every time is counted from the start, so nothing drifts however late a turn comes. The packets of a large frame are
 * spread over some milliseconds, because a burst overflows socket buffers.
 */
final class ClipSender {
    static final long REPORT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** So many packets of a frame at once, and the next so many {@link #BURST_INTERVAL_NANOS} later: 90 Mbit/s. */
    static final int BURST_PACKETS = 10;

    static final long BURST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** With all headers and SRTP's trailer it fits every path. */
    private static final int MAX_PAYLOAD_BYTES = 1_150;

    /** From 1900, where NTP begins, to 1970. */
    private static final long NTP_TO_UNIX_SECONDS = 2_208_988_800L;

    static final long LONGEST_LAG_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int MAX_RTCP_BYTES = 512;

    /** Takes packets before encryption, with room for SRTP's trailer. */
    interface Packets {
        void rtp(ByteBuffer packet);

        void rtcp(ByteBuffer compound);
    }

    /** A payload of video that waits for its turn. */
    private record Waiting(long ticks, boolean marker, ByteBuffer payload) {}

    private final ClipPlayer player;
    private final WhipAnswer answer;
    private final WhipOffer.StreamIds ids;
    private final RtpTrack audio;
    private final RtpTrack video;
    private final H264Packetizer packetizer = new H264Packetizer(MAX_PAYLOAD_BYTES);
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final long startNanos;
    private final Instant startTime;
    private boolean isAudioMuted;
    private boolean isVideoMuted;
    private long nextBurstNanos;
    private long nextReportNanos;
    private int transportSequence;
    private long bytes;
    private long nackedPackets;
    private long retransmissions;
    private long keyFrameRequests;
    private long transportFeedbacks;
    private long receiverReports;
    private int fractionLost;

    /** Starts the clip at {@code nowNanos}, which is {@code now} on the wall. */
    ClipSender(
            Clip clip, WhipAnswer answer, WhipOffer.StreamIds ids, RandomGenerator random, long nowNanos, Instant now) {
        this.player = new ClipPlayer(clip);
        this.answer = answer;
        this.ids = ids;
        this.audio = new RtpTrack(WhipOffer.AUDIO_PAYLOAD_TYPE, Clip.AUDIO_CLOCK_RATE, ids.audio(), 0, random);
        this.video = new RtpTrack(WhipOffer.VIDEO_PAYLOAD_TYPE, Clip.VIDEO_CLOCK_RATE, ids.video(), ids.rtx(), random);
        this.startNanos = nowNanos;
        this.startTime = now;
        this.nextReportNanos = nowNanos;
        this.nextBurstNanos = nowNanos;
    }

    /** While muted, a track's time goes on and nothing of it is sent. */
    void mute(boolean isAudioNowMuted, boolean isVideoNowMuted) {
        if (isVideoMuted && !isVideoNowMuted) {
            player.requestKeyFrame();
        }
        isAudioMuted = isAudioNowMuted;
        isVideoMuted = isVideoNowMuted;
    }

    /** When to call {@link #elapsed} next. */
    long deadlineNanos() {
        long next = Math.min(startNanos + player.dueNanos(), nextReportNanos);
        return waiting.isEmpty() ? next : Math.min(next, nextBurstNanos);
    }

    /** Sends all that is due. */
    void elapsed(long nowNanos, Packets out) {
        sendReports(nowNanos, out);
        sendWaiting(nowNanos, out);
        skipTo(nowNanos - LONGEST_LAG_NANOS);
        while (startNanos + player.dueNanos() - nowNanos <= 0) {
            send(player.next(), out);
            sendWaiting(nowNanos, out);
        }
    }

    /** After a machine has slept, nobody wants all that it missed. */
    private void skipTo(long nanos) {
        while (startNanos + player.dueNanos() - nanos < 0) {
            player.next();
            player.requestKeyFrame();
        }
    }

    private void send(ClipPlayer.Step step, Packets out) {
        ByteBuffer frame = step.frame().bytes();
        if (step.isVideo() && answer.hasVideo() && !isVideoMuted) {
            packetizer.packetize(
                    frame, (payload, marker) -> waiting.add(new Waiting(step.ticks(), marker, copy(payload))));
        } else if (!step.isVideo() && answer.hasAudio() && !isAudioMuted) {
            sendRtp(audio.packet(step.ticks(), false, frame, extensions(WhipOffer.AUDIO_MID)), out);
        }
    }

    private void sendWaiting(long nowNanos, Packets out) {
        if (nowNanos - nextBurstNanos < 0 || waiting.isEmpty()) {
            return;
        }
        for (int i = 0; i < BURST_PACKETS && !waiting.isEmpty(); i++) {
            Waiting next = waiting.remove();
            sendRtp(video.packet(next.ticks, next.marker, next.payload, extensions(WhipOffer.VIDEO_MID)), out);
        }
        nextBurstNanos = nowNanos + BURST_INTERVAL_NANOS;
    }

    private void sendRtp(ByteBuffer packet, Packets out) {
        bytes += packet.remaining();
        out.rtp(packet);
    }

    private List<HeaderExtension> extensions(String mid) {
        List<HeaderExtension> extensions = new ArrayList<>(2);
        if (answer.hasMid()) {
            var value = ByteBuffer.wrap(mid.getBytes(StandardCharsets.US_ASCII));
            extensions.add(new HeaderExtension(WhipOffer.MID_EXTENSION, value));
        }
        if (answer.hasTransportNumbers()) {
            var value = ByteBuffer.allocate(Short.BYTES).putShort(0, (short) transportSequence++);
            extensions.add(new HeaderExtension(WhipOffer.TRANSPORT_EXTENSION, value));
        }
        return extensions;
    }

    /** One compound per stream, so that each begins with its own report (RFC 3550 section 6.1). */
    private void sendReports(long nowNanos, Packets out) {
        if (nowNanos - nextReportNanos < 0) {
            return;
        }
        long ntp = ntp(nowNanos);
        for (RtpTrack track : tracks()) {
            SenderReport report = track.report(ntp, nowNanos - startNanos);
            sendRtcp(List.of(report, describe(track)), out);
        }
        long periods = (nowNanos - nextReportNanos) / REPORT_INTERVAL_NANOS + 1;
        nextReportNanos += periods * REPORT_INTERVAL_NANOS;
    }

    /** Says that the streams end. */
    void end(Packets out) {
        tracks().forEach(track -> sendRtcp(
                List.of(new ReceiverReport(track.ssrc(), List.of()), describe(track), new Bye(List.of(track.ssrc()))),
                out));
    }

    private List<RtpTrack> tracks() {
        List<RtpTrack> tracks = new ArrayList<>(2);
        if (answer.hasAudio()) {
            tracks.add(audio);
        }
        if (answer.hasVideo()) {
            tracks.add(video);
        }
        return tracks;
    }

    private SourceDescription describe(RtpTrack track) {
        return new SourceDescription(List.of(new SourceDescription.Chunk(track.ssrc(), ids.canonicalName())));
    }

    private static void sendRtcp(List<RtcpPacket> packets, Packets out) {
        ByteBuffer compound = ByteBuffer.allocate(MAX_RTCP_BYTES + SrtpSender.MAX_OVERHEAD_BYTES);
        RtcpCompound.write(packets, compound);
        out.rtcp(compound.flip());
    }

    private long ntp(long nowNanos) {
        Instant now = startTime.plusNanos(nowNanos - startNanos);
        long fraction = ((long) now.getNano() << 32) / 1_000_000_000L;
        return (now.getEpochSecond() + NTP_TO_UNIX_SECONDS) << 32 | fraction;
    }

    /** Takes feedback in, decrypted. */
    void receivedRtcp(ByteBuffer compound, Packets out) {
        for (RtcpPacket packet : RtcpCompound.parse(compound)) {
            switch (packet) {
                case Nack nack -> resend(nack, out);
                case PictureLossIndication _, FullIntraRequest _ -> {
                    keyFrameRequests++;
                    player.requestKeyFrame();
                }
                case ReceiverReport report -> note(report.blocks());
                case SenderReport report -> note(report.blocks());
                case TransportFeedback _ -> transportFeedbacks++;
                case SourceDescription _, Bye _ -> {}
            }
        }
    }

    private void note(List<ReportBlock> blocks) {
        for (ReportBlock block : blocks) {
            receiverReports++;
            fractionLost = block.fractionLost();
        }
    }

    private void resend(Nack nack, Packets out) {
        if (nack.media() != video.ssrc()) {
            return;
        }
        for (int sequenceNumber : nack.sequenceNumbers()) {
            nackedPackets++;
            if (answer.hasRtx() && video.remembers(sequenceNumber)) {
                retransmissions++;
                sendRtp(video.retransmission(sequenceNumber, extensions(WhipOffer.VIDEO_MID)), out);
            }
        }
    }

    PublisherStatistics statistics() {
        return new PublisherStatistics(
                video.packets(),
                audio.packets(),
                bytes,
                nackedPackets,
                retransmissions,
                keyFrameRequests,
                transportFeedbacks,
                receiverReports,
                fractionLost);
    }

    private static ByteBuffer copy(ByteBuffer payload) {
        return ByteBuffer.allocate(payload.remaining()).put(payload).flip();
    }
}
