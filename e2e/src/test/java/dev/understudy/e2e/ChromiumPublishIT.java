package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.ingest.TrackStatistics;
import dev.understudy.media.link.LinkMessage.TrackKind;
import dev.understudy.server.http.Admission;
import dev.understudy.server.http.JoinLimit;
import dev.understudy.server.http.WhipRoutes;
import dev.understudy.server.net.DtlsCertificate;
import dev.understudy.server.net.LeaveReason;
import dev.understudy.server.net.LivePublisher;
import dev.understudy.server.net.MediaPlane;
import dev.understudy.server.net.SessionFacts;
import dev.understudy.server.net.SessionListener;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real browser publishes H.264 and Opus over WHIP, over a good network and over one that loses packets. */
@Timeout(180)
class ChromiumPublishIT {
    private static final String STAGE = "arn:aws:ivs:us-east-1:000000000000:stage/abcdefABCDEF";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Without feedback Chromium falls to 30 kbit/s within seconds; it begins at 300. */
    private static final double COLLAPSED_BITS_PER_SECOND = 200_000;

    private final BlockingQueue<LeaveReason> left = new LinkedBlockingQueue<>();
    private MediaPlane plane;
    private WebServer http;
    private Chromium chromium;
    private PublishPage page;

    @BeforeEach
    void startBrowser() {
        chromium = Chromium.start();
        page = PublishPage.open(chromium);
    }

    @AfterEach
    void stop() {
        if (chromium != null) {
            page.close();
            chromium.close();
        }
        if (http != null) {
            http.stop();
            plane.close();
        }
    }

    @Test
    void publishesWithoutLossAtFullRate() throws Exception {
        start(0, List.of());
        String session = publish();
        await("video", () -> video().filter(track -> track.packets() > 500).isPresent());
        await("a round trip, which receiver reports tell", () -> page.number("roundTripSeconds") >= 0);

        assertThat(page.state().get("codec")).isEqualTo("video/H264");
        assertThat(page.number("availableBitsPerSecond")).isGreaterThan(COLLAPSED_BITS_PER_SECOND);
        assertThat(statistics()).extracting(TrackStatistics::kind).containsExactly(TrackKind.AUDIO, TrackKind.VIDEO);
        assertThat(statistics()).allSatisfy(track -> {
            assertThat(track.packets()).isPositive();
            assertThat(track.unrecovered()).isZero();
            assertThat(track.foreign()).isZero();
        });

        double keyFrames = page.number("keyFramesEncoded");
        publisher().ifPresent(live -> plane.post(STAGE, _ -> live.tracks().forEach(live::requestKeyFrame)));
        await("a key frame", () -> page.number("pliCount") > 0 && page.number("keyFramesEncoded") > keyFrames);

        assertThat(page.end(session)).isEqualTo(200);
        assertThat(left.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(LeaveReason.DELETED);
    }

    @Test
    void repairsWhatTheNetworkLoses() throws Exception {
        int port = freePort();
        InetAddress elsewhere = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        start(port, List.of(elsewhere));
        try (var relay = new LossyRelay(
                new InetSocketAddress(elsewhere, port),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                0.02)) {
            publish();
            await(
                    "losses",
                    () -> video().filter(track -> track.recovered() >= 5 && track.packets() > 300)
                            .isPresent());

            TrackStatistics video = video().orElseThrow();
            assertThat(relay.lost()).isPositive();
            assertThat(video.unrecovered()).isZero();
            assertThat(page.number("nackCount")).isPositive();
            assertThat(page.number("availableBitsPerSecond")).isGreaterThan(COLLAPSED_BITS_PER_SECOND);
        }
    }

    private void start(int port, List<InetAddress> advertised) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        plane = MediaPlane.start(
                new MediaPlane.Options(List.of(loopback), port, 1, advertised, 10),
                DtlsCertificate.selfSigned(Instant.now()),
                new Listener());
        Admission admission = (token, _) -> {
            if (!token.equals("ticket")) {
                throw new Admission.Refused(Admission.Refused.Kind.INVALID, "not a ticket");
            }
            return new Admission.Admitted(STAGE, "chromium", "user", Map.of());
        };
        http = WebServer.builder()
                .bindAddress(new InetSocketAddress(loopback, 0))
                .shutdownHook(false)
                .addRouting(HttpRouting.builder()
                        .register(new WhipRoutes(
                                plane, admission, new JoinLimit(1_000, System::nanoTime), Optional.empty())))
                .build()
                .start();
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The session's URL. */
    private String publish() {
        return page.publish("http://127.0.0.1:" + http.port() + "/whip", "ticket");
    }

    private Optional<LivePublisher> publisher() {
        return plane.call(STAGE, stages -> stages.publishers(STAGE).stream().findFirst());
    }

    private List<TrackStatistics> statistics() {
        return plane.call(
                STAGE,
                stages -> stages.publishers(STAGE).stream()
                        .flatMap(publisher -> publisher.statistics().stream())
                        .toList());
    }

    private Optional<TrackStatistics> video() {
        return statistics().stream()
                .filter(track -> track.kind() == TrackKind.VIDEO)
                .findFirst();
    }

    private void await(String what, BooleanSupplier condition) {
        Instant until = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now())
                    .as("waiting for %s: %s, %s", what, page.state(), statistics())
                    .isBefore(until);
            page.live(100);
        }
    }

    private final class Listener implements SessionListener {
        @Override
        public void connected(SessionFacts session) {}

        @Override
        public void firstMedia(SessionFacts session) {}

        @Override
        public void left(SessionFacts session, LeaveReason reason) {
            left.add(reason);
        }
    }
}
