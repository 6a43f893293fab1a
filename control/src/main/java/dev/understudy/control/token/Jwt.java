package dev.understudy.control.token;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON Web Token in compact form (RFC 7519, RFC 7515 section 3.1), taken apart but not yet believed.
 *
 * @param signed the bytes that the signature covers
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Jwt(JsonNode header, JsonNode claims, byte[] signed, byte[] signature) {
    /**
     * The longest that the node makes has about 14,000: 1 KB of attributes becomes nine times as much when all of it is
     * escapes and short names, 128 characters of a user id six times, and base64 adds a third. The 16 KB that an HTTP
     * request's headers may have hold it.
     */
    static final int MAX_CHARS = 15_360;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** Takes a token apart; throws {@link Refusal} when it is none. */
    static Jwt parse(String token) {
        if (token.length() > MAX_CHARS) {
            throw new Refusal(Verdict.Reason.TOO_LARGE, "the token is longer than " + MAX_CHARS + " characters");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw malformed("the token has not three parts");
        }
        byte[] signed = token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
        return new Jwt(object(parts[0]), object(parts[1]), signed, bytes(parts[2]));
    }

    /** A token with this content; {@code sign} is given the bytes to cover. */
    static String write(Map<String, ?> header, Map<String, ?> claims, UnaryOperator<byte[]> sign) {
        String signed = part(header) + "." + part(claims);
        return signed + "." + ENCODER.encodeToString(sign.apply(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    /** A text of the header; empty when absent or no text. */
    Optional<String> header(String name) {
        JsonNode value = header.get(name);
        return value != null && value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    private static String part(Map<String, ?> content) {
        return ENCODER.encodeToString(JSON.writeValueAsBytes(content));
    }

    private static JsonNode object(String part) {
        try {
            JsonNode node = JSON.readTree(bytes(part));
            if (!node.isObject()) {
                throw malformed("header and claims of the token must be JSON objects");
            }
            return node;
        } catch (JacksonException e) {
            throw malformed("header and claims of the token must be JSON objects without repeated members");
        }
    }

    /** Without padding and with no bit left over (RFC 7515 section 2): so that one token has one text. */
    private static byte[] bytes(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (!ENCODER.encodeToString(bytes).equals(part)) {
                throw malformed("the parts of the token must be in base64url without padding");
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw malformed("the parts of the token must be in base64url without padding");
        }
    }

    private static Refusal malformed(String text) {
        return new Refusal(Verdict.Reason.MALFORMED, text);
    }
}
