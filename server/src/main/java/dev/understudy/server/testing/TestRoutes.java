package dev.understudy.server.testing;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Json;
import dev.understudy.server.http.Admission;
import dev.understudy.server.http.RequestBody;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The test controls over HTTP: {@code POST /_test/NAME} with a JSON object, answered with one. Register it under {@link
 * #PATH}. Thread-safe.
 *
 * <p>They ask for no signature, because whoever starts a node with them owns it; so a page that somebody browses on the
 * same machine must not reach them. Browsers say where a page comes from ({@code Origin}, {@code Sec-Fetch-Site}), and a
 * name that was made to point here stands in {@code Host}: each is refused.
 */
public final class TestRoutes implements HttpService {
    public static final String PATH = "/_test";

    /** A token, which is the largest thing sent here, has at most some kilobytes. */
    private static final int MAX_BODY_BYTES = 64 << 10;

    private static final List<HeaderName> OF_BROWSERS =
            List.of(HeaderNames.ORIGIN, HeaderNames.create("Sec-Fetch-Site"));

    private static final Pattern THIS_MACHINE =
            Pattern.compile("(?i)(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");

    private static final Logger log = LoggerFactory.getLogger(TestRoutes.class);

    private static final JsonMapper JSON = new JsonMapper();

    private final TestControls controls;
    private final Reach reach;

    public TestRoutes(TestControls controls, Reach reach) {
        this.controls = controls;
        this.reach = reach;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any("/*", this::handle);
    }

    private void handle(ServerRequest request, ServerResponse response) {
        try {
            answer(request, response);
        } catch (ApiException refusal) {
            send(response, refusal.kind().status(), message(refusal.text()));
        } catch (IllegalArgumentException | Admission.Refused wrong) {
            send(response, 400, message(String.valueOf(wrong.getMessage())));
        } catch (RuntimeException fault) {
            log.atError().setCause(fault).log("test control failed");
            send(response, 500, message("the control failed; the node's log says why"));
        }
    }

    private void answer(ServerRequest request, ServerResponse response) throws Admission.Refused {
        Optional<String> stranger = stranger(request);
        if (stranger.isPresent()) {
            send(response, 403, message(stranger.get()));
            return;
        }
        String name = request.path().path().substring(1);
        if (!controls.names().contains(name)) {
            send(response, 404, message("no control '" + name + "'; there are " + String.join(", ", controls.names())));
        } else if (!request.prologue().method().text().equals("POST")) {
            send(
                    response,
                    405,
                    message("controls are POST, not "
                            + request.prologue().method().text()));
        } else {
            send(response, 200, controls.perform(name, Json.read(body(request, response))));
        }
    }

    /** What is left of a body that is refused would be read as the next request, so its connection is closed. */
    private static byte[] body(ServerRequest request, ServerResponse response) {
        try {
            byte[] body = RequestBody.read(request, RequestBody.TIME_LIMIT);
            if (body.length > MAX_BODY_BYTES) {
                throw new IllegalArgumentException("the body has more than " + MAX_BODY_BYTES + " bytes");
            }
            return body;
        } catch (ApiException refusal) {
            response.header(HeaderValues.CONNECTION_CLOSE);
            throw refusal;
        }
    }

    /** Why a caller is not one of those who may; empty when it is. */
    private Optional<String> stranger(ServerRequest request) {
        for (HeaderName header : OF_BROWSERS) {
            if (request.headers().contains(header)) {
                return Optional.of(
                        "test controls are not for browsers: the request has a header " + header.defaultCase());
            }
        }
        if (reach == Reach.NETWORK) {
            return Optional.empty();
        }
        if (!isLoopback(request.remotePeer().address())) {
            return Optional.of("test controls are for programs on the node's own machine;"
                    + " --test-controls=network lets others use them");
        }
        String host = request.headers().first(HeaderNames.HOST).orElse("");
        return THIS_MACHINE.matcher(host).matches()
                ? Optional.empty()
                : Optional.of("the Host header must be localhost or an address of the loopback");
    }

    private static boolean isLoopback(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && inet.getAddress().isLoopbackAddress();
    }

    private static Map<String, String> message(String text) {
        return Map.of("message", text);
    }

    private static void send(ServerResponse response, int status, Map<String, ?> answer) {
        response.status(status)
                .header(HeaderValues.create("content-type", "application/json"))
                .header(HeaderValues.create("cache-control", "no-store"))
                .send(JSON.writeValueAsBytes(answer));
    }
}
