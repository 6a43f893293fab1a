package dev.understudy.server.playback;

import dev.understudy.server.storage.DirectoryBucket;
import dev.understudy.server.storage.DirectoryBuckets;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A bare player page under {@code /play/}, and the files of all buckets under {@code /recordings/BUCKET/KEY} for it.
 *
 * <p>Nobody is asked who they are, so this is only routed where the operator says so. Thread-safe.
 */
public final class PlaybackRoutes implements HttpService {
    private static final String RECORDINGS = "/recordings/";

    private static final Map<String, String> TYPES = Map.of(
            "m3u8", "application/vnd.apple.mpegurl",
            "mp4", "video/mp4",
            "json", "application/json",
            "jpg", "image/jpeg");

    private static final String LIBRARY_FACTS = "/META-INF/maven/org.webjars.npm/hls.js/pom.properties";

    private final DirectoryBuckets buckets;
    private final byte[] page = resource("player.html");
    private final byte[] library =
            resource("/META-INF/resources/webjars/hls.js/" + libraryVersion() + "/dist/hls.min.js");

    public PlaybackRoutes(DirectoryBuckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/play/", (_, response) -> send(response, "text/html; charset=utf-8", page))
                .get("/play/hls.min.js", (_, response) -> send(response, "text/javascript", library))
                .get(RECORDINGS + "{bucket}/{+key}", this::file);
    }

    private void file(ServerRequest request, ServerResponse response) throws IOException {
        String name = request.path().pathParameters().get("bucket");
        String key = request.path().pathParameters().get("key");
        Optional<byte[]> content = find(name, key);
        if (content.isEmpty()) {
            response.status(Status.NOT_FOUND_404).send("no such file\n");
            return;
        }
        send(
                response,
                TYPES.getOrDefault(key.substring(key.lastIndexOf('.') + 1), "application/octet-stream"),
                content.get());
    }

    private Optional<byte[]> find(String name, String key) throws IOException {
        try {
            Optional<DirectoryBucket> bucket = buckets.find(name);
            return bucket.isPresent() ? bucket.get().get(key) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Playlists change while they are read, so nothing is kept. */
    private static void send(ServerResponse response, String type, byte[] content) {
        response.header(HeaderNames.CONTENT_TYPE, type)
                .header(HeaderNames.CACHE_CONTROL, "no-cache")
                .header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .send(content);
    }

    /** Which version there is, is the build's to know; it stands in the paths of a WebJar. */
    private static String libraryVersion() {
        Properties facts = new Properties();
        try {
            facts.load(new StringReader(new String(resource(LIBRARY_FACTS), StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return facts.getProperty("version");
    }

    private static byte[] resource(String path) {
        try (InputStream in = PlaybackRoutes.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
