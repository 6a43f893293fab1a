package dev.understudy.server.http;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.ApiException.Kind;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Response;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.util.List;
import java.util.Set;

/**
 * What the listener itself refuses, shaped as the API's refusals are; it may have come for any route. The connection
 * ends with it, for what follows may be anything. Thread-safe.
 */
final class Refusals implements DirectHandler {
    /** The API is there for every path, so that nothing is not found and nothing forbidden without it. */
    private static final List<EventType> REFUSED = List.of(
            EventType.BAD_REQUEST,
            EventType.PAYLOAD_TOO_LARGE,
            EventType.HTTP_VERSION_NOT_SUPPORTED,
            EventType.INTERNAL_ERROR,
            EventType.OTHER);

    private static final String HTTP = "HTTP/1.1";

    /** What the listener says where its own words repeat what came in. */
    private static final String UNSAID = "Bad request, see server log";

    private static final String HEAD_TOO_LARGE = "Header size exceeded";

    private static final Set<String> ENCODED =
            Set.of("Unsupported content encoding", "Content-Encoding header present when content encoding is disabled");

    private final Dispatcher dispatcher;

    private Refusals(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** Needs the listener to hand its messages over: {@code includeEntity}. */
    static DirectHandlers by(Dispatcher dispatcher) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        REFUSED.forEach(type -> handlers.addHandler(type, new Refusals(dispatcher)));
        return handlers.build();
    }

    @Override
    public TransportResponse handle(
            TransportRequest request, EventType type, Status status, ServerResponseHeaders headers, String message) {
        Response refusal = dispatcher.refuse(refusal(request, type, status, message));
        refusal.headers().forEach((name, value) -> headers.set(HeaderValues.create(name, value)));
        return TransportResponse.builder()
                .status(Status.create(refusal.status()))
                .headers(headers)
                .entity(refusal.body())
                .keepAlive(false)
                .build();
    }

    private static ApiException refusal(TransportRequest request, EventType type, Status status, String message) {
        return switch (status.code()) {
            case 400 -> malformed(request, message);
            case 413 -> Dispatcher.tooLarge();
            case 414 ->
                new ApiException(
                        Kind.REQUEST_LINE_TOO_LONG,
                        "The request line exceeds " + HttpServer.MAX_REQUEST_LINE_BYTES + " bytes");
            case 501 -> new ApiException(Kind.NOT_IMPLEMENTED, "The only transfer coding is chunked");
            case 503 -> new ApiException(Kind.SERVICE_UNAVAILABLE, "There are too many requests at once");
            default ->
                type == EventType.HTTP_VERSION_NOT_SUPPORTED
                        ? otherVersion()
                        : ApiException.internal("Internal server error");
        };
    }

    private static ApiException malformed(TransportRequest request, String message) {
        if (message.equals(HEAD_TOO_LARGE)) {
            return new ApiException(
                    Kind.REQUEST_HEAD_TOO_LARGE, "The headers exceed " + HttpServer.MAX_HEADER_BYTES + " bytes");
        }
        if (ENCODED.contains(message)) {
            return new ApiException(
                    Kind.UNSUPPORTED_CONTENT_ENCODING, "The body must come without any Content-Encoding");
        }
        return message.startsWith(UNSAID) ? requestLine(request) : notHttp(message);
    }

    /** The listener hands over as much of a request line as it understood. */
    private static ApiException requestLine(TransportRequest request) {
        String version = request.protocolVersion();
        if (version.equals(HTTP)) {
            return notHttp("The path has a character that must be percent-encoded, or % without two hex digits");
        }
        return version.contains(" HTTP/") ? otherVersion() : notHttp("The request line must be: METHOD /path " + HTTP);
    }

    private static ApiException otherVersion() {
        return new ApiException(Kind.HTTP_VERSION_NOT_SUPPORTED, "Only " + HTTP + " is spoken here");
    }

    private static ApiException notHttp(String why) {
        return new ApiException(Kind.MALFORMED_HTTP_REQUEST, "The request is not well-formed HTTP: " + why);
    }
}
