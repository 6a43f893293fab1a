package dev.understudy.control.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request as it was received, nothing decoded: a signature covers the raw form.
 *
 * @param method as in {@code POST}
 * @param rawPath the path as sent, still percent-encoded, beginning with a slash
 * @param rawQuery what follows the question mark, still percent-encoded; empty when there is none
 * @param headers values in order of arrival, by name in lower case
 * @param body the whole body, transfer coding removed; owned by the request
 */
@SuppressWarnings("ArrayRecordComponent") // carried from socket to parser once, never compared
public record Request(String method, String rawPath, String rawQuery, Map<String, List<String>> headers, byte[] body) {

    /** The only value of a header; empty when it is absent or repeated. */
    public Optional<String> header(String lowerCaseName) {
        List<String> values = headers.getOrDefault(lowerCaseName, List.of());
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }
}
