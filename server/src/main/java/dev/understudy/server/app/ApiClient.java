package dev.understudy.server.app;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.SigV4Signer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the control API for the demo and for measurements: the same signed calls that an AWS SDK makes, without
 * one. Thread-safe.
 */
public final class ApiClient implements AutoCloseable {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    /** An answer that is not 200. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String operation, int status, String body) {
            super(operation + " was answered " + status + ": " + body);
        }
    }

    /** The node speaks HTTP/1.1; offering more would cost an upgrade that never comes with every connection. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final JsonMapper json = new JsonMapper();
    private final URI endpoint;
    private final SigV4Signer signer;

    public ApiClient(URI endpoint, String region, String accessKeyId, String secretAccessKey) {
        this.endpoint = endpoint;
        this.signer = new SigV4Signer(new AccessKey(accessKeyId, "", secretAccessKey, Optional.empty()), region, "ivs");
    }

    /**
     * Calls {@code operation} of ivs-realtime.
     *
     * @param request written as JSON
     * @throws Refused when the answer is not 200
     */
    public JsonNode call(String operation, Object request) throws IOException, InterruptedException {
        String body = json.writeValueAsString(request);
        URI url = endpoint.resolve("/" + operation);
        HttpRequest.Builder post = HttpRequest.newBuilder(url).timeout(TIME_LIMIT);
        Map<String, String> headers = signer.post(
                url, Map.of("content-type", "application/json"), body.getBytes(StandardCharsets.UTF_8), Instant.now());
        headers.forEach((name, value) -> {
            if (!name.equals("host")) {
                post.header(name, value);
            }
        });
        HttpResponse<String> answer = http.send(
                post.POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new Refused(operation, answer.statusCode(), answer.body());
        }
        return json.readTree(answer.body());
    }

    @Override
    public void close() {
        http.close();
    }
}
