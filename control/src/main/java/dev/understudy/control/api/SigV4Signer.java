package dev.understudy.control.api;

import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;

/**
 * Signs requests with AWS Signature Version 4, in the header form: the other half of {@link SigV4Verifier}. Immutable.
 *
 * @param service as in {@code ivs} or {@code events}
 */
public record SigV4Signer(AccessKey key, String region, String service) {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /**
     * The headers to send with a POST, by name in lower case: those that are given, and {@code host}, date, token and
     * signature.
     *
     * @param url without a query
     */
    public Map<String, String> post(URI url, Map<String, String> headers, byte[] body, Instant at) {
        String date = STAMP.format(at);
        TreeMap<String, String> signed = new TreeMap<>(headers);
        signed.put("host", url.getRawAuthority());
        signed.put("x-amz-date", date);
        key.sessionToken().ifPresent(token -> signed.put("x-amz-security-token", token));
        String scope = date.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
        String names = String.join(";", signed.keySet());
        String stringToSign = "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n"
                + Hashes.hex(Hashes.sha256(canonical(url, signed, names, body)));
        byte[] signingKey = SigningKeys.derive(key.secret(), date.substring(0, 8), region, service);
        signed.put(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=" + key.id() + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                        + Hashes.hex(Hashes.hmac(signingKey, stringToSign)));
        return signed;
    }

    private static String canonical(URI url, TreeMap<String, String> signed, String names, byte[] body) {
        StringBuilder headers = new StringBuilder();
        signed.forEach((name, value) ->
                headers.append(name).append(':').append(value.strip()).append('\n'));
        String path = CanonicalRequest.path(url.getRawPath().isEmpty() ? "/" : url.getRawPath());
        return String.join("\n", "POST", path, "", headers, names, Hashes.hex(Hashes.sha256(body)));
    }
}
