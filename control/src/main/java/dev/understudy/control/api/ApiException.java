package dev.understudy.control.api;

/** A refusal that a caller can act on, with the name and the status under which AWS's SDKs know it. */
public final class ApiException extends RuntimeException {

    /** What went wrong; where the models know the error, name and status are theirs. */
    public enum Kind {
        VALIDATION("ValidationException", 400),
        ACCESS_DENIED("AccessDeniedException", 403),
        PENDING_VERIFICATION("PendingVerification", 403),
        RESOURCE_NOT_FOUND("ResourceNotFoundException", 404),
        CHANNEL_NOT_BROADCASTING("ChannelNotBroadcasting", 404),
        CONFLICT("ConflictException", 409),
        SERVICE_QUOTA_EXCEEDED("ServiceQuotaExceededException", 402),
        THROTTLING("ThrottlingException", 429),
        INTERNAL("InternalServerException", 500),
        STREAM_UNAVAILABLE("StreamUnavailable", 503),
        SERVICE_UNAVAILABLE("ServiceUnavailable", 503),

        // What AWS's front answers before a service sees the call; no model names these.
        UNKNOWN_OPERATION("UnknownOperationException", 404),
        NOT_IMPLEMENTED("NotImplementedException", 501),
        SERIALIZATION("SerializationException", 400),
        PAYLOAD_TOO_LARGE("RequestEntityTooLargeException", 413),
        REQUEST_TIMEOUT("RequestTimeoutException", 408),
        MALFORMED_HTTP_REQUEST("MalformedHttpRequestException", 400),
        REQUEST_LINE_TOO_LONG("MalformedHttpRequestException", 414),
        UNSUPPORTED_CONTENT_ENCODING("MalformedHttpRequestException", 415),
        REQUEST_HEAD_TOO_LARGE("MalformedHttpRequestException", 431),
        HTTP_VERSION_NOT_SUPPORTED("MalformedHttpRequestException", 505),
        MISSING_AUTHENTICATION_TOKEN("MissingAuthenticationTokenException", 403),
        INCOMPLETE_SIGNATURE("IncompleteSignatureException", 400),
        UNRECOGNIZED_CLIENT("UnrecognizedClientException", 403),
        INVALID_SIGNATURE("InvalidSignatureException", 403);

        private final String shape;
        private final int status;

        Kind(String shape, int status) {
            this.shape = shape;
            this.status = status;
        }

        /** The bare name of the error, as {@code x-amzn-errortype} carries it. */
        public String shape() {
            return shape;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }
    }

    private final Kind kind;
    private final String text;

    public ApiException(Kind kind, String message) {
        // A refusal is an answer, not a fault: nobody reads its stack trace, and filling it costs more than the call.
        super(message, null, false, false);
        this.kind = kind;
        this.text = message;
    }

    /** A member of the request that breaks a rule; {@code constraint} reads on from "Member must …". */
    public static ApiException invalid(String member, String constraint) {
        return new ApiException(
                Kind.VALIDATION,
                "1 validation error detected: Value at '" + member + "' failed to satisfy constraint: Member "
                        + constraint);
    }

    /** A request that is well-formed member by member, but not as a whole; the message is shown as it is. */
    public static ApiException validation(String message) {
        return new ApiException(Kind.VALIDATION, message);
    }

    public static ApiException accessDenied(String message) {
        return new ApiException(Kind.ACCESS_DENIED, message);
    }

    /** No resource has this ARN (or id). */
    public static ApiException notFound(String resource) {
        return new ApiException(Kind.RESOURCE_NOT_FOUND, "Resource: " + resource + " not found");
    }

    public static ApiException conflict(String message) {
        return new ApiException(Kind.CONFLICT, message);
    }

    public static ApiException quotaExceeded(String message) {
        return new ApiException(Kind.SERVICE_QUOTA_EXCEEDED, message);
    }

    public static ApiException throttled(String message) {
        return new ApiException(Kind.THROTTLING, message);
    }

    /** A fault of ours whose cause has been logged. */
    public static ApiException internal(String message) {
        return new ApiException(Kind.INTERNAL, message);
    }

    public Kind kind() {
        return kind;
    }

    /** The message, never null. */
    public String text() {
        return text;
    }
}
