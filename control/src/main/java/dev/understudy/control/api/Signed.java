package dev.understudy.control.api;

import dev.understudy.control.api.ApiException.Kind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request says of its own signature, not yet believed.
 *
 * @param day of the scope, as in {@code 20261101}
 * @param signedHeaders names in lower case, ascending
 * @param amzDate when it was signed, as in {@code 20261101T103000Z}
 * @param signedAt the same
 * @param validFor how long a presigned request may be used; empty in the header form
 */
record Signed(
        String accessKeyId,
        String day,
        String region,
        String service,
        List<String> signedHeaders,
        String signature,
        String amzDate,
        Instant signedAt,
        Optional<Duration> validFor,
        Optional<String> sessionToken) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private static final Duration LONGEST = Duration.ofDays(7);

    private static final DateTimeFormatter AMZ_DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withResolverStyle(ResolverStyle.STRICT);

    /** What a token of RFC 9110 in lower case consists of. */
    private static final String HEADER_NAME = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+.^_`|~-";

    private static final Pattern CREDENTIAL =
            Pattern.compile("([^/\\s]{1,128})/([0-9]{8})/([a-z0-9-]{1,64})/([a-z0-9-]{1,64})/aws4_request");

    private static final List<String> HEADER_PARTS = List.of("Credential", "SignedHeaders", "Signature");

    private static final List<String> QUERY_PARTS = List.of(
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Expires",
            "X-Amz-SignedHeaders",
            "X-Amz-Signature");

    /** Reads either form; an {@link ApiException} says what is missing. */
    static Signed read(Request request) {
        boolean inHeader = request.headers().containsKey("authorization");
        boolean inQuery = !request.rawQuery().isEmpty()
                && QUERY_PARTS.stream().anyMatch(part -> !query(request, part).isEmpty());
        if (inHeader && inQuery) {
            throw incomplete("A request is signed in its header or in its query, not in both.");
        }
        if (!inHeader && !inQuery) {
            throw new ApiException(Kind.MISSING_AUTHENTICATION_TOKEN, "Missing Authentication Token");
        }
        Signed signed = inHeader ? readHeader(request) : readQuery(request);
        signed.checkCoverage(request);
        return signed;
    }

    private static Signed readHeader(Request request) {
        String header = request.header("authorization").orElseThrow(() -> incomplete("Authorization is repeated."));
        if (!header.startsWith(ALGORITHM + " ")) {
            throw incomplete("Authorization must begin with '" + ALGORITHM + "'.");
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : header.substring(ALGORITHM.length()).split(",", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            if (!HEADER_PARTS.contains(name)
                    || parts.put(name, part.substring(equals + 1).strip()) != null) {
                throw incomplete("Authorization has a part that is unknown or repeated.");
            }
        }
        String date = request.header("x-amz-date")
                .orElseThrow(() -> incomplete("Authorization header requires existence of one 'X-Amz-Date' header."));
        Optional<String> token = request.header("x-amz-security-token");
        return of(parts, "", date, Optional.empty(), token);
    }

    private static Signed readQuery(Request request) {
        Map<String, String> parts = new HashMap<>();
        for (String name : QUERY_PARTS) {
            parts.put(name, single(request, name).orElseThrow(() -> incomplete("Query requires one '" + name + "'.")));
        }
        if (!ALGORITHM.equals(parts.get("X-Amz-Algorithm"))) {
            throw incomplete("X-Amz-Algorithm must be '" + ALGORITHM + "'.");
        }
        Duration validFor = expires(parts.getOrDefault("X-Amz-Expires", ""));
        String date = parts.getOrDefault("X-Amz-Date", "");
        return of(parts, "X-Amz-", date, Optional.of(validFor), single(request, "X-Amz-Security-Token"));
    }

    private static Signed of(
            Map<String, String> parts,
            String prefix,
            String amzDate,
            Optional<Duration> validFor,
            Optional<String> sessionToken) {
        Matcher credential = CREDENTIAL.matcher(part(parts, prefix + "Credential"));
        if (!credential.matches()) {
            throw incomplete("Credential must be of the form key/date/region/service/aws4_request.");
        }
        return new Signed(
                credential.group(1),
                credential.group(2),
                credential.group(3),
                credential.group(4),
                headerNames(part(parts, prefix + "SignedHeaders")),
                part(parts, prefix + "Signature"),
                amzDate,
                instant(amzDate),
                validFor,
                sessionToken);
    }

    private static String part(Map<String, String> parts, String name) {
        String part = parts.getOrDefault(name, "");
        if (part.isEmpty()) {
            throw incomplete("Authorization requires '" + name + "' parameter.");
        }
        return part;
    }

    private static List<String> headerNames(String signedHeaders) {
        List<String> names = Arrays.asList(signedHeaders.split(";", -1));
        String last = "";
        for (String name : names) {
            if (name.compareTo(last) <= 0 || name.chars().anyMatch(c -> HEADER_NAME.indexOf(c) < 0)) {
                throw incomplete("SignedHeaders must be names in lower case, sorted, each once.");
            }
            last = name;
        }
        return names;
    }

    private static Instant instant(String amzDate) {
        try {
            return LocalDateTime.parse(amzDate, AMZ_DATE).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException _) {
            throw incomplete("X-Amz-Date must be in the ISO-8601 basic format YYYYMMDD'T'HHMMSS'Z'.");
        }
    }

    private static Duration expires(String seconds) {
        if (!seconds.matches("[0-9]{1,6}")) {
            throw incomplete("X-Amz-Expires must be a number of seconds.");
        }
        Duration validFor = Duration.ofSeconds(Integer.parseInt(seconds));
        if (validFor.isZero() || validFor.compareTo(LONGEST) > 0) {
            throw incomplete("X-Amz-Expires must be between 1 and " + LONGEST.toSeconds() + " seconds.");
        }
        return validFor;
    }

    /** A header that decides something and is not signed could have been added on the way. */
    private void checkCoverage(Request request) {
        checkIsSigned("host");
        for (String name : request.headers().keySet()) {
            if (name.startsWith("x-amz-")) {
                checkIsSigned(name);
            }
        }
        for (String name : signedHeaders) {
            if (!request.headers().containsKey(name)) {
                throw new ApiException(Kind.INVALID_SIGNATURE, "Signed header '" + name + "' is not in the request.");
            }
        }
    }

    private void checkIsSigned(String name) {
        if (!signedHeaders.contains(name)) {
            throw new ApiException(Kind.INVALID_SIGNATURE, "'" + name + "' must be a 'SignedHeader' in the request.");
        }
    }

    /** What is signed: the request's hash under its time and scope. */
    String stringToSign(byte[] canonicalRequestHash) {
        return String.join(
                "\n",
                ALGORITHM,
                amzDate,
                day + "/" + region + "/" + service + "/aws4_request",
                Hashes.hex(canonicalRequestHash));
    }

    private static Optional<String> single(Request request, String name) {
        List<String> values = query(request, name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    private static List<String> query(Request request, String name) {
        return request.rawQuery().contains("X-Amz-") || request.rawQuery().contains("%")
                ? Percent.queryValues(request.rawQuery(), name)
                : List.of();
    }

    private static ApiException incomplete(String message) {
        return new ApiException(Kind.INCOMPLETE_SIGNATURE, message);
    }
}
