package dev.understudy.server.http;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Request;
import dev.understudy.control.api.Response;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Feeds requests to the control API as they were received, nothing decoded, and sends its answers. Thread-safe.
 *
 * <p>A request whose body is too large or too slow is answered at once, and its connection closed: what is left of the
 * body would be read as the next request.
 */
public final class ApiRoutes implements Handler {
    private final Dispatcher dispatcher;
    private final Duration bodyTimeLimit;

    /** The last of each name; the dispatcher has some ten names. */
    private final Map<String, Header> sent = new ConcurrentHashMap<>();

    public ApiRoutes(Dispatcher dispatcher, Duration bodyTimeLimit) {
        this.dispatcher = dispatcher;
        this.bodyTimeLimit = bodyTimeLimit;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        byte[] body;
        try {
            body = RequestBody.read(request, bodyTimeLimit);
        } catch (ApiException refusal) {
            response.header(HeaderValues.CONNECTION_CLOSE);
            send(dispatcher.refuse(refusal), response);
            return;
        }
        send(dispatcher.handle(asReceived(request, body)), response);
    }

    /** A request with nothing decoded, as signatures are checked on. */
    public static Request asReceived(ServerRequest request, byte[] body) {
        HttpPrologue prologue = request.prologue();
        return new Request(
                prologue.method().text(),
                prologue.uriPath().rawPath(),
                prologue.query().rawValue(),
                headers(request),
                body);
    }

    /** Most are the same in every answer, and making one checks each of its letters. */
    private Header header(String name, String value) {
        Header last = sent.get(name);
        if (last != null && last.get().equals(value)) {
            return last;
        }
        Header header = HeaderValues.create(name, value);
        sent.put(name, header);
        return header;
    }

    private static Map<String, List<String>> headers(ServerRequest request) {
        Map<String, List<String>> headers = new HashMap<>();
        for (Header header : request.headers()) {
            headers.put(header.headerName().lowerCase(), header.allValues());
        }
        return headers;
    }

    private void send(Response answer, ServerResponse response) {
        response.status(answer.status());
        answer.headers().forEach((name, value) -> response.header(header(name, value)));
        if (answer.body().length == 0) {
            response.send();
        } else {
            response.send(answer.body());
        }
    }
}
