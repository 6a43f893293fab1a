package dev.understudy.server.event;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.SigV4Signer;
import dev.understudy.control.event.Capacity;
import dev.understudy.control.event.Event;
import dev.understudy.control.event.Outcome;
import dev.understudy.control.event.Sink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts events on a bus of EventBridge, or of anything that takes its PutEvents. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html">PutEvents</a>
 */
final class EventBus implements Receiver {
    /** EventBridge takes ten in a call; another call is for what has to be sent alone. */
    private static final Capacity CAPACITY = new Capacity(2, 10);

    /** And no more than this. */
    static final int MAX_CALL_BYTES = 256_000;

    /** What may go better another time; any other error of an entry is the entry's fault. */
    private static final Set<String> PASSING = Set.of("InternalFailure", "InternalException", "ThrottlingException");

    /** What a whole call is answered with because of what is in it, be it in one entry. */
    private static final Set<String> ABOUT_CONTENT =
            Set.of("ValidationException", "ValidationError", "SerializationException");

    private static final int TOO_LARGE = 413;
    private static final String NO_ANSWER = "the answer is none to PutEvents";

    private static final String SERVICE = "events";
    private static final JsonMapper JSON = new JsonMapper();

    private final Sink.EventBridge sink;
    private final URI url;
    private final SigV4Signer signer;
    private final HttpPost http;
    private final InstantSource realTime;

    /** Whether the bus has taken an event: its name and what all calls have in common are right then. */
    private volatile boolean isProven;

    EventBus(Sink.EventBridge sink, HttpPost http, InstantSource realTime) {
        this.sink = sink;
        this.url = sink.endpoint().getRawPath().isEmpty() ? sink.endpoint().resolve("/") : sink.endpoint();
        Sink.Credentials key = sink.credentials();
        this.signer = new SigV4Signer(
                new AccessKey(key.accessKeyId(), sink.name(), key.secretAccessKey(), key.sessionToken()),
                sink.region(),
                SERVICE);
        this.http = http;
        this.realTime = realTime;
    }

    @Override
    public Capacity capacity() {
        return CAPACITY;
    }

    @Override
    public List<Outcome> deliver(List<Event> events) throws InterruptedIOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (List<ObjectNode> call : calls(events.stream().map(this::entry).toList())) {
            outcomes.addAll(put(call));
        }
        return outcomes;
    }

    /** The entries in their order, in as few calls as may be; one that is too large itself has a call of its own. */
    static List<List<ObjectNode>> calls(List<ObjectNode> entries) {
        List<List<ObjectNode>> calls = new ArrayList<>();
        int bytesLeft = 0;
        for (ObjectNode entry : entries) {
            int bytes = entry.toString().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > bytesLeft) {
                calls.add(new ArrayList<>());
                bytesLeft = MAX_CALL_BYTES;
            }
            calls.getLast().add(entry);
            bytesLeft -= bytes;
        }
        return calls;
    }

    private ObjectNode entry(Event event) {
        JsonNode envelope = JSON.readTree(event.envelope());
        ObjectNode entry = JSON.createObjectNode()
                .put("Time", event.happenedAt().getEpochSecond())
                .put("Source", sink.source())
                .put("DetailType", envelope.get("detail-type").stringValue())
                .put("Detail", envelope.get("detail").toString());
        entry.set("Resources", envelope.get("resources"));
        sink.bus().ifPresent(bus -> entry.put("EventBusName", bus));
        return entry;
    }

    private List<Outcome> put(List<ObjectNode> entries) throws InterruptedIOException {
        ObjectNode request = JSON.createObjectNode();
        ArrayNode list = request.putArray("Entries");
        list.addAll(entries);
        byte[] body = request.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new HashMap<>(signer.post(
                url,
                Map.of("content-type", "application/x-amz-json-1.1", "x-amz-target", "AWSEvents.PutEvents"),
                body,
                realTime.instant()));
        headers.remove("host");
        try {
            List<Outcome> outcomes = outcomes(http.send(url, headers, body), entries.size(), isProven);
            if (outcomes.stream().anyMatch(o -> o instanceof Outcome.Delivered)) {
                isProven = true;
            }
            return outcomes;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return all(entries.size(), new Outcome.Unreachable(String.valueOf(e.getMessage())));
        }
    }

    /** What an answer says about each of {@code count} entries, to a bus that has taken an event or not. */
    static List<Outcome> outcomes(HttpAnswer answer, int count, boolean isProven) {
        JsonNode json = json(answer);
        if (answer.status() != 200) {
            return all(count, ofCall(answer.status(), json.path("__type").asString(""), count, isProven));
        }
        JsonNode entries = json.path("Entries");
        if (entries.size() != count) {
            return all(count, new Outcome.Failed(NO_ANSWER));
        }
        return entries.valueStream().map(EventBus::outcome).toList();
    }

    /**
     * An error of the whole call is about credentials, the bus or the load, and none of an event, unless it is about the
     * content: then each event of several is sent alone next time, and one that is alone is at fault itself.
     */
    private static Outcome ofCall(int status, String type, int count, boolean isProven) {
        String name = type.substring(type.indexOf('#') + 1);
        String why = ("answered " + status + " " + name).strip();
        if (!isProven || !(status == TOO_LARGE || ABOUT_CONTENT.contains(name))) {
            return new Outcome.Unreachable(why);
        }
        return count == 1 ? new Outcome.Refused(why) : new Outcome.Failed(why);
    }

    private static Outcome outcome(JsonNode entry) {
        String error = entry.path("ErrorCode").asString("");
        if (error.isEmpty()) {
            boolean isTaken = !entry.path("EventId").asString("").isEmpty();
            return isTaken ? new Outcome.Delivered() : new Outcome.Failed(NO_ANSWER);
        }
        String why = error + ": " + entry.path("ErrorMessage").asString("");
        return PASSING.contains(error) ? new Outcome.Failed(why) : new Outcome.Refused(why);
    }

    private static JsonNode json(HttpAnswer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException _) {
            return JSON.createObjectNode();
        }
    }

    private static List<Outcome> all(int count, Outcome outcome) {
        return Collections.nCopies(count, outcome);
    }
}
