package dev.understudy.server.event;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.AccessKeys;
import dev.understudy.control.api.AllowList;
import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Request;
import dev.understudy.control.event.Event;
import dev.understudy.control.event.Events;
import dev.understudy.control.event.Parked;
import dev.understudy.control.event.SinkHealth;
import dev.understudy.control.event.SinkStatus;
import dev.understudy.server.http.ApiRoutes;
import dev.understudy.server.http.RequestBody;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * What people watch a node by: {@code POST /console/session} turns a signed request into a session, and within one
 * {@code GET /console/events} is a live stream of events and {@code GET /console/sinks} tells how the sinks are doing.
 *
 * <p>Every stream reads the outbox at its own pace on its request's thread, so that a slow reader costs a thread and
 * nothing else, until it is dropped. Thread-safe.
 */
public final class WatchRoutes implements HttpService, AutoCloseable {
    static final String COOKIE = "understudy_session";

    /** A console keeps one in every tab. */
    static final int MAX_STREAMS = 64;

    /** A reader that has taken nothing for so long is gone or too slow. */
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);

    /** Shows proxies that the stream is alive, and us that the reader is. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final int EVENTS_AT_ONCE = 100;
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
    private static final JsonMapper JSON = new JsonMapper();

    private final Events events;
    private final EventSinks sinks;
    private final WatchRights rights;
    private final WatchSessions sessions;
    private final Function<Request, AccessKey> authentication;
    private final SameOrigin origin;
    private final Semaphore free = new Semaphore(MAX_STREAMS);
    private final Set<Thread> streams = ConcurrentHashMap.newKeySet();
    private final WriteLimit writes = new WriteLimit(WRITE_LIMIT);

    /**
     * @param sessionKey known to this node alone
     * @param authentication says who signed a request, or throws {@link ApiException}
     * @param allowList says who may watch
     * @param publicUrl what clients reach the node by
     */
    public WatchRoutes(
            Events events,
            EventSinks sinks,
            byte[] sessionKey,
            AccessKeys accessKeys,
            Function<Request, AccessKey> authentication,
            AllowList allowList,
            URI publicUrl) {
        this.events = events;
        this.sinks = sinks;
        this.rights = new WatchRights(allowList);
        this.sessions = new WatchSessions(
                sessionKey, id -> accessKeys.find(id).filter(rights::isHeldBy), InstantSource.system());
        this.authentication = authentication;
        this.origin = new SameOrigin(publicUrl);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/console/session", this::begin)
                .get("/console/events", this::stream)
                .get("/console/sinks", this::sinks);
    }

    private void begin(ServerRequest request, ServerResponse response) {
        if (isForeign(request, response)) {
            return;
        }
        try {
            byte[] body = RequestBody.read(request, RequestBody.TIME_LIMIT);
            AccessKey caller = authentication.apply(ApiRoutes.asReceived(request, body));
            rights.check(caller);
            String token = sessions.begin(caller);
            String secure = "https".equals(origin.publicUrl().getScheme()) ? "; Secure" : "";
            response.header(
                    HeaderNames.SET_COOKIE,
                    COOKIE + "=" + token + "; Path=/console; HttpOnly; SameSite=Strict; Max-Age="
                            + WatchSessions.LIFETIME.toSeconds() + secure);
            json(response, Map.of("token", token, "expiresInSeconds", WatchSessions.LIFETIME.toSeconds()));
        } catch (ApiException e) {
            response.header(HeaderValues.CONNECTION_CLOSE);
            refuse(response, Status.create(e.kind().status()), e.text());
        }
    }

    private void sinks(ServerRequest request, ServerResponse response) {
        if (isForeign(request, response) || session(request, response).isEmpty()) {
            return;
        }
        record Shown(String name, SinkStatus status, SinkHealth health, List<Parked> parked) {}
        Map<String, SinkStatus> statuses = events.statuses();
        json(
                response,
                sinks.names().stream()
                        .map(name -> new Shown(
                                name,
                                statuses.getOrDefault(name, SinkStatus.NONE),
                                events.health(name),
                                events.parked(name)))
                        .toList());
    }

    private void stream(ServerRequest request, ServerResponse response) throws IOException {
        if (isForeign(request, response)) {
            return;
        }
        Optional<String> session = session(request, response);
        if (session.isEmpty()) {
            return;
        }
        String last = request.headers().first(LAST_EVENT_ID).orElse("");
        if (!last.matches("[0-9]{0,18}")) {
            refuse(response, Status.BAD_REQUEST_400, "Last-Event-ID is not the id of an event.");
        } else if (!free.tryAcquire()) {
            response.header(HeaderNames.RETRY_AFTER, "5");
            refuse(response, Status.SERVICE_UNAVAILABLE_503, "There are " + MAX_STREAMS + " streams already.");
        } else {
            try {
                streams.add(Thread.currentThread());
                stream(session.get(), last, response);
            } finally {
                streams.remove(Thread.currentThread());
                free.release();
            }
        }
    }

    private void stream(String session, String last, ServerResponse response) throws IOException {
        long newest = events.newest();
        long seq = last.isEmpty() ? newest : Math.min(newest, Long.parseLong(last));
        boolean isContinued = !last.isEmpty();
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream")
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .header(HeaderNames.create("X-Accel-Buffering"), "no");
        try (OutputStream out = response.outputStream()) {
            write(out, ": connected\n\n");
            while (sessions.isOpen(session)) {
                long heard = events.bell().rings();
                List<Event> next = events.after(seq, EVENTS_AT_ONCE);
                if (next.isEmpty()) {
                    events.bell().await(heard, HEARTBEAT);
                    write(out, events.bell().rings() == heard ? ":\n\n" : "");
                } else {
                    write(out, (isContinued ? lost(seq, next.getFirst()) : "") + text(next));
                    seq = next.getLast().seq();
                    isContinued = true;
                }
            }
        } catch (InterruptedException _) {
            // the node ends, and the connection with it
        }
    }

    /** Tells a reader that comes back of what has left the outbox meanwhile. */
    private static String lost(long seq, Event next) {
        long lost = next.seq() - seq - 1;
        return lost > 0 ? "event: lost\ndata: {\"events\":" + lost + "}\n\n" : "";
    }

    private static String text(List<Event> events) {
        StringBuilder text = new StringBuilder();
        for (Event event : events) {
            text.append("id: ")
                    .append(event.seq())
                    .append("\ndata: ")
                    .append(event.envelope())
                    .append("\n\n");
        }
        return text.toString();
    }

    private void write(OutputStream out, String text) throws IOException {
        if (!text.isEmpty()) {
            writes.run(() -> {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
            });
        }
    }

    private boolean isForeign(ServerRequest request, ServerResponse response) {
        Optional<String> refusal = origin.refusal(
                request.headers().first(HeaderNames.HOST), request.headers().first(HeaderNames.ORIGIN));
        refusal.ifPresent(why -> refuse(response, Status.FORBIDDEN_403, why));
        return refusal.isPresent();
    }

    /** The token of an open session, from the cookie or as a bearer; otherwise answers 401. */
    private Optional<String> session(ServerRequest request, ServerResponse response) {
        Optional<String> bearer = request.headers()
                .first(HeaderNames.AUTHORIZATION)
                .filter(value -> value.startsWith("Bearer "))
                .map(value -> value.substring("Bearer ".length()));
        Optional<String> token = bearer.or(
                        () -> request.headers().cookies().first(COOKIE).asOptional())
                .filter(sessions::isOpen);
        if (token.isEmpty()) {
            refuse(
                    response,
                    Status.UNAUTHORIZED_401,
                    "There is no session; POST /console/session, signed, begins one.");
        }
        return token;
    }

    private static void json(ServerResponse response, Object value) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json")
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .send(JSON.writeValueAsBytes(value));
    }

    private static void refuse(ServerResponse response, Status status, String why) {
        response.status(status)
                .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .send(why + "\n");
    }

    /** Ends all streams. */
    @Override
    public void close() {
        streams.forEach(Thread::interrupt);
        writes.close();
    }
}
