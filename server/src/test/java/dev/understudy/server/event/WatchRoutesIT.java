package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.AllowList;
import dev.understudy.control.api.Api;
import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Gate;
import dev.understudy.control.api.SigV4Signer;
import dev.understudy.control.api.SigV4Verifier;
import dev.understudy.control.event.Sink;
import dev.understudy.server.http.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class WatchRoutesIT {
    private static final AccessKey KEY = new AccessKey("AKID", "default", "secret", Optional.empty());
    private static final int NEVER_LONGER_MILLIS = 20_000;

    private final Map<String, AllowList.Permit> limits = new ConcurrentHashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private Outboxes outbox;
    private EventSinks sinks;
    private WatchRoutes watch;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        outbox = new Outboxes(folder);
        Sink nobody = new Sink.Webhook("hook", URI.create("http://127.0.0.1:9/"), "0123456789abcdef");
        sinks = EventSinks.start(List.of(nobody), outbox.events, InstantSource.system());
        var verifier = new SigV4Verifier(
                id -> Optional.of(KEY).filter(k -> k.id().equals(id)), "us-east-1", InstantSource.system());
        watch = new WatchRoutes(
                outbox.events,
                sinks,
                new byte[32],
                id -> Optional.of(KEY).filter(k -> k.id().equals(id)),
                verifier::verify,
                this::limit,
                URI.create("https://ivs.example.org"));
        server = HttpServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Dispatcher(new Api(), verifier, Dispatcher.Gates.OPEN, InstantSource.system(), () -> "request"),
                routing -> routing.register(watch));
    }

    @AfterEach
    void stop() {
        client.close();
        watch.close();
        server.close();
        sinks.close();
        outbox.close();
    }

    /** Nobody is limited but whom a test limits. */
    private Optional<AllowList.Permit> limit(Gate.Call call) {
        return Optional.ofNullable(limits.get(call.operation()));
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private HttpResponse<String> begin() throws Exception {
        HttpRequest.Builder post = HttpRequest.newBuilder(url("/console/session"));
        new SigV4Signer(KEY, "us-east-1", "ivs")
                .post(url("/console/session"), Map.of(), new byte[0], Instant.now())
                .forEach((name, value) -> {
                    if (!name.equals("host")) {
                        post.header(name, value);
                    }
                });
        return client.send(post.POST(HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private String token() throws Exception {
        return new JsonMapper().readTree(begin().body()).get("token").stringValue();
    }

    private HttpResponse<InputStream> open(String... headers) throws Exception {
        return client.send(
                HttpRequest.newBuilder(url("/console/events")).headers(headers).build(), BodyHandlers.ofInputStream());
    }

    private static BufferedReader lines(HttpResponse<InputStream> stream) {
        return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
    }

    /** The next lines that say something. */
    private static List<String> next(BufferedReader lines, int count) throws IOException {
        List<String> read = new ArrayList<>();
        while (read.size() < count) {
            String line = lines.readLine();
            assertThat(line).isNotNull();
            if (!line.isEmpty() && !line.startsWith(":")) {
                read.add(line);
            }
        }
        return read;
    }

    /** The status line of a request that is written byte by byte. */
    private String status(String head) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(NEVER_LONGER_MILLIS);
            socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void aSignedRequestBeginsASession() throws Exception {
        HttpResponse<String> begun = begin();

        assertThat(begun.statusCode()).isEqualTo(200);
        assertThat(begun.headers().firstValue("set-cookie"))
                .hasValueSatisfying(cookie -> assertThat(cookie)
                        .startsWith("understudy_session=QUtJRA.")
                        .endsWith("; Path=/console; HttpOnly; SameSite=Strict; Max-Age=43200; Secure"));
    }

    @Test
    void whoMayNotAskAboutEveryStageMayNotWatch() throws Exception {
        String token = token();
        limits.put("ListParticipantEvents", resource -> {
            throw ApiException.accessDenied("not on " + resource);
        });

        assertThat(begin().statusCode()).isEqualTo(403);
        assertThat(begin().body()).isEqualTo("not on AnyOf[type=stage]\n");
        assertThat(open("Authorization", "Bearer " + token).statusCode()).isEqualTo(401);
    }

    @Test
    void anUnsignedRequestDoesNot() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(url("/console/session"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
    }

    @Test
    void aStreamTellsWhatHappens() throws Exception {
        outbox.happened("arn:a:before");
        HttpResponse<InputStream> stream = open("Cookie", "understudy_session=" + token());
        try (BufferedReader lines = lines(stream)) {
            outbox.happened("arn:a:1", "arn:a:2");

            assertThat(stream.headers().firstValue("content-type")).contains("text/event-stream");
            assertThat(stream.headers().firstValue("access-control-allow-origin"))
                    .isEmpty();
            List<String> told = next(lines, 4);
            assertThat(told).element(0).isEqualTo("id: 2");
            assertThat(told.get(1)).startsWith("data: {\"version\":\"0\"").contains("\"participant_id\":\"1\"");
            assertThat(told).element(2).isEqualTo("id: 3");
        }
    }

    @Test
    void aStreamGoesOnWhereAnotherWasCutOff() throws Exception {
        outbox.happened("arn:a:1", "arn:a:2", "arn:a:3");
        HttpResponse<InputStream> stream = open("Authorization", "Bearer " + token(), "Last-Event-ID", "1");
        try (BufferedReader lines = lines(stream)) {
            assertThat(next(lines, 4)).filteredOn(line -> line.startsWith("id")).containsExactly("id: 2", "id: 3");
        }
    }

    @Test
    void aStreamSaysWhatWasLostMeanwhile() throws Exception {
        outbox.happened("arn:a:1", "arn:a:2");
        outbox.events.elapsed(Instant.now().plus(Duration.ofDays(4)));
        HttpResponse<InputStream> stream = open("Authorization", "Bearer " + token(), "Last-Event-ID", "0");
        try (BufferedReader lines = lines(stream)) {
            assertThat(next(lines, 3)).containsSequence("event: lost", "data: {\"events\":1}", "id: 2");
        }
    }

    @Test
    void thereAreNoMoreStreamsThanItBears() throws Exception {
        String token = token();
        List<HttpResponse<InputStream>> streams = new ArrayList<>();
        for (int i = 0; i < WatchRoutes.MAX_STREAMS; i++) {
            streams.add(open("Authorization", "Bearer " + token));
        }

        assertThat(streams).allSatisfy(stream -> assertThat(stream.statusCode()).isEqualTo(200));
        assertThat(open("Authorization", "Bearer " + token).statusCode()).isEqualTo(503);
        for (HttpResponse<InputStream> stream : streams) {
            stream.body().close();
        }
    }

    @Test
    void closingEndsTheStreams() throws Exception {
        HttpResponse<InputStream> stream = open("Authorization", "Bearer " + token());
        try (BufferedReader lines = lines(stream)) {
            assertThat(lines.readLine()).isEqualTo(": connected");

            watch.close();

            assertThat(lines.lines().filter(line -> line.startsWith("data"))).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "no session, '', 401",
        "another session, Cookie: understudy_session=QUtJRA.1.00, 401",
        "another bearer, Authorization: Bearer x, 401",
    })
    void nobodyWatchesWithoutASession(String name, String header, int status) throws IOException {
        for (String path : List.of("/console/events", "/console/sinks")) {
            assertThat(status(
                            "GET " + path + " HTTP/1.1\r\nHost: localhost" + (header.isEmpty() ? "" : "\r\n") + header))
                    .as(name)
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "rebound.example.net, -, 403",
                "localhost, http://evil.example.net, 403",
                "localhost, null, 403",
                "localhost, http://localhost, 200",
                "ivs.example.org, https://ivs.example.org, 200",
                "ivs.example.org, -, 200",
            })
    void aForeignPageWatchesNothing(String host, String origin, int status) throws Exception {
        String from = origin == null ? "" : "\r\nOrigin: " + origin;

        assertThat(status("GET /console/events HTTP/1.1\r\nHost: " + host + from + "\r\nCookie: understudy_session="
                        + token()))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void refusesAnIdThatIsNone() throws Exception {
        assertThat(open("Authorization", "Bearer " + token(), "Last-Event-ID", "1 OR 1")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void tellsHowTheSinksAreDoing() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(url("/console/sinks"))
                        .header("Authorization", "Bearer " + token())
                        .build(),
                BodyHandlers.ofString());

        assertThat(new JsonMapper().readTree(answer.body())).isEqualTo(new JsonMapper().readTree("""
                [{"name": "hook",
                  "status": {"pending": 0, "delivered": 0, "failed": 0, "parked": 0, "dropped": 0},
                  "health": {"lastSuccessAt": null, "lastError": null, "lastErrorAt": null, "nextAttemptAt": null},
                  "parked": []}]"""));
    }
}
