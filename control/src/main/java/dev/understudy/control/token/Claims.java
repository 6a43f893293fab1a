package dev.understudy.control.token;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the claims of a token, each with its bounds; all throw {@link Refusal}. Pure. */
final class Claims {
    /** The longest that a token may live. */
    static final Duration MAX_LIFE = Duration.ofDays(14);

    /** The sum of the bytes of all attributes' names and values. */
    static final int MAX_ATTRIBUTES_BYTES = 1_024;

    /** How far the clock of who made a token may be ahead of ours. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(5);

    private static final Pattern PARTICIPANT_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final int MAX_URL_CHARS = 2_048;

    private final Jwt jwt;

    Claims(Jwt jwt) {
        this.jwt = jwt;
    }

    ParticipantClaims read(Instant now) {
        Instant issuedAt = time("iat");
        Instant expiresAt = time("exp");
        checkLife(issuedAt, expiresAt, now);
        checkBegun(now);
        String participantId = text("jti", 64);
        if (!PARTICIPANT_ID.matcher(participantId).matches()) {
            throw Refusal.claim("jti", "be 1 to 64 letters, digits, hyphens and underscores");
        }
        JsonNode capabilities = object("capabilities");
        var claims = new ParticipantClaims(
                participantId,
                text("resource", 128),
                optionalText("user_id", Tokens.MAX_USER_ID_CHARS),
                attributes(),
                flag(capabilities, "allow_publish"),
                flag(capabilities, "allow_subscribe"),
                issuedAt,
                expiresAt,
                optionalText("whip_url", MAX_URL_CHARS),
                optionalText("events_url", MAX_URL_CHARS),
                jwt.header("kid").orElse(""));
        if (!claims.mayPublish() && !claims.maySubscribe()) {
            throw Refusal.claim("capabilities", "allow to publish or to subscribe");
        }
        if (!claims.stageId().equals(text("topic", 128))) {
            throw new Refusal(Verdict.Reason.WRONG_STAGE, "claims resource and topic name different stages");
        }
        return claims;
    }

    /** Whether all attributes together are small enough to travel in tokens and events. */
    static boolean fit(Map<String, String> attributes) {
        return attributes.entrySet().stream()
                        .mapToInt(e -> bytes(e.getKey()) + bytes(e.getValue()))
                        .sum()
                <= MAX_ATTRIBUTES_BYTES;
    }

    private static void checkLife(Instant issuedAt, Instant expiresAt, Instant now) {
        if (!expiresAt.isAfter(now)) {
            throw new Refusal(Verdict.Reason.EXPIRED, "the token has expired at " + expiresAt);
        }
        if (issuedAt.isAfter(now.plus(MAX_CLOCK_SKEW))) {
            throw new Refusal(Verdict.Reason.NOT_YET_VALID, "the token was issued in the future, at " + issuedAt);
        }
        if (expiresAt.isAfter(issuedAt.plus(MAX_LIFE))) {
            throw new Refusal(Verdict.Reason.LIVES_TOO_LONG, "the token lives longer than 14 days");
        }
    }

    /** Tokens need not say from when on they count (RFC 7519 section 4.1.5); ours do not. */
    private void checkBegun(Instant now) {
        if (!isAbsent(jwt.claims().get("nbf")) && time("nbf").isAfter(now.plus(MAX_CLOCK_SKEW))) {
            throw new Refusal(Verdict.Reason.NOT_YET_VALID, "the token does not count before " + time("nbf"));
        }
    }

    private Instant time(String name) {
        JsonNode value = jwt.claims().get(name);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw Refusal.claim(name, "be whole seconds since 1970");
        }
        try {
            return Instant.ofEpochSecond(value.longValue());
        } catch (DateTimeException e) {
            throw Refusal.claim(name, "be a time");
        }
    }

    /** Characters are code points, as in the requests from which tokens are made. */
    private String text(String name, int maxChars) {
        JsonNode value = jwt.claims().get(name);
        if (value == null || !value.isString() || length(value.stringValue()) > maxChars) {
            throw Refusal.claim(name, "be a string of at most " + maxChars + " characters");
        }
        return value.stringValue();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private String optionalText(String name, int maxChars) {
        return isAbsent(jwt.claims().get(name)) ? "" : text(name, maxChars);
    }

    private JsonNode object(String name) {
        JsonNode value = jwt.claims().get(name);
        if (value == null || !value.isObject()) {
            throw Refusal.claim(name, "be an object");
        }
        return value;
    }

    private static boolean flag(JsonNode capabilities, String name) {
        JsonNode value = capabilities.get(name);
        if (!isAbsent(value) && !value.isBoolean()) {
            throw Refusal.claim("capabilities." + name, "be true or false");
        }
        return !isAbsent(value) && value.booleanValue();
    }

    private Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (!isAbsent(jwt.claims().get("attributes"))) {
            object("attributes").forEachEntry((name, value) -> {
                if (!value.isString()) {
                    throw Refusal.claim("attributes", "have strings as values");
                }
                attributes.put(name, value.stringValue());
            });
        }
        if (!fit(attributes)) {
            throw Refusal.claim("attributes", "have at most " + MAX_ATTRIBUTES_BYTES + " bytes");
        }
        return attributes;
    }

    @NullUnmarked
    private static boolean isAbsent(@Nullable JsonNode value) {
        return value == null || value.isNull();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
