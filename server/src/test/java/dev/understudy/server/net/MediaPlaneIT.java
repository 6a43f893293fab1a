package dev.understudy.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.media.ingest.PacketSink;
import dev.understudy.media.ingest.Track;
import dev.understudy.media.link.LinkMessage.TrackKind;
import dev.understudy.protocol.rtcp.RtcpPacket;
import dev.understudy.protocol.rtcp.TransportFeedback;
import dev.understudy.protocol.sdp.PublishOffer;
import dev.understudy.protocol.srtp.SrtpProfile;
import dev.understudy.protocol.stun.StunMessage;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client by hand against a real plane, over loopback. */
@Timeout(60)
class MediaPlaneIT {
    private static final DtlsCertificate CERTIFICATE = DtlsCertificate.selfSigned(Instant.EPOCH);
    private static final String STAGE = "arn:aws:ivs:us-east-1:000000000000:stage/abcdefABCDEF";
    private static final byte[] IDR = {0x65, 1, 2, 3};
    private static final byte[] SLICE = {0x41, 1, 2, 3};

    private record Received(TrackKind kind, int sequence) {}

    private final RecordedEvents events = new RecordedEvents();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private MediaPlane plane;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        var options = new MediaPlane.Options(List.of(InetAddress.getLoopbackAddress()), 0, 1, List.of(), 4);
        plane = MediaPlane.start(options, CERTIFICATE, events);
        client = new TestClient();
        plane.post(STAGE, stages -> stages.subscribe(STAGE, new Watcher()));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        plane.close();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "AEAD_AES_128_GCM, actpass",
        "AES128_CM_HMAC_SHA1_80, active",
        "AEAD_AES_128_GCM, passive",
        "AES128_CM_HMAC_SHA1_80, passive"
    })
    void carriesMediaThere_andFeedbackBack(SrtpProfile profile, String setup) throws Exception {
        open(client, "p1", setup, profile);
        client.check();
        assertThat(client.shakeHands()).isEqualTo(profile);
        assertThat(events.next()).isEqualTo("connected p1");
        client.sendAudio(10, SLICE);
        client.sendVideo(20, IDR);
        client.sendVideo(22, SLICE);

        assertThat(next()).isEqualTo(new Received(TrackKind.AUDIO, 10));
        assertThat(next()).isEqualTo(new Received(TrackKind.VIDEO, 20));
        assertThat(next()).isEqualTo(new Received(TrackKind.VIDEO, 22));
        assertThat(client.next(RtcpPacket.Nack.class).sequenceNumbers()).containsExactly(21);
        assertThat(client.next(TransportFeedback.class).arrivals()).isNotEmpty();
        assertThat(events.next()).isEqualTo("firstMedia p1");
        assertThat(seen.take()).isEqualTo("joined p1 [AUDIO, VIDEO]");

        client.closeAssociation();

        assertThat(events.next()).isEqualTo("left p1 CLOSED");
        assertThat(seen.take()).isEqualTo("left p1 CLOSED");
    }

    /** The client has keys once our Finished is there, and sends at once. */
    @Test
    void losesNothingThatIsSentRightAfterTheHandshake() throws Exception {
        open(client, "p1", "actpass", SrtpProfile.AEAD_AES_128_GCM);
        client.check();
        client.shakeHands();
        client.sendVideo(20, IDR);

        assertThat(next()).isEqualTo(new Received(TrackKind.VIDEO, 20));
        assertThat(plane.dropped(DropReason.NOT_CONNECTED)).isZero();
    }

    @Test
    void asksForAKeyFrameForThoseWhoWatch() throws Exception {
        connect(client, "p1");
        client.sendVideo(20, SLICE);
        next();
        plane.post(
                STAGE,
                stages -> stages.publishers(STAGE)
                        .forEach(publisher -> publisher.tracks().forEach(publisher::requestKeyFrame)));

        assertThat(client.next(RtcpPacket.PictureLossIndication.class).media()).isEqualTo(TestClient.VIDEO_SSRC);
    }

    @Test
    void endsOnTheClientsWishWithAGoodbye() throws Exception {
        String sessionId = connect(client, "p1");

        assertThat(plane.isOpen(sessionId)).isTrue();
        assertThat(plane.end(sessionId)).isTrue();
        assertThat(plane.end(sessionId)).isFalse();

        assertThat(events.next()).isEqualTo("left p1 DELETED");
        assertThat(client.ended()).isEqualTo("closed");
    }

    @Test
    void aSecondConnectionOfAParticipantEndsTheFirst() throws Exception {
        connect(client, "p1");
        try (TestClient second = new TestClient()) {
            open(second, "p1", "actpass", SrtpProfile.AEAD_AES_128_GCM);

            assertThat(events.next()).isEqualTo("left p1 REPLACED");
            assertThat(client.ended()).isEqualTo("closed");
            second.check();
            second.shakeHands();
            assertThat(events.next()).isEqualTo("connected p1");
        }
    }

    @Test
    void disconnectsAParticipant() throws Exception {
        connect(client, "p1");
        plane.disconnect(STAGE, "someone else");
        plane.disconnect(STAGE, "p1");

        assertThat(events.next()).isEqualTo("left p1 DISCONNECTED");
    }

    @Test
    void disconnectsEveryoneFromAStageThatIsNoMore() throws Exception {
        connect(client, "p1");
        try (TestClient second = new TestClient()) {
            open(second, "p2", "actpass", SrtpProfile.AEAD_AES_128_GCM);
            second.check();

            plane.disconnectAll("another stage");
            plane.disconnectAll(STAGE);

            assertThat(events.next()).isEqualTo("left p1 DISCONNECTED");
            assertThat(events.next()).isEqualTo("left p2 DISCONNECTED");
            assertThat(plane.sessions()).isZero();
        }
    }

    @Test
    void isAliveUntilALoopEnds() throws Exception {
        assertThat(plane.isAlive()).isTrue();
        Thread loop = plane.call(STAGE, _ -> Thread.currentThread());
        plane.post(STAGE, _ -> {
            throw new AssertionError("what no turn survives");
        });

        loop.join();

        assertThat(plane.isAlive()).isFalse();
        assertThatThrownBy(() -> plane.sessions()).hasMessage("media loop has ended");
    }

    @Test
    void takesNoMoreThanItsBound() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(tryOpen("p" + i)).isTrue();
        }

        assertThat(tryOpen("p4")).isFalse();
        assertThat(events.next()).isEqualTo("left p4 NO_ROOM");
        assertThat(tryOpen("p3")).isTrue();
        assertThat(plane.sessions()).isEqualTo(4);
    }

    /** FreeSWITCH CVE-2023-51443: whoever is first with a ClientHello must not be able to end the session. */
    @Test
    void aStrangersClientHelloIsDroppedAndHarmless() throws Exception {
        open(client, "p1", "actpass", SrtpProfile.AEAD_AES_128_GCM);
        try (DatagramChannel stranger = DatagramChannel.open()) {
            byte[] hello = {22, (byte) 254, (byte) 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4};
            stranger.send(ByteBuffer.wrap(hello), client.server());
            client.check();
            stranger.send(ByteBuffer.wrap(hello), client.server());
            client.shakeHands();
            stranger.send(ByteBuffer.wrap(hello), client.server());
            client.sendVideo(20, IDR);

            assertThat(next()).isEqualTo(new Received(TrackKind.VIDEO, 20));
            assertThat(plane.dropped(DropReason.UNVALIDATED_PATH)).isEqualTo(3);
        }
    }

    @Test
    void aReplayedPacketIsDropped() throws Exception {
        connect(client, "p1");
        ByteBuffer packet = client.protectedPacket(TestClient.VIDEO_TYPE, 20, TestClient.VIDEO_SSRC, IDR);
        client.send(packet);
        client.send(packet);
        client.sendVideo(21, SLICE);

        assertThat(next()).isEqualTo(new Received(TrackKind.VIDEO, 20));
        assertThat(next()).isEqualTo(new Received(TrackKind.VIDEO, 21));
        assertThat(plane.dropped(DropReason.SRTP_REFUSED)).isEqualTo(1);
    }

    @Test
    void aCheckWithAWrongPasswordIsRefused() throws Exception {
        open(client, "p1", "actpass", SrtpProfile.AEAD_AES_128_GCM);
        client.send(ByteBuffer.wrap(client.binding("wrongwrongwrongwrongwrong")));

        StunMessage answer = client.check();

        assertThat(answer.errorCode()).isEqualTo(401);
        assertThat(plane.dropped(DropReason.STUN_UNAUTHENTICATED)).isEqualTo(1);
    }

    private String connect(TestClient who, String participantId) throws Exception {
        String sessionId = open(who, participantId, "actpass", SrtpProfile.AEAD_AES_128_GCM);
        who.check();
        who.shakeHands();
        assertThat(events.next()).isEqualTo("connected " + participantId);
        return sessionId;
    }

    private String open(TestClient who, String participantId, String setup, SrtpProfile profile) throws Exception {
        MediaPlane.Opened opened = plane.open(
                        new MediaPlane.Participant(STAGE, participantId, "user", Map.of()),
                        PublishOffer.read(who.offer(setup)),
                        InetAddress.getLoopbackAddress())
                .orElseThrow();
        who.answered(opened.answer(), profile);
        return opened.sessionId();
    }

    private boolean tryOpen(String participantId) throws Exception {
        events.events.removeIf(event -> event.endsWith("REPLACED"));
        return plane.open(
                        new MediaPlane.Participant(STAGE, participantId, "user", Map.of()),
                        PublishOffer.read(client.offer("actpass")),
                        InetAddress.getLoopbackAddress())
                .isPresent();
    }

    private Received next() throws InterruptedException {
        Received next = received.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a packet").isNotNull();
        return next;
    }

    /** Writes down who comes and goes, and takes all packets. */
    private final class Watcher implements StageObserver, PacketSink {
        @Override
        public void publisherJoined(LivePublisher publisher) {
            publisher.add(this);
            seen.add("joined " + publisher.facts().participantId() + " "
                    + publisher.tracks().stream().map(Track::kind).toList());
        }

        @Override
        public void publisherLeft(LivePublisher publisher, LeaveReason reason) {
            seen.add("left " + publisher.facts().participantId() + " " + reason);
        }

        @Override
        public void packet(Track track, long sequence, long arrivalNanos, ByteBuffer rtp) {
            received.add(new Received(track.kind(), (int) (sequence & 0xFFFF)));
        }

        @Override
        public void senderReport(Track track, long ntpTimestamp, long rtpTimestamp, long arrivalNanos) {}
    }

    @Test
    void listensWhereItWasTold() {
        assertThat(plane.localAddresses()).singleElement().satisfies(address -> {
            assertThat(address.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
            assertThat(address.getPort()).isPositive();
        });
    }
}
