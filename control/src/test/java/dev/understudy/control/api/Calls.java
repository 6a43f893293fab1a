package dev.understudy.control.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests as a correct caller signs them, at one fixed time. */
public final class Calls {
    static final AccessKey KEY =
            new AccessKey("AKIDEXAMPLE", "ci", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Optional.empty());
    public static final String REGION = "us-east-1";
    static final Instant NOW = Instant.parse("2026-11-01T10:30:00Z");
    public static final InstantSource CLOCK = InstantSource.fixed(NOW);
    static final String AMZ_DATE = "20261101T103000Z";

    private Calls() {}

    public static SigV4Verifier verifier() {
        return new SigV4Verifier(id -> Optional.of(KEY).filter(key -> key.id().equals(id)), REGION, CLOCK);
    }

    public static Dispatcher dispatcher(Api api) {
        return new Dispatcher(api, verifier(), Dispatcher.Gates.OPEN, CLOCK, () -> "request-1");
    }

    public static Request post(String path, String body) {
        return signed("POST", path, "", body.getBytes(StandardCharsets.UTF_8));
    }

    public static Request signed(String method, String path, String query, byte[] body) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("host", List.of("localhost:8080"));
        headers.put("x-amz-date", List.of(AMZ_DATE));
        String scope = AMZ_DATE.substring(0, 8) + "/" + REGION + "/ivs/aws4_request";
        var signed = new Signed(
                KEY.id(),
                AMZ_DATE.substring(0, 8),
                REGION,
                "ivs",
                List.of("host", "x-amz-date"),
                "",
                AMZ_DATE,
                CLOCK.instant(),
                Optional.empty(),
                Optional.empty());
        String canonical = CanonicalRequest.of(
                new Request(method, path, query, headers, body), signed, Hashes.hex(Hashes.sha256(body)));
        byte[] key = new SigningKeys().of(KEY, signed.day(), REGION, "ivs");
        String signature = Hashes.hex(Hashes.hmac(key, signed.stringToSign(Hashes.sha256(canonical))));
        headers.put(
                "authorization",
                List.of("AWS4-HMAC-SHA256 Credential=" + KEY.id() + "/" + scope
                        + ", SignedHeaders=host;x-amz-date, Signature=" + signature));
        return new Request(method, path, query, headers, body);
    }
}
