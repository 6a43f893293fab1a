package dev.understudy.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of a node's test controls. Thread-safe. */
final class Controls implements AutoCloseable {
    /** A control does its work before it answers; none takes a second. */
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI node;

    Controls(URI node) {
        this.node = node;
    }

    /** Uses a control; throws {@link IllegalArgumentException} with the node's own words when it refuses. */
    JsonNode post(String control, Map<String, ?> members) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node + "/_test/" + control))
                .timeout(TIME_LIMIT)
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(members)))
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() != 200) {
                throw new IllegalArgumentException(
                        control + ": " + json.path("message").asString(""));
            }
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException("the node did not answer " + control, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the node was asked for " + control, e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
