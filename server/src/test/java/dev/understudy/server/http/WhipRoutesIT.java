package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.server.http.Admission.Refused;
import dev.understudy.server.net.DtlsCertificate;
import dev.understudy.server.net.LeaveReason;
import dev.understudy.server.net.MediaPlane;
import dev.understudy.server.net.SessionFacts;
import dev.understudy.server.net.SessionListener;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP side of publishing, as clients see it; what is behind it is {@code MediaPlaneIT}'s. */
@Timeout(60)
class WhipRoutesIT {
    private static final String OFFER = """
            v=0
            o=- 1 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            c=IN IP4 0.0.0.0
            a=ice-ufrag:clnt
            a=ice-pwd:clientclientclientclient
            a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF
            a=setup:actpass
            a=mid:0
            a=sendonly
            a=rtcp-mux
            a=rtpmap:111 opus/48000/2
            """.replace("\n", "\r\n");

    private final BlockingQueue<String> left = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<String> faults = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> withdrawn = new LinkedBlockingQueue<>();
    private JoinLimit joinLimit = new JoinLimit(1_000, System::nanoTime);
    private MediaPlane plane;
    private WebServer http;

    @BeforeEach
    void start() throws Exception {
        plane = MediaPlane.start(
                new MediaPlane.Options(List.of(InetAddress.getLoopbackAddress()), 0, 1, List.of(), 2),
                DtlsCertificate.selfSigned(Instant.EPOCH),
                new Listener());
        http = serve(Optional.empty());
    }

    private WebServer serve(Optional<URI> publicUrl) {
        return WebServer.builder()
                .bindAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .shutdownHook(false)
                .addRouting(HttpRouting.builder().register(new WhipRoutes(plane, new Door(), joinLimit, publicUrl)))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        client.close();
        http.stop();
        plane.close();
    }

    @Test
    void opensASessionAndEndsIt() throws Exception {
        HttpResponse<String> answer = send(post(OFFER));

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/sdp");
        assertThat(header(answer, "ETag")).matches("\"[\\w-]{8}\"");
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(answer, "Access-Control-Expose-Headers"))
                .contains("Location", "ETag", "Link", "Accept-Patch");
        assertThat(answer.body()).startsWith("v=0\r\n").contains("a=setup:passive", "a=ice-lite", "typ host");
        String location = header(answer, "Location");
        assertThat(location).matches("http://127\\.0\\.0\\.1:" + http.port() + "/whip/sessions/[\\w-]{24}");

        assertThat(send(to(location).DELETE()).statusCode()).isEqualTo(200);
        assertThat(left.take()).isEqualTo("alice DELETED");
        assertThat(send(to(location).DELETE()).statusCode()).isEqualTo(404);
    }

    @Test
    void namesThePublicUrlWhereThereIsOne() throws Exception {
        http.stop();
        http = serve(Optional.of(URI.create("https://media.example.org/base/")));

        assertThat(header(send(post(OFFER)), "Location")).startsWith("https://media.example.org/base/whip/sessions/");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            without a token        |                  | 401 | The header Authorization: Bearer <participant token> is missing
            another scheme         | Basic YTpi       | 401 | The header Authorization must be: Bearer <participant token>
            no token after Bearer  | Bearer           | 401 | The header Authorization must be: Bearer <participant token>
            not a token            | Bearer INVALID   | 401 | because it is INVALID
            expired                | Bearer EXPIRED   | 401 | because it is EXPIRED
            another stage's        | bearer WRONG_STAGE | 403 | because it is WRONG_STAGE
            may not publish        | Bearer NOT_PERMITTED | 403 | because it is NOT_PERMITTED
            no place left          | Bearer CROWDED   | 503 | because it is CROWDED
            """)
    void refusesTokensWithTheReason(String description, String authorization, int status, String reason)
            throws Exception {
        HttpRequest.Builder request =
                to(endpoint()).header("Content-Type", "application/sdp").POST(BodyPublishers.ofString(OFFER));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }

        HttpResponse<String> answer = send(request);

        assertThat(answer.statusCode()).as(description).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(reason + "\n");
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answer.headers().firstValue("WWW-Authenticate").isPresent()).isEqualTo(status == 401);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            no SDP               | hello
            nothing              | ''
            no media             | v=0
            """)
    void refusesWhatIsNoOffer(String description, String body) throws Exception {
        HttpResponse<String> answer = send(post(body));

        assertThat(answer.statusCode()).as(description).isBetween(400, 422);
        assertThat(answer.body()).isNotBlank();
        assertThat(plane.sessions()).isZero();
    }

    @Test
    void refusesACodecThatItDoesNotTake() throws Exception {
        HttpResponse<String> answer = send(post(OFFER.replace("opus/48000/2", "PCMU/8000")));

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).containsIgnoringCase("opus");
        assertThat(faults.take()).isEqualTo("alice AUDIO_CODEC " + answer.body().strip());
    }

    @Test
    void refusesAJunkTokenBeforeItsCodec() throws Exception {
        HttpResponse<String> answer =
                send(post(OFFER.replace("opus/48000/2", "PCMU/8000")).setHeader("Authorization", "Bearer INVALID"));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void refusesAnAddressThatAsksTooOften() throws Exception {
        http.stop();
        joinLimit = new JoinLimit(1, () -> 0);
        http = serve(Optional.empty());

        assertThat(send(post(OFFER)).statusCode()).isEqualTo(201);
        HttpResponse<String> answer = send(post(OFFER));

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(header(answer, "Retry-After")).isEqualTo("1");
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answer.body()).isEqualTo("Your address asks to join too often; try again in a second\n");
        assertThat(joinLimit.refused()).isEqualTo(1);
    }

    @Test
    void refusesOtherTypesAndLongBodies() throws Exception {
        HttpResponse<String> json = send(to(endpoint())
                .header("Authorization", "Bearer alice")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
        HttpResponse<String> unacceptable = send(post(OFFER).header("Accept", "text/html"));
        HttpResponse<String> tooLong = send(post("v".repeat(WhipRoutes.MAX_SDP_BYTES + 1)));

        assertThat(json.statusCode()).isEqualTo(415);
        assertThat(header(json, "Accept-Post")).isEqualTo("application/sdp");
        assertThat(unacceptable.statusCode()).isEqualTo(406);
        assertThat(tooLong.statusCode()).isEqualTo(413);
    }

    @Test
    void saysWhenItIsFull() throws Exception {
        send(post(OFFER));
        send(post(OFFER).setHeader("Authorization", "Bearer bob"));
        HttpResponse<String> answer = send(post(OFFER).setHeader("Authorization", "Bearer carol"));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(header(answer, "Retry-After")).isEqualTo("5");
        assertThat(left.take()).isEqualTo("carol NO_ROOM");
        assertThat(withdrawn).isEmpty();
    }

    @Test
    void endsTheSessionOfWhoWasDisconnectedMeanwhile() throws Exception {
        HttpResponse<String> answer = send(post(OFFER).setHeader("Authorization", "Bearer gone"));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(left.take()).isEqualTo("gone DISCONNECTED");
        assertThat(plane.sessions()).isZero();
        assertThat(withdrawn).isEmpty();
    }

    @Test
    void takesTheAdmissionBackWhenNoSessionComesOfIt() throws Exception {
        plane.close();

        HttpResponse<String> answer = send(post(OFFER));

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(withdrawn).containsExactly("alice");
        assertThat(left).isEmpty();
    }

    /** simple-whip-client sends If-Match, whip-web-client sends ETag, others neither. */
    @Test
    void takesTrickledCandidatesAndRefusesRestarts() throws Exception {
        HttpResponse<String> session = send(post(OFFER));
        String location = header(session, "Location");
        String etag = header(session, "ETag");

        assertThat(send(patch(location).header("If-Match", etag)).statusCode()).isEqualTo(204);
        assertThat(send(patch(location).header("ETag", etag)).statusCode()).isEqualTo(204);
        assertThat(send(patch(location)).statusCode()).isEqualTo(204);
        assertThat(send(patch(location).header("If-Match", "\"other\"")).statusCode())
                .isEqualTo(412);
        assertThat(send(patch(location).header("If-Match", "*")).statusCode()).isEqualTo(422);
        assertThat(send(patch(location).setHeader("Content-Type", "text/plain")).statusCode())
                .isEqualTo(415);
        assertThat(send(patch(location + "x")).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"GET, /whip", "PUT, /whip/", "GET, /whip/sessions/x", "POST, /whip/sessions/x"})
    void refusesOtherMethods(String method, String path) throws Exception {
        HttpResponse<String> answer =
                send(to("http://127.0.0.1:" + http.port() + path).method(method, BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(header(answer, "Allow")).contains("OPTIONS");
    }

    @ParameterizedTest
    @CsvSource({"/whip", "/whip/", "/whip/sessions/x"})
    void letsPagesOfOtherOriginsAsk(String path) throws Exception {
        HttpResponse<String> answer =
                send(to("http://127.0.0.1:" + http.port() + path).method("OPTIONS", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(header(answer, "Access-Control-Allow-Methods")).isEqualTo("POST, DELETE, PATCH, OPTIONS");
        assertThat(header(answer, "Access-Control-Allow-Headers"))
                .contains("Authorization", "Content-Type", "If-Match");
        assertThat(header(answer, "Accept-Post")).isEqualTo("application/sdp");
    }

    private String endpoint() {
        return "http://127.0.0.1:" + http.port() + "/whip";
    }

    private HttpRequest.Builder post(String body) {
        return to(endpoint())
                .header("Authorization", "Bearer alice")
                .header("Content-Type", "application/sdp; charset=utf-8")
                .POST(BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder patch(String location) {
        return to(location)
                .header("Content-Type", "application/trickle-ice-sdpfrag")
                .method("PATCH", BodyPublishers.ofString("a=ice-ufrag:clnt\r\na=end-of-candidates\r\n"));
    }

    private static HttpRequest.Builder to(String url) {
        return HttpRequest.newBuilder(URI.create(url));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow(() -> new AssertionError("no " + name));
    }

    /** A token is its participant's name, or the word for what is wrong with it; "gone" counts only once. */
    private final class Door implements Admission {
        @Override
        public Admitted admit(String token, ClientInfo from) throws Refused {
            check(token);
            assertThat(from.address()).isEqualTo("127.0.0.1");
            return new Admitted("stage", token, "user", Map.of());
        }

        private static void check(String token) throws Refused {
            for (Refused.Kind kind : Refused.Kind.values()) {
                if (token.equals(kind.name())) {
                    throw new Refused(kind, "because it is " + kind.name());
                }
            }
        }

        @Override
        public void cannotPublish(String token, ClientInfo from, Fault fault, String why) throws Refused {
            check(token);
            faults.add(token + " " + fault + " " + why);
        }

        @Override
        public boolean isStillAdmitted(Admitted admitted, String bearerToken) {
            assertThat(admitted.participantId()).isEqualTo(bearerToken);
            return !bearerToken.equals("gone");
        }

        @Override
        public void withdrawn(Admitted admitted) {
            withdrawn.add(admitted.participantId());
        }
    }

    private final class Listener implements SessionListener {
        @Override
        public void connected(SessionFacts session) {}

        @Override
        public void firstMedia(SessionFacts session) {}

        @Override
        public void left(SessionFacts session, LeaveReason reason) {
            left.add(session.participantId() + " " + reason);
        }
    }
}
