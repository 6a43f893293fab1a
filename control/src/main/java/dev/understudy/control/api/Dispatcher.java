package dev.understudy.control.api;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers requests to the control API: one request in, one answer out, always.
 *
 * <p>A request is refused by the first of these that it fails: size, route, signature, whether the caller may call the
 * operation, JSON, shape, whether it may do so on what it names, throttle, and then the handler's own rules. Whatever a
 * caller sends, the answer is shaped as AWS's; a fault of ours is logged here, and nowhere else. Thread-safe; blocks as
 * long as the handler does.
 */
public final class Dispatcher {
    /** The largest body that is read; the largest request that makes sense has some kilobytes. */
    public static final int MAX_BODY_BYTES = 1 << 20;

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** The header members of the models, which real answers carry, with their observed values. */
    private static final Map<String, String> MODELLED_HEADERS = modelledHeaders();

    /** What a browser may send: a wildcard would not cover Authorization. */
    private static final String ALLOWED_HEADERS = "authorization,content-type,x-amz-date,x-amz-security-token,"
            + "x-amz-content-sha256,x-amz-user-agent,x-api-key,amz-sdk-invocation-id,amz-sdk-request";

    private static final String EXPOSED_HEADERS =
            "x-amzn-errortype,x-amzn-requestid,x-amzn-errormessage,x-amzn-trace-id,x-amz-apigw-id,date";

    /** What stands between route and handler. */
    public record Gates(AllowList allowList, Gate throttle) {
        public static final Gates OPEN = new Gates(AllowList.OPEN, Gate.OPEN);
    }

    private final Api api;
    private final SigV4Verifier verifier;
    private final Gates gates;
    private final InstantSource clock;
    private final Supplier<String> requestIds;

    /** A value of the Date header. */
    private record Dated(long second, String text) {}

    private volatile Dated lastDate = new Dated(Long.MIN_VALUE, "");

    /** Answers for {@code api}; {@code requestIds} gives a new one each time. */
    public Dispatcher(Api api, SigV4Verifier verifier, Gates gates, InstantSource clock, Supplier<String> requestIds) {
        this.api = api;
        this.verifier = verifier;
        this.gates = gates;
        this.clock = clock;
        this.requestIds = requestIds;
    }

    private static Map<String, String> modelledHeaders() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("access-control-allow-origin", "*");
        headers.put("access-control-expose-headers", EXPOSED_HEADERS);
        headers.put("cache-control", "no-store, no-cache");
        headers.put("content-security-policy", "default-src 'self'; upgrade-insecure-requests;");
        headers.put("strict-transport-security", "max-age:47304000; includeSubDomains");
        headers.put("x-content-type-options", "nosniff");
        headers.put("x-frame-options", "DENY");
        return headers;
    }

    /** Answers one request. Throws nothing that a request can cause. */
    public Response handle(Request request) {
        String requestId = requestIds.get();
        try {
            return request.method().equals("OPTIONS") ? preflight(requestId) : call(request, requestId);
        } catch (ApiException refusal) {
            return refused(refusal, requestId);
        } catch (RuntimeException fault) {
            log.atError().addKeyValue("requestId", requestId).setCause(fault).log("call failed");
            return refused(ApiException.internal("Internal server error; request id " + requestId), requestId);
        }
    }

    /** The answer to a request that was refused before it could be read, because it was too large or too slow. */
    public Response refuse(ApiException refusal) {
        return refused(refusal, requestIds.get());
    }

    /** What a body over the limit gets. */
    public static ApiException tooLarge() {
        return new ApiException(
                ApiException.Kind.PAYLOAD_TOO_LARGE, "The request body exceeds " + MAX_BODY_BYTES + " bytes");
    }

    private Response call(Request request, String requestId) {
        if (request.body().length > MAX_BODY_BYTES) {
            throw tooLarge();
        }
        Api.Target target = api.route(request.method(), request.rawPath()).orElseThrow(() -> noOperation(request));
        Served served = target.served();
        var call = new Gate.Call(served.operation().name(), verifier.verify(request));
        Optional<AllowList.Permit> limit = gates.allowList().limit(call);
        ObjectNode json = served.read(request.body(), target.labels(), request.rawQuery());
        limit.ifPresent(permit -> served.named(json).forEach(permit::check));
        gates.throttle().check(call);
        return response(served.operation().status(), served.answer(json), requestId);
    }

    /** AWS has one error for a wrong path and a wrong method; the message tells which. */
    private ApiException noOperation(Request request) {
        String asked = "No operation at " + request.method() + " " + request.rawPath();
        Set<String> methods = api.methods(request.rawPath());
        return new ApiException(
                ApiException.Kind.UNKNOWN_OPERATION,
                methods.isEmpty() ? asked : asked + ", but at " + String.join(", ", methods));
    }

    private Response refused(ApiException refusal, String requestId) {
        byte[] body = Json.write(out -> {
            out.writeStartObject();
            out.writeStringProperty("exceptionMessage", refusal.text());
            out.writeStringProperty("message", refusal.text());
            out.writeEndObject();
        });
        Response response = response(refusal.kind().status(), body, requestId);
        response.headers().put("x-amzn-errortype", refusal.kind().shape());
        return response;
    }

    private Response response(int status, byte[] body, String requestId) {
        Map<String, String> headers = new LinkedHashMap<>(MODELLED_HEADERS);
        headers.put("date", date());
        headers.put("x-amzn-requestid", requestId);
        if (body.length > 0) {
            headers.put("content-type", "application/json");
        }
        return new Response(status, headers, body);
    }

    /** Formatted once a second. */
    private String date() {
        long second = clock.instant().getEpochSecond();
        Dated known = lastDate;
        if (known.second() != second) {
            known = new Dated(second, HTTP_DATE.format(Instant.ofEpochSecond(second)));
            lastDate = known;
        }
        return known.text();
    }

    private Response preflight(String requestId) {
        Response response = response(204, new byte[0], requestId);
        response.headers().put("access-control-allow-methods", "GET,POST,DELETE,OPTIONS");
        response.headers().put("access-control-allow-headers", ALLOWED_HEADERS);
        response.headers().put("access-control-max-age", "86400");
        return response;
    }
}
