package dev.understudy.server.publish;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/**
 * WHIP's HTTP, client side (RFC 9725): an offer goes out, an answer and the session's URL come back. Thread-safe.
 *
 * <p>Redirections are followed by hand, because the token must go along.
 */
final class WhipClient {
    private static final Set<Integer> REDIRECTS = Set.of(307, 308);
    private static final int MAX_REDIRECTS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** Of an error's body, so much is shown. */
    private static final int MAX_SHOWN = 500;

    private final HttpClient http;
    private final String token;

    /** What came back: where the session is ended, and the answer's text. */
    record Opened(URI session, String answer) {}

    WhipClient(HttpClient http, String token) {
        this.http = http;
        this.token = token;
    }

    /** Publishes; throws with the status and what the server says when it is not 201 with a Location. */
    Opened open(URI whipUrl, String offer) throws IOException, InterruptedException {
        URI url = whipUrl;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpRequest request = request(url)
                    .header("Content-Type", "application/sdp")
                    .header("Accept", "application/sdp")
                    .POST(HttpRequest.BodyPublishers.ofString(offer))
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (!REDIRECTS.contains(response.statusCode())) {
                return opened(url, response);
            }
            url = location(url, response);
        }
        throw new IOException(whipUrl + " redirected more than " + MAX_REDIRECTS + " times");
    }

    private static Opened opened(URI url, HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 201) {
            String body = response.body().strip();
            throw new IOException("POST %s answered %d: %s"
                    .formatted(url, response.statusCode(), body.substring(0, Math.min(body.length(), MAX_SHOWN))));
        }
        return new Opened(location(url, response), response.body());
    }

    private static URI location(URI url, HttpResponse<?> response) throws IOException {
        String location = response.headers()
                .firstValue("Location")
                .orElseThrow(() -> new IOException(url + " answered " + response.statusCode() + " without Location"));
        try {
            return url.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException(url + " answered with an unusable Location", e);
        }
    }

    /** Ends the session; one that is gone already is as good. */
    void end(URI session) throws IOException, InterruptedException {
        HttpRequest request = request(session).DELETE().build();
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status / 100 != 2 && status != 404) {
            throw new IOException("DELETE " + session + " answered " + status);
        }
    }

    private HttpRequest.Builder request(URI url) {
        return HttpRequest.newBuilder(url).timeout(TIMEOUT).header("Authorization", "Bearer " + token);
    }
}
