package dev.understudy.media.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.link.LinkMessage.TrackKind;
import dev.understudy.protocol.rtcp.RtcpCompound;
import dev.understudy.protocol.rtcp.RtcpPacket;
import dev.understudy.protocol.rtcp.RtcpPacket.Nack;
import dev.understudy.protocol.rtcp.RtcpPacket.PictureLossIndication;
import dev.understudy.protocol.rtcp.RtcpPacket.ReceiverReport;
import dev.understudy.protocol.rtcp.TransportFeedback;
import dev.understudy.protocol.rtp.HeaderExtension;
import dev.understudy.protocol.rtp.RtpHeader;
import dev.understudy.protocol.rtp.RtpPacket;
import dev.understudy.protocol.rtp.RtpWriter;
import dev.understudy.protocol.rtp.Rtx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PublisherTest {
    private static final long MILLI = 1_000_000;
    private static final long OURS = 9;
    private static final int MID = 3;
    private static final int TRANSPORT_SEQUENCE = 5;
    private static final int AUDIO_TYPE = 111;
    private static final int VIDEO_TYPE = 102;
    private static final int RTX_TYPE = 103;
    private static final long VIDEO_SSRC = 0xFFFF_0001L;
    private static final byte[] IDR = {0x65, 1, 2};
    private static final byte[] SLICE = {0x41, 1, 2};
    private static final Track AUDIO = Track.audio(2);
    private static final Track VIDEO = Track.video(ByteBuffer.allocate(0));
    private static final PublisherSettings SETTINGS = new PublisherSettings(
            List.of(
                    new PublisherSettings.Format(AUDIO, "0", AUDIO_TYPE, PublisherSettings.NONE, false, false),
                    new PublisherSettings.Format(VIDEO, "1", VIDEO_TYPE, RTX_TYPE, true, true)),
            MID,
            TRANSPORT_SEQUENCE,
            OURS);

    private record Delivered(TrackKind kind, long sequence, int payloadBytes) {}

    private final List<Delivered> delivered = new ArrayList<>();
    private final List<RtcpPacket> feedback = new ArrayList<>();
    private final List<Long> senderReports = new ArrayList<>();
    private final Publisher publisher = new Publisher(SETTINGS, this::takeFeedback);

    PublisherTest() {
        publisher.add(new PacketSink() {
            @Override
            public void packet(Track track, long sequence, long arrivalNanos, ByteBuffer rtp) {
                RtpPacket packet = RtpPacket.parse(rtp);
                rtp.position(rtp.limit());
                delivered.add(new Delivered(track.kind(), sequence & 0xFFFF, packet.payloadBytes()));
            }

            @Override
            public void senderReport(Track track, long ntpTimestamp, long rtpTimestamp, long arrivalNanos) {
                senderReports.add(rtpTimestamp);
            }
        });
    }

    private void takeFeedback(ByteBuffer compound) {
        assertThat(compound.remaining()).isLessThanOrEqualTo(Publisher.MAX_COMPOUND_BYTES);
        List<RtcpPacket> packets = RtcpCompound.parse(compound);
        assertThat(packets.get(0)).isInstanceOf(ReceiverReport.class);
        assertThat(packets.get(1)).isInstanceOf(RtcpPacket.SourceDescription.class);
        feedback.addAll(packets);
    }

    @Test
    void tellsTracksApartByPayloadTypeAndMediaSection() {
        publisher.rtp(packet(AUDIO_TYPE, 1, 7, SLICE), 0);
        publisher.rtp(packet(VIDEO_TYPE, 2, VIDEO_SSRC, SLICE, mid("1")), 0);
        publisher.rtp(packet(VIDEO_TYPE, 3, VIDEO_SSRC, SLICE, mid("0")), 0);
        publisher.rtp(packet(96, 4, VIDEO_SSRC, SLICE), 0);

        assertThat(delivered)
                .containsExactly(new Delivered(TrackKind.AUDIO, 1, 3), new Delivered(TrackKind.VIDEO, 2, 3));
        assertThat(publisher.dropped()).isEqualTo(2);
    }

    @Test
    void givesEverySinkTheWholePacket() {
        publisher.add(new PacketSink() {
            @Override
            public void packet(Track track, long sequence, long arrivalNanos, ByteBuffer rtp) {
                delivered.add(new Delivered(
                        track.kind(), sequence & 0xFFFF, RtpPacket.parse(rtp).payloadBytes()));
            }

            @Override
            public void senderReport(Track track, long ntpTimestamp, long rtpTimestamp, long arrivalNanos) {}
        });

        publisher.rtp(video(1, SLICE), 0);

        assertThat(delivered).hasSize(2).containsOnly(new Delivered(TrackKind.VIDEO, 1, 3));
    }

    @Test
    void asksForALostPacketAndTakesItsRetransmissionOnce() {
        publisher.rtp(video(1, SLICE), 0);
        publisher.rtp(video(3, SLICE), 0);
        publisher.elapsed(0);
        publisher.rtp(retransmission(2, SLICE), MILLI);
        publisher.rtp(retransmission(2, SLICE), MILLI);
        publisher.rtp(video(2, SLICE), MILLI);

        assertThat(of(Nack.class)).containsExactly(new Nack(OURS, VIDEO_SSRC, List.of(2)));
        assertThat(delivered).extracting(Delivered::sequence).containsExactly(1L, 3L, 2L);
        assertThat(publisher.deadlineNanos()).isEqualTo(1_000 * MILLI);
    }

    @Test
    void asksForAKeyFrameOnceALossHasStayed() {
        publisher.rtp(video(1, IDR), 0);
        publisher.rtp(video(3, SLICE), 0);
        for (long now = 0; now <= 300 * MILLI; now += 10 * MILLI) {
            publisher.elapsed(now);
        }

        assertThat(of(Nack.class)).hasSize(NackGenerator.MAX_ATTEMPTS);
        assertThat(of(PictureLossIndication.class)).containsExactly(new PictureLossIndication(OURS, VIDEO_SSRC));

        publisher.rtp(video(4, IDR), 300 * MILLI);
        publisher.elapsed(2_000 * MILLI);

        assertThat(of(PictureLossIndication.class)).hasSize(1);
    }

    @Test
    void asksForAKeyFrameForAllWhoWantOne() {
        publisher.rtp(video(1, SLICE), 0);
        publisher.requestKeyFrame(VIDEO, 0);
        publisher.requestKeyFrame(VIDEO, MILLI);
        publisher.requestKeyFrame(AUDIO, MILLI);
        publisher.elapsed(MILLI);

        assertThat(of(PictureLossIndication.class)).containsExactly(new PictureLossIndication(OURS, VIDEO_SSRC));
    }

    @Test
    void feedsBackArrivalsOfAllTracks() {
        publisher.rtp(packet(AUDIO_TYPE, 1, 7, SLICE, transportSequence(20)), 0);
        publisher.rtp(packet(VIDEO_TYPE, 1, VIDEO_SSRC, SLICE, transportSequence(21)), 0);
        publisher.elapsed(0);

        assertThat(of(TransportFeedback.class))
                .singleElement()
                .satisfies(report -> assertThat(report.arrivals())
                        .extracting(TransportFeedback.Arrival::sequenceNumber)
                        .containsExactly(20, 21));
    }

    @Test
    void reportsEachSecondOnEachTrack() {
        publisher.rtp(packet(AUDIO_TYPE, 1, 7, SLICE), 0);
        publisher.rtp(video(1, SLICE), 0);
        publisher.rtcp(senderReport(VIDEO_SSRC, 0x1122_3344_5566_7788L, 1234), 500 * MILLI);
        assertThat(publisher.deadlineNanos()).isEqualTo(1_000 * MILLI);
        publisher.elapsed(1_000 * MILLI);

        assertThat(senderReports).containsExactly(1234L);
        assertThat(of(ReceiverReport.class)).singleElement().satisfies(report -> {
            assertThat(report.blocks()).hasSize(2);
            assertThat(report.blocks().get(1).lastSenderReport()).isEqualTo(0x3344_5566L);
            assertThat(report.blocks().get(1).delaySinceLastSenderReport()).isEqualTo(32_768);
        });
    }

    @Test
    void takesASecondSourceOnlyAfterTheFirstIsSilent() {
        publisher.rtp(video(500, SLICE), 0);
        publisher.rtp(packet(VIDEO_TYPE, 9, 8, SLICE), 999 * MILLI);
        assertThat(delivered).hasSize(1);

        publisher.rtp(packet(VIDEO_TYPE, 10, 8, SLICE), 1_000 * MILLI);
        publisher.rtp(packet(VIDEO_TYPE, 9, 8, SLICE), 1_000 * MILLI);

        assertThat(delivered).extracting(Delivered::sequence).containsExactly(500L, 564L, 563L);
        assertThat(publisher.statistics(1_000 * MILLI).get(1).foreign()).isEqualTo(1);
    }

    @Test
    void takesASecondSourceAtOnceWhenTheFirstSaidBye() {
        publisher.rtp(video(500, SLICE), 0);
        ByteBuffer bye = ByteBuffer.allocate(100);
        RtcpCompound.write(List.of(new RtcpPacket.Bye(List.of(VIDEO_SSRC))), bye);
        publisher.rtcp(bye.flip(), 0);
        publisher.rtp(packet(VIDEO_TYPE, 10, 8, SLICE), MILLI);

        assertThat(delivered).hasSize(2);
    }

    /** Ten seconds of 5 % loss, reordering and duplicates; retransmissions are lost like everything else. */
    @RepeatedTest(30)
    void repairsALossyNetwork(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        List<ByteBuffer> late = new ArrayList<>();
        int sequence = 65_000;
        for (long now = 0; now < 10_000 * MILLI; now += 4 * MILLI) {
            ByteBuffer next = video(sequence++, sequence % 100 == 0 ? IDR : SLICE);
            if (random.nextInt(20) == 0) {
                late.add(next);
            } else {
                arrive(next, now, random);
            }
            if (late.size() > 2) {
                arrive(late.removeFirst(), now, random);
            }
            publisher.elapsed(now);
            for (Nack nack : of(Nack.class)) {
                for (int missing : nack.sequenceNumbers()) {
                    arrive(retransmission(missing, SLICE), now, random);
                }
            }
            feedback.clear();
        }

        TrackStatistics video = publisher.statistics(10_000 * MILLI).get(1);
        assertThat(delivered).doesNotHaveDuplicates();
        assertThat(video.recovered()).isPositive();
        assertThat(video.unrecovered()).isLessThanOrEqualTo(2);
        assertThat(2_500 - video.packets()).isBetween(0L, 6L);
    }

    private void arrive(ByteBuffer datagram, long now, SplittableRandom random) {
        int copies = random.nextInt(20) == 0 ? 0 : random.nextInt(30) == 0 ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            publisher.rtp(datagram.duplicate(), now);
        }
    }

    @RepeatedTest(200)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        for (int i = 0; i < 50; i++) {
            byte[] datagram = new byte[random.nextInt(0, 300)];
            random.nextBytes(datagram);
            if (datagram.length > 1) {
                datagram[0] = (byte) (0x80 | (datagram[0] & 0x3F));
                datagram[1] = (byte) (random.nextBoolean() ? RTX_TYPE : VIDEO_TYPE);
            }
            publisher.rtp(ByteBuffer.wrap(datagram), i * 20L * MILLI);
            publisher.rtcp(ByteBuffer.wrap(datagram), i * 20L * MILLI);
            publisher.elapsed(i * 20L * MILLI);
        }

        assertThat(publisher.statistics(1_000 * MILLI)).hasSize(2);
    }

    private <T extends RtcpPacket> List<T> of(Class<T> type) {
        return feedback.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static ByteBuffer video(int sequence, byte[] payload) {
        return packet(VIDEO_TYPE, sequence, VIDEO_SSRC, payload);
    }

    private static ByteBuffer packet(
            int payloadType, int sequence, long ssrc, byte[] payload, HeaderExtension... extensions) {
        ByteBuffer datagram = ByteBuffer.allocate(1_200);
        var header = new RtpHeader(payloadType, true, sequence, sequence * 900L, ssrc);
        RtpWriter.write(header, List.of(extensions), ByteBuffer.wrap(payload), datagram);
        return datagram.flip();
    }

    private static ByteBuffer retransmission(int sequence, byte[] payload) {
        ByteBuffer datagram = ByteBuffer.allocate(1_200);
        RtpPacket original = RtpPacket.parse(video(sequence, payload));
        Rtx.wrap(original, new RtpHeader(RTX_TYPE, false, 1, 0, 77), List.of(), datagram);
        return datagram.flip();
    }

    private static HeaderExtension mid(String mid) {
        return new HeaderExtension(MID, ByteBuffer.wrap(mid.getBytes(StandardCharsets.US_ASCII)));
    }

    private static HeaderExtension transportSequence(int sequence) {
        return new HeaderExtension(
                TRANSPORT_SEQUENCE,
                ByteBuffer.allocate(2).putShort((short) sequence).flip());
    }

    private static ByteBuffer senderReport(long ssrc, long ntp, long rtp) {
        ByteBuffer datagram = ByteBuffer.allocate(100);
        RtcpCompound.write(List.of(new RtcpPacket.SenderReport(ssrc, ntp, rtp, 0, 0, List.of())), datagram);
        return datagram.flip();
    }
}
