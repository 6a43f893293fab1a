package dev.understudy.server.event;

import dev.understudy.control.event.Capacity;
import dev.understudy.control.event.Event;
import dev.understudy.control.event.Outcome;
import dev.understudy.control.event.Sink;
import dev.understudy.control.event.WebhookSignature;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Posts each event to a URL, signed. Thread-safe. */
final class Webhook implements Receiver {
    /** So many connections a receiver has to bear. */
    private static final Capacity CAPACITY = new Capacity(8, 1);

    private final Sink.Webhook sink;
    private final HttpPost http;
    private final InstantSource realTime;

    Webhook(Sink.Webhook sink, HttpPost http, InstantSource realTime) {
        this.sink = sink;
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
        for (Event event : events) {
            outcomes.add(post(event));
        }
        return outcomes;
    }

    private Outcome post(Event event) throws InterruptedIOException {
        byte[] body = event.envelope().getBytes(StandardCharsets.UTF_8);
        try {
            int status = http.status(
                    sink.url(),
                    Map.of(
                            "Content-Type",
                            "application/json",
                            "User-Agent",
                            "Understudy",
                            "Understudy-Event-Id",
                            event.id(),
                            "Understudy-Signature",
                            WebhookSignature.of(sink.secret(), realTime.instant(), event.envelope())),
                    body);
            return outcome(status);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return new Outcome.Unreachable(String.valueOf(e.getMessage()));
        }
    }

    /** 429 and the 5xx of a proxy are about the receiver as a whole, other answers about the event. */
    static Outcome outcome(int status) {
        String why = "answered " + status;
        return switch (status) {
            case 429, 502, 503, 504 -> new Outcome.Unreachable(why);
            case 408, 425 -> new Outcome.Failed(why);
            default ->
                switch (status / 100) {
                    case 2 -> new Outcome.Delivered();
                    case 3 -> new Outcome.Refused(why + ": redirects are not followed");
                    case 4 -> new Outcome.Refused(why);
                    default -> new Outcome.Failed(why);
                };
        };
    }
}
