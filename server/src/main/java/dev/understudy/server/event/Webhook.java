package dev.understudy.server.event;

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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Posts each event to a URL, signed. Thread-safe. */
final class Webhook implements Receiver {
    /** As many resources are told of at a time; so many connections a receiver has to bear. */
    private static final int MOST = 8;

    private final Sink.Webhook sink;
    private final HttpPost http;
    private final InstantSource clock;

    Webhook(Sink.Webhook sink, HttpPost http, InstantSource clock) {
        this.sink = sink;
        this.http = http;
        this.clock = clock;
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public List<Outcome> deliver(List<Event> events) throws InterruptedIOException {
        ExecutorService posts = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<Outcome>> answers = new ArrayList<>();
            events.forEach(event -> answers.add(posts.submit(() -> post(event))));
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> answer : answers) {
                outcomes.add(answer.get());
            }
            return outcomes;
        } catch (InterruptedException _) {
            throw new InterruptedIOException("interrupted while events were posted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("an event could not be posted", e);
        } finally {
            posts.shutdownNow();
        }
    }

    private Outcome post(Event event) {
        byte[] body = event.envelope().getBytes(StandardCharsets.UTF_8);
        try {
            HttpAnswer answer = http.send(
                    sink.url(),
                    Map.of(
                            "Content-Type",
                            "application/json",
                            "User-Agent",
                            "Understudy",
                            "Understudy-Event-Id",
                            event.id(),
                            "Understudy-Signature",
                            WebhookSignature.of(sink.secret(), clock.instant(), event.envelope())),
                    body);
            return outcome(answer.status());
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
