package dev.understudy.server.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.rtcp.RtcpCompound;
import dev.understudy.protocol.rtcp.RtcpPacket;
import dev.understudy.protocol.rtcp.RtcpPacket.Bye;
import dev.understudy.protocol.rtcp.RtcpPacket.FullIntraRequest;
import dev.understudy.protocol.rtcp.RtcpPacket.Nack;
import dev.understudy.protocol.rtcp.RtcpPacket.PictureLossIndication;
import dev.understudy.protocol.rtcp.RtcpPacket.ReceiverReport;
import dev.understudy.protocol.rtcp.RtcpPacket.ReportBlock;
import dev.understudy.protocol.rtcp.RtcpPacket.SenderReport;
import dev.understudy.protocol.rtp.H264Depacketizer;
import dev.understudy.protocol.rtp.RtpPacket;
import dev.understudy.protocol.rtp.Rtx;
import dev.understudy.protocol.rtp.SequenceUnwrapper;
import dev.understudy.protocol.stun.IceCredentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClipSenderTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final WhipOffer.StreamIds IDS = new WhipOffer.StreamIds(1, 2, 3, "name");

    /** The clock begins anywhere: nothing may depend on where. */
    private static final long START = -500 * MILLI;

    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00.25Z");

    private final List<RtpPacket> packets = new ArrayList<>();
    private final List<RtcpPacket> reports = new ArrayList<>();
    private final ClipSender sender = sender(true);
    private long nowNanos = START;

    private final ClipSender.Packets out = new ClipSender.Packets() {
        @Override
        public void rtp(ByteBuffer packet) {
            packets.add(RtpPacket.parse(packet));
        }

        @Override
        public void rtcp(ByteBuffer compound) {
            reports.addAll(RtcpCompound.parse(compound));
        }
    };

    private static ClipSender sender(boolean hasVideo) {
        var answer = new WhipAnswer(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)),
                new IceCredentials("fragment", "password"),
                Fingerprint.sha256(new byte[0]),
                true,
                true,
                hasVideo,
                true,
                true,
                true);
        return new ClipSender(Clips.seconds(2), answer, IDS, new SplittableRandom(7), START, NOON);
    }

    private void playMillis(ClipSender player, int millis) {
        long end = nowNanos + millis * MILLI;
        while (end - nowNanos > 0) {
            player.elapsed(nowNanos, out);
            long wait = Math.max(MILLI / 10, player.deadlineNanos() - nowNanos);
            nowNanos += Math.min(wait, end - nowNanos);
        }
    }

    private List<RtpPacket> of(long ssrc) {
        return packets.stream().filter(packet -> packet.ssrc() == ssrc).toList();
    }

    private static long timestampsApart(RtpPacket first, RtpPacket second) {
        return (second.timestamp() - first.timestamp()) & 0xFFFFFFFFL;
    }

    @Test
    void sendsBothTracksAtTheirPace() {
        playMillis(sender, 5_000);

        List<RtpPacket> audio = of(1);
        List<RtpPacket> video = of(2);
        assertThat(audio).hasSize(250);
        assertThat(timestampsApart(audio.getFirst(), audio.getLast())).isEqualTo(249 * 960);
        assertThat(video.stream().filter(RtpPacket::marker)).hasSize(150);
        assertThat(timestampsApart(video.getFirst(), video.getLast())).isEqualTo(149 * 3_000);
        assertThat(video).allSatisfy(packet -> assertThat(packet.payloadBytes()).isLessThanOrEqualTo(1_150));
    }

    @Test
    void sequenceNumbersHaveNoGaps() {
        playMillis(sender, 5_000);

        for (long ssrc : new long[] {1, 2}) {
            List<RtpPacket> stream = of(ssrc);
            for (int i = 0; i < stream.size(); i++) {
                assertThat(stream.get(i).sequenceNumber())
                        .isEqualTo((stream.getFirst().sequenceNumber() + i) & 0xFFFF);
            }
        }
        assertThat(IntStream.range(0, packets.size()).allMatch(i -> transportNumber(packets.get(i)) == i))
                .isTrue();
    }

    private static int transportNumber(RtpPacket packet) {
        ByteBuffer value = packet.extension(WhipOffer.TRANSPORT_EXTENSION);
        return value == null ? -1 : value.getShort(0);
    }

    @Test
    void spreadsALargeFrame() {
        sender.elapsed(nowNanos, out);

        assertThat(of(2)).hasSize(ClipSender.BURST_PACKETS);
        assertThat(sender.deadlineNanos() - nowNanos).isEqualTo(ClipSender.BURST_INTERVAL_NANOS);
        nowNanos += MILLI;
        sender.elapsed(nowNanos, out);
        assertThat(of(2)).hasSizeGreaterThan(ClipSender.BURST_PACKETS).last().matches(RtpPacket::marker);
    }

    @Test
    void whatIsSentIsTheClip() {
        List<ByteBuffer> units = new ArrayList<>();
        var depacketizer = new H264Depacketizer((_, annexB, _, isWhole) -> {
            assertThat(isWhole).isTrue();
            units.add(ByteBuffer.allocate(annexB.remaining()).put(annexB).flip());
        });
        playMillis(sender, 4_000);

        var unwrapper = new SequenceUnwrapper();
        of(2).forEach(packet -> depacketizer.received(unwrapper.unwrap(packet.sequenceNumber()), packet));

        List<Clip.Frame> frames = Clips.seconds(2).video();
        assertThat(units).hasSize(120);
        for (int i = 0; i < units.size(); i++) {
            assertThat(units.get(i)).isEqualTo(frames.get(i % frames.size()).bytes());
        }
    }

    @Test
    void reportsEachSecondWhichTimestampAMomentHas() {
        playMillis(sender, 3_500);

        List<SenderReport> ofVideo = reportsOf(2);
        long noonNtp = (NOON.getEpochSecond() + 2_208_988_800L) << 32 | 0x40000000L;
        assertThat(ofVideo).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(ofVideo.get(i).ntpTimestamp()).isEqualTo(noonNtp + ((long) i << 32));
            long sinceFirstPacket =
                    (ofVideo.get(i).rtpTimestamp() - of(2).getFirst().timestamp()) & 0xFFFFFFFFL;
            assertThat(sinceFirstPacket).isEqualTo(90_000L * i);
        }
        assertThat(reportsOf(1)).hasSize(4);
        assertThat(reportsOf(1).get(3).packetCount()).isEqualTo(150);
        assertThat(reportsOf(1).get(3).octetCount()).isEqualTo(150 * 40);
    }

    private List<SenderReport> reportsOf(long ssrc) {
        return reports.stream()
                .filter(SenderReport.class::isInstance)
                .map(SenderReport.class::cast)
                .filter(report -> report.ssrc() == ssrc)
                .toList();
    }

    @Test
    void sendsAgainWhatWasLost() {
        playMillis(sender, 1_000);
        RtpPacket lost = of(2).get(5);

        feedback(new Nack(9, 2, List.of(lost.sequenceNumber(), lost.sequenceNumber() - 100 & 0xFFFF)));

        assertThat(of(3)).singleElement().satisfies(packet -> {
            RtpPacket restored = Rtx.unwrap(packet, 96, 2, ByteBuffer.allocate(1_500));
            assertThat(packet.payloadType()).isEqualTo(WhipOffer.RTX_PAYLOAD_TYPE);
            assertThat(restored.sequenceNumber()).isEqualTo(lost.sequenceNumber());
            assertThat(restored.timestamp()).isEqualTo(lost.timestamp());
            assertThat(restored.payload()).isEqualTo(lost.payload());
        });
        assertThat(sender.statistics().nackedPackets()).isEqualTo(2);
        assertThat(sender.statistics().retransmissions()).isEqualTo(1);
    }

    @Test
    void forgetsWhatIsLongAgo() {
        playMillis(sender, 60_000);
        int first = of(2).getFirst().sequenceNumber();

        feedback(new Nack(9, 2, List.of(first)));

        assertThat(of(3)).isEmpty();
    }

    @Test
    void aRequestBringsAKeyFrameSoon() {
        playMillis(sender, 250);
        int before = packets.size();

        feedback(new PictureLossIndication(9, 2));
        feedback(new FullIntraRequest(9, List.of(new FullIntraRequest.Entry(2, 1))));
        playMillis(sender, 150);

        assertThat(packets.subList(before, packets.size()))
                .anyMatch(packet -> (packet.payload().get(0) & 0x1F) == 24);
        assertThat(sender.statistics().keyFrameRequests()).isEqualTo(2);
    }

    @Test
    void notesReceiverReports() {
        feedback(new ReceiverReport(9, List.of(new ReportBlock(2, 64, 10, 0, 0, 0, 0))));

        assertThat(sender.statistics().receiverReports()).isEqualTo(1);
        assertThat(sender.statistics().fractionLost()).isEqualTo(64);
    }

    @Test
    void mutedTracksAreSilentAndTheirTimeGoesOn() {
        playMillis(sender, 1_000);
        sender.mute(true, true);
        packets.clear();
        playMillis(sender, 2_000);
        assertThat(packets).isEmpty();

        sender.mute(false, false);
        playMillis(sender, 200);

        assertThat(of(2).getFirst().payload().get(0) & 0x1F).isIn(24, 1);
        assertThat(of(2)).anyMatch(packet -> (packet.payload().get(0) & 0x1F) == 24);
        assertThat(of(1)).hasSize(10);
    }

    @Test
    void sendsNothingOfATrackThatWasRefused() {
        ClipSender soundOnly = sender(false);

        playMillis(soundOnly, 1_000);

        assertThat(of(2)).isEmpty();
        assertThat(of(1)).hasSize(50);
        assertThat(reportsOf(2)).isEmpty();
    }

    @Test
    void skipsWhatASleepingMachineMissed() {
        playMillis(sender, 1_000);
        packets.clear();
        nowNanos += TimeUnit.MINUTES.toNanos(10);

        sender.elapsed(nowNanos, out);

        assertThat(of(1)).hasSizeLessThanOrEqualTo(101);
    }

    @Test
    void saysGoodbye() {
        sender.end(out);

        assertThat(reports).contains(new Bye(List.of(1L)), new Bye(List.of(2L)));
    }

    private void feedback(RtcpPacket packet) {
        ByteBuffer compound = ByteBuffer.allocate(500);
        RtcpCompound.write(List.of(packet), compound);
        sender.receivedRtcp(compound.flip(), out);
    }
}
