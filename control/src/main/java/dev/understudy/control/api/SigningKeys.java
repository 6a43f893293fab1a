package dev.understudy.control.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The keys derived from secrets for a day, a region and a service, kept because deriving takes four HMACs. Thread-safe. */
final class SigningKeys {
    /** Far more than the access keys of a deployment times the eight days that presigned requests span. */
    static final int MAX_KEPT = 1_024;

    private record Scope(AccessKey key, String day, String region, String service) {}

    private final Map<Scope, byte[]> kept = new ConcurrentHashMap<>();

    byte[] of(AccessKey key, String day, String region, String service) {
        var scope = new Scope(key, day, region, service);
        byte[] known = kept.get(scope);
        if (known != null) {
            return known;
        }
        byte[] derived = derive(key.secret(), day, region, service);
        if (kept.size() >= MAX_KEPT) {
            kept.clear();
        }
        kept.put(scope, derived);
        return derived;
    }

    static byte[] derive(String secret, String day, String region, String service) {
        byte[] ofDay = Hashes.hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), day);
        byte[] ofRegion = Hashes.hmac(ofDay, region);
        byte[] ofService = Hashes.hmac(ofRegion, service);
        return Hashes.hmac(ofService, "aws4_request");
    }
}
