package dev.understudy.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.media.ingest.PacketSink;
import dev.understudy.media.ingest.Track;
import dev.understudy.media.link.LinkMessage.TrackKind;
import dev.understudy.protocol.rtp.H264Depacketizer;
import dev.understudy.protocol.rtp.RtpPacket;
import dev.understudy.server.http.Admission;
import dev.understudy.server.http.JoinLimit;
import dev.understudy.server.http.WhipRoutes;
import dev.understudy.server.net.DtlsCertificate;
import dev.understudy.server.net.LeaveReason;
import dev.understudy.server.net.LivePublisher;
import dev.understudy.server.net.MediaPlane;
import dev.understudy.server.net.SessionFacts;
import dev.understudy.server.net.SessionListener;
import dev.understudy.server.net.StageObserver;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The publisher against the real WHIP routes and a real media plane, over loopback. */
@Timeout(60)
class WhipPublisherIT {
    private static final String STAGE = "arn:aws:ivs:us-east-1:000000000000:stage/abcdefABCDEF";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A picture that has come through. */
    private record Picture(ByteBuffer annexB, boolean isKeyFrame, boolean isWhole) {}

    private final BlockingQueue<Picture> pictures = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> sounds = new LinkedBlockingQueue<>();
    private final BlockingQueue<TrackKind> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<LeaveReason> left = new LinkedBlockingQueue<>();
    private MediaPlane plane;
    private WebServer http;

    @BeforeEach
    void start() throws IOException {
        var options = new MediaPlane.Options(List.of(InetAddress.getLoopbackAddress()), 0, 1, List.of(), 4);
        plane = MediaPlane.start(options, DtlsCertificate.selfSigned(Instant.now()), new Departures());
        plane.post(STAGE, stages -> stages.subscribe(STAGE, new Watcher()));
        http = WebServer.builder()
                .bindAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .shutdownHook(false)
                .routing(routing -> routing.post(
                                "/moved",
                                (_, response) -> response.status(Status.TEMPORARY_REDIRECT_307)
                                        .header(HeaderNames.LOCATION, "/whip")
                                        .send())
                        .register(new WhipRoutes(
                                plane, this::admit, new JoinLimit(1_000, System::nanoTime), Optional.empty())))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        http.stop();
        plane.close();
    }

    private Admission.Admitted admit(String token, Admission.ClientInfo client) throws Admission.Refused {
        if (!token.equals("good")) {
            throw new Admission.Refused(Admission.Refused.Kind.INVALID, "no such token");
        }
        return new Admission.Admitted(STAGE, "p1", "user", Map.of());
    }

    private WhipPublisher publish(String path, String token, Clip clip) throws Exception {
        var options = new WhipPublisher.Options(url(path), token, clip);
        WhipPublisher publisher = WhipPublisher.start(options);
        assertThat(publisher.awaitConnected(PATIENCE)).isTrue();
        return publisher;
    }

    private URI url(String path) {
        return URI.create("http://localhost:" + http.port() + path);
    }

    private <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void theServerReceivesTheClip() throws Exception {
        Clip clip = Clips.seconds(2);
        try (WhipPublisher publisher = publish("/whip", "good", clip)) {
            Picture picture = next(pictures);
            while (!picture.isKeyFrame) {
                picture = next(pictures);
            }
            int at = clip.video().stream().map(Clip.Frame::bytes).toList().indexOf(picture.annexB);

            assertThat(at % Clips.FRAMES_PER_SECOND).isZero();
            for (int i = 1; i <= 20; i++) {
                picture = next(pictures);
                assertThat(picture.isWhole).isTrue();
                if (picture.isKeyFrame) {
                    break;
                }
                assertThat(picture.annexB).isEqualTo(clip.video().get(at + i).bytes());
            }
            long sound = next(sounds);
            assertThat(next(sounds)).isEqualTo((sound + 960) & 0xFFFFFFFFL);
            assertThat(List.of(next(reports), next(reports)))
                    .containsExactlyInAnyOrder(TrackKind.AUDIO, TrackKind.VIDEO);
            assertThat(publisher.state()).isEqualTo(WhipPublisher.State.CONNECTED);
        }
        assertThat(next(left)).isIn(LeaveReason.CLOSED, LeaveReason.DELETED);
        assertThat(plane.sessions()).isZero();
    }

    @Test
    void bringsAKeyFrameWhenAskedAndHearsFeedback() throws Exception {
        try (WhipPublisher publisher = publish("/whip", "good", Clips.seconds(2))) {
            next(pictures);
            plane.post(
                    STAGE,
                    stages -> stages.publishers(STAGE)
                            .forEach(live -> live.tracks().forEach(live::requestKeyFrame)));
            while (publisher.statistics().keyFrameRequests() == 0
                    || publisher.statistics().transportFeedbacks() == 0
                    || publisher.statistics().receiverReports() == 0) {
                next(pictures);
            }
        }
    }

    @Test
    void followsARedirectionWithItsToken() throws Exception {
        try (WhipPublisher publisher = publish("/moved", "good", Clips.sound(1))) {
            next(sounds);

            assertThat(publisher.sessionUrl().getPath()).startsWith("/whip/sessions/");
            assertThat(pictures).isEmpty();
        }
    }

    @Test
    void endsWhenTheServerEnds() throws Exception {
        try (WhipPublisher publisher = publish("/whip", "good", Clips.sound(1))) {
            plane.disconnect(STAGE, "p1");

            assertThat(publisher.awaitEnd(PATIENCE)).isTrue();
            assertThat(publisher.endReason()).hasValue("the server ended the session");
        }
    }

    @Test
    void saysWhyItWasRefused() {
        assertThatThrownBy(() -> publish("/whip", "bad", Clips.sound(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answered 401: no such token");
    }

    private final class Departures implements SessionListener {
        @Override
        public void connected(SessionFacts session) {}

        @Override
        public void firstMedia(SessionFacts session) {}

        @Override
        public void left(SessionFacts session, LeaveReason reason) {
            left.add(reason);
        }
    }

    /** Puts the pictures together, on the loop's thread. */
    private final class Watcher implements StageObserver, PacketSink {
        private final H264Depacketizer depacketizer =
                new H264Depacketizer((_, annexB, isKeyFrame, isWhole) -> pictures.add(new Picture(
                        ByteBuffer.allocate(annexB.remaining()).put(annexB).flip(), isKeyFrame, isWhole)));

        @Override
        public void publisherJoined(LivePublisher publisher) {
            publisher.add(this);
        }

        @Override
        public void publisherLeft(LivePublisher publisher, LeaveReason reason) {}

        @Override
        public void packet(Track track, long sequence, long arrivalNanos, ByteBuffer rtp) {
            RtpPacket packet = RtpPacket.parse(rtp);
            if (track.kind() == TrackKind.VIDEO) {
                depacketizer.received(sequence, packet);
            } else {
                sounds.add(packet.timestamp());
            }
        }

        @Override
        public void senderReport(Track track, long ntpTimestamp, long rtpTimestamp, long arrivalNanos) {
            reports.add(track.kind());
        }
    }
}
