package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;

/** What has happened is told in the end, whatever dies in between. */
class EventDeathIT {
    private static final Pattern NAME = Pattern.compile("\"event_name\":\"([^\"]*)\"");
    private static final Pattern PARTICIPANT = Pattern.compile("\"participantId\":\"([^\"]*)\"");

    @TempDir
    Path data;

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private volatile boolean isAway = true;
    private HttpServer receiver;

    @BeforeEach
    void receive() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::receive);
        receiver.start();
        Path sinks = Files.createFile(
                data.resolve("sinks.json"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(sinks, """
                {"sinks": [{"type": "webhook", "name": "test", "url": "http://127.0.0.1:%d/", "secret": "sixteen letters!"}]}
                """.formatted(receiver.getAddress().getPort()));
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            (isAway ? refused : taken).add(first(NAME, body));
            exchange.sendResponseHeaders(isAway ? 503 : 204, -1);
        }
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    void whatAKilledNodeHadNotDeliveredTheNextOneDoes() throws Exception {
        try (Program node = Program.node(data, "--test-controls")) {
            URI url = node.awaitReady();
            publish(url);
            Await.value(refused::size, attempts -> attempts > 0);
            node.kill();
        }
        isAway = false;

        try (Program node = Program.node(data)) {
            node.awaitReady();

            assertThat(Await.value(() -> List.copyOf(taken), events -> events.size() >= 2))
                    .containsExactly("Participant Published", "Participant Unpublished");
        }
    }

    private void publish(URI url) throws Exception {
        try (IvsRealTimeClient ivs = Clients.realTime(url, data)) {
            String stage = ivs.createStage(request -> {}).stage().arn();
            String joined = post(url, "/_test/participants/join", "{\"stageArn\":\"" + stage + "\"}");
            post(
                    url,
                    "/_test/participants/publish",
                    "{\"stageArn\":\"" + stage + "\",\"participantId\":\"" + first(PARTICIPANT, joined) + "\"}");
        }
    }

    private static String post(URI url, String path, String body) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(url.resolve(path))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        }
    }

    private static String first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).as("%s in %s", pattern, text).isTrue();
        return found.group(1);
    }
}
