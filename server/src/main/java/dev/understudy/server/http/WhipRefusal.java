package dev.understudy.server.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.util.List;

/** Thrown where a WHIP request is to be answered with an error; the message is shown to the client. */
final class WhipRefusal extends Exception {
    private static final Status UNPROCESSABLE = Status.create(422);

    private final Status status;
    private final transient List<Header> headers;

    private WhipRefusal(Status status, String message, Header... headers) {
        super(message);
        this.status = status;
        this.headers = List.of(headers);
    }

    Status status() {
        return status;
    }

    List<Header> headers() {
        return headers;
    }

    static WhipRefusal badRequest(String message) {
        return new WhipRefusal(Status.BAD_REQUEST_400, message);
    }

    static WhipRefusal unauthorized(String message) {
        return new WhipRefusal(
                Status.UNAUTHORIZED_401, message, HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer"));
    }

    static WhipRefusal forbidden(String message) {
        return new WhipRefusal(Status.FORBIDDEN_403, message);
    }

    static WhipRefusal notFound(String message) {
        return new WhipRefusal(Status.NOT_FOUND_404, message);
    }

    static WhipRefusal methodNotAllowed(String allowed) {
        return new WhipRefusal(
                Status.METHOD_NOT_ALLOWED_405,
                "Only " + allowed + " can be asked for here",
                HeaderValues.create(HeaderNames.ALLOW, allowed));
    }

    static WhipRefusal notAcceptable(String message) {
        return new WhipRefusal(Status.NOT_ACCEPTABLE_406, message);
    }

    static WhipRefusal preconditionFailed(String message) {
        return new WhipRefusal(Status.PRECONDITION_FAILED_412, message);
    }

    static WhipRefusal tooLarge(String message) {
        return new WhipRefusal(Status.REQUEST_ENTITY_TOO_LARGE_413, message);
    }

    /** What is left of the body would be read as the next request, so the connection ends. */
    static WhipRefusal unreadable(Status status, String message) {
        return new WhipRefusal(status, message, HeaderValues.CONNECTION_CLOSE);
    }

    static WhipRefusal unsupportedMediaType(String message, Header accepted) {
        return new WhipRefusal(Status.UNSUPPORTED_MEDIA_TYPE_415, message, accepted);
    }

    static WhipRefusal unprocessable(String message) {
        return new WhipRefusal(UNPROCESSABLE, message);
    }

    static WhipRefusal tooMany(String message) {
        return new WhipRefusal(
                Status.TOO_MANY_REQUESTS_429, message, HeaderValues.create(HeaderNames.RETRY_AFTER, "1"));
    }

    static WhipRefusal unavailable(String message) {
        return new WhipRefusal(
                Status.SERVICE_UNAVAILABLE_503, message, HeaderValues.create(HeaderNames.RETRY_AFTER, "5"));
    }
}
