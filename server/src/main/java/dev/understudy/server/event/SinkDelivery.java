package dev.understudy.server.event;

import dev.understudy.control.event.Attempt;
import dev.understudy.control.event.Event;
import dev.understudy.control.event.Events;
import dev.understudy.control.event.Outcome;
import dev.understudy.control.event.SinkQueue;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to one sink, on a virtual thread of its own: what is slow or down here delays nobody else.
 *
 * <p>Whoever starts one closes it. Thread-safe.
 */
final class SinkDelivery implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SinkDelivery.class);

    /** After this it looks again even if nobody rang: a clock may have been set. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** A store that is away is not asked in a loop. */
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final String sink;
    private final Events events;
    private final Receiver receiver;
    private final InstantSource clock;
    private final Thread thread;

    /** Confined to the thread: whether the last attempts came to nothing, which is logged once. */
    private boolean isTroubled;

    private SinkDelivery(String sink, Events events, Receiver receiver, InstantSource clock) {
        this.sink = sink;
        this.events = events;
        this.receiver = receiver;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("sink-" + sink).unstarted(this::run);
    }

    /** Starts delivering; from when this returns on events are kept for the sink. */
    static SinkDelivery start(String sink, Events events, Receiver receiver, InstantSource clock) {
        events.open(sink);
        SinkDelivery delivery = new SinkDelivery(sink, events, receiver, clock);
        delivery.thread.start();
        return delivery;
    }

    private void run() {
        try {
            while (true) {
                try {
                    deliver(events.open(sink));
                } catch (RuntimeException e) {
                    log.atError().addKeyValue("sink", sink).setCause(e).log("delivery of events was interrupted");
                    Thread.sleep(AFTER_A_FAULT);
                }
            }
        } catch (InterruptedException | InterruptedIOException _) {
            // closed; what was under way is delivered again by the next run
        }
    }

    private void deliver(SinkQueue queue) throws InterruptedException, InterruptedIOException {
        while (true) {
            long heard = events.bell().rings();
            Instant now = clock.instant();
            List<Event> next = queue.next(receiver.most(), now);
            if (next.isEmpty()) {
                events.bell().await(heard, wait(now, queue.deadline(now)));
            } else {
                settle(queue, next, receiver.deliver(next));
            }
        }
    }

    private static Duration wait(Instant now, Instant deadline) {
        return deadline.isAfter(now.plus(LONGEST_WAIT)) ? LONGEST_WAIT : Duration.between(now, deadline);
    }

    private void settle(SinkQueue queue, List<Event> delivered, List<Outcome> outcomes) {
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < delivered.size(); i++) {
            attempts.add(new Attempt(delivered.get(i), outcomes.get(i)));
        }
        List<Attempt> parked = queue.settle(attempts, clock.instant());
        for (Attempt attempt : parked) {
            log.atWarn()
                    .addKeyValue("sink", sink)
                    .addKeyValue("event", attempt.event().id())
                    .addKeyValue("resource", attempt.event().resource())
                    .addKeyValue("why", attempt.outcome().why())
                    .log("event was parked");
        }
        logTrouble(attempts);
    }

    private void logTrouble(List<Attempt> attempts) {
        List<Attempt> failed = attempts.stream()
                .filter(a -> !(a.outcome() instanceof Outcome.Delivered))
                .toList();
        if (!failed.isEmpty() && !isTroubled) {
            log.atWarn()
                    .addKeyValue("sink", sink)
                    .addKeyValue("why", failed.getFirst().outcome().why())
                    .log("sink did not take an event, it is tried again");
        }
        if (failed.isEmpty() && isTroubled) {
            log.atInfo().addKeyValue("sink", sink).log("sink took an event again");
        }
        isTroubled = !failed.isEmpty();
    }

    /** Stops; what is under way may be delivered again by the next run. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE_LIMIT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
