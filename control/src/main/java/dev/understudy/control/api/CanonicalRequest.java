package dev.understudy.control.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The one text of a request that signer and verifier agree on.
 *
 * <p>The path is encoded once more than it was sent, as every service but S3 has it: {@code %3A} becomes
 * {@code %253A}. The query is encoded afresh and sorted, headers are those listed as signed.
 */
final class CanonicalRequest {
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private CanonicalRequest() {}

    static String of(Request request, Signed signed, String payloadHash) {
        StringBuilder headers = new StringBuilder();
        for (String name : signed.signedHeaders()) {
            headers.append(name).append(':').append(value(request, name)).append('\n');
        }
        return String.join(
                "\n",
                request.method(),
                path(request.rawPath()),
                query(request.rawQuery()),
                headers,
                String.join(";", signed.signedHeaders()),
                payloadHash);
    }

    private static String value(Request request, String name) {
        return request.headers().getOrDefault(name, List.of()).stream()
                .map(value -> withSingleSpaces(value.strip()))
                .collect(Collectors.joining(","));
    }

    private static String withSingleSpaces(String value) {
        // Most have no space at all, and each call has some ten headers.
        return value.chars().anyMatch(Character::isWhitespace)
                ? SPACES.matcher(value).replaceAll(" ")
                : value;
    }

    /** Without dot segments and empty segments, each of the others encoded. */
    static String path(String rawPath) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : rawPath.split("/", -1)) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        boolean endsInSlash = rawPath.endsWith("/") && !segments.isEmpty();
        return Percent.encodePath("/" + String.join("/", segments) + (endsInSlash ? "/" : ""));
    }

    /** The parameters sorted by name, then value; all but the signature itself. */
    static String query(String rawQuery) {
        record Parameter(String name, String value) {}
        List<Parameter> parameters = new ArrayList<>();
        for (String raw : rawQuery.split("&", -1)) {
            int equals = raw.indexOf('=');
            String name = Percent.normalize(equals < 0 ? raw : raw.substring(0, equals));
            if (!raw.isEmpty() && !name.equals("X-Amz-Signature")) {
                parameters.add(new Parameter(name, equals < 0 ? "" : Percent.normalize(raw.substring(equals + 1))));
            }
        }
        return parameters.stream()
                .sorted(Comparator.comparing(Parameter::name).thenComparing(Parameter::value))
                .map(parameter -> parameter.name() + "=" + parameter.value())
                .collect(Collectors.joining("&"));
    }
}
