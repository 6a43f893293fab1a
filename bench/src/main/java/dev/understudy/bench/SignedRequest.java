package dev.understudy.bench;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.Request;
import dev.understudy.control.api.SigV4Verifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Requests as an SDK signs them, at one fixed time, for a dispatcher without HTTP. */
final class SignedRequest {
    static final String REGION = "us-east-1";
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-01T10:30:00Z"));

    private static final String AMZ_DATE = "20261101T103000Z";
    private static final String SCOPE = "20261101/" + REGION + "/ivs/aws4_request";
    private static final AccessKey KEY = new AccessKey("AKIDEXAMPLE", "default", "secret", Optional.empty());

    private SignedRequest() {}

    /** Accepts what {@link #of} makes. */
    static SigV4Verifier verifier() {
        return new SigV4Verifier(_ -> Optional.of(KEY), REGION, CLOCK);
    }

    static Request of(String path, String body) {
        String canonical = String.join(
                "\n",
                "POST",
                path,
                "",
                "host:localhost:8080\nx-amz-date:" + AMZ_DATE + "\n",
                "host;x-amz-date",
                sha256(body));
        byte[] key = ("AWS4" + KEY.secret()).getBytes(StandardCharsets.UTF_8);
        for (String part : SCOPE.split("/", -1)) {
            key = hmac(key, part);
        }
        String toSign = String.join("\n", "AWS4-HMAC-SHA256", AMZ_DATE, SCOPE, sha256(canonical));
        String authorization = "AWS4-HMAC-SHA256 Credential=" + KEY.id() + "/" + SCOPE
                + ", SignedHeaders=host;x-amz-date, Signature=" + HexFormat.of().formatHex(hmac(key, toSign));
        Map<String, List<String>> headers = Map.of(
                "host", List.of("localhost:8080"),
                "x-amz-date", List.of(AMZ_DATE),
                "content-type", List.of("application/json"),
                "authorization", List.of(authorization));
        return new Request("POST", path, "", headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
