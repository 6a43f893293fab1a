package dev.understudy.control.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One HTTP answer.
 *
 * @param status the HTTP status
 * @param headers one value each, in the order to send them
 * @param body empty where the status allows none
 */
@SuppressWarnings("ArrayRecordComponent") // carried from writer to socket once, never compared
public record Response(int status, Map<String, String> headers, byte[] body) {

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
