package dev.understudy.server.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the control API for the demo and for measurements: the same signed calls that an AWS SDK makes, without
 * one. Thread-safe.
 *
 * <p>Signs as AWS Signature Version 4 in its simplest form: one path segment, no query, three signed headers.
 */
public final class ApiClient implements AutoCloseable {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);
    private static final String SIGNED_HEADERS = "content-type;host;x-amz-date";

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
    private final String region;
    private final String accessKeyId;
    private final String secretAccessKey;

    public ApiClient(URI endpoint, String region, String accessKeyId, String secretAccessKey) {
        this.endpoint = endpoint;
        this.region = region;
        this.accessKeyId = accessKeyId;
        this.secretAccessKey = secretAccessKey;
    }

    /**
     * Calls {@code operation} of ivs-realtime.
     *
     * @param request written as JSON
     * @throws Refused when the answer is not 200
     */
    public JsonNode call(String operation, Object request) throws IOException, InterruptedException {
        String body = json.writeValueAsString(request);
        String date = STAMP.format(Instant.now());
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(endpoint.resolve("/" + operation))
                        .timeout(TIME_LIMIT)
                        .header("content-type", "application/json")
                        .header("x-amz-date", date)
                        .header("authorization", authorization(operation, body, date))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new Refused(operation, answer.statusCode(), answer.body());
        }
        return json.readTree(answer.body());
    }

    private String authorization(String operation, String body, String date) {
        String scope = date.substring(0, 8) + "/" + region + "/ivs/aws4_request";
        String canonical = "POST\n/" + operation + "\n\ncontent-type:application/json\nhost:" + endpoint.getAuthority()
                + "\nx-amz-date:" + date + "\n\n" + SIGNED_HEADERS + "\n" + sha256(body);
        byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        byte[] signature = hmac(key, "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256(canonical));
        return "AWS4-HMAC-SHA256 Credential=" + accessKeyId + "/" + scope + ", SignedHeaders=" + SIGNED_HEADERS
                + ", Signature=" + HexFormat.of().formatHex(signature);
    }

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
