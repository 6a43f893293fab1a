package dev.understudy.server.event;

import dev.understudy.control.event.Attempt;
import dev.understudy.control.event.Bell;
import dev.understudy.control.event.Event;
import dev.understudy.control.event.Events;
import dev.understudy.control.event.SinkQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final String sink;
    private final Events events;
    private final Receiver receiver;
    private final InstantSource clock;
    private final Thread thread;

    /** Rings for new events and for calls that have ended. */
    private final Bell bell = new Bell();

    /** Confined to the thread: a store that takes nothing has the same events sent again and again. */
    private final FaultPauses pauses = new FaultPauses();

    /** Confined to the thread: whether there is something that the sink did not take, which is logged once. */
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
        events.open(sink, receiver.capacity());
        SinkDelivery delivery = new SinkDelivery(sink, events, receiver, clock);
        events.bell().addEcho(delivery.bell);
        delivery.thread.start();
        return delivery;
    }

    private void run() {
        try {
            while (true) {
                try {
                    deliver();
                } catch (RuntimeException | Error e) {
                    // An error, too: a sink that ends is not missed by anybody.
                    log.atError().addKeyValue("sink", sink).setCause(e).log("delivery of events was interrupted");
                    Thread.sleep(pauses.next());
                }
            }
        } catch (InterruptedException _) {
            // closed; what was under way is delivered again by the next run
        }
    }

    private void deliver() throws InterruptedException {
        SinkQueue queue = events.open(sink, receiver.capacity());
        try (Calls calls = new Calls(sink, receiver, bell)) {
            while (true) {
                long heard = bell.rings();
                settle(queue, calls.ended());
                Instant now = clock.instant();
                List<List<Event>> next = queue.next(calls.free(), now);
                next.forEach(calls::start);
                if (next.isEmpty()) {
                    bell.await(heard, wait(now, queue.deadline(now)));
                }
            }
        }
    }

    private static Duration wait(Instant now, Instant deadline) {
        return deadline.isAfter(now.plus(LONGEST_WAIT)) ? LONGEST_WAIT : Duration.between(now, deadline);
    }

    private void settle(SinkQueue queue, List<Attempt> attempts) {
        if (attempts.isEmpty()) {
            return;
        }
        List<Attempt> parked = queue.settle(attempts, clock.instant());
        pauses.reset();
        for (Attempt attempt : parked) {
            log.atWarn()
                    .addKeyValue("sink", sink)
                    .addKeyValue("event", attempt.event().id())
                    .addKeyValue("resource", attempt.event().resource())
                    .addKeyValue("why", attempt.outcome().why())
                    .log("event was parked");
        }
        logTrouble(why(attempts), queue.isTroubled());
    }

    /** One resource may fail for a day while others are taken: that is one trouble, not one in each round. */
    private void logTrouble(String why, boolean isTroubledNow) {
        if (isTroubledNow && !isTroubled && !why.isEmpty()) {
            log.atWarn()
                    .addKeyValue("sink", sink)
                    .addKeyValue("why", why)
                    .log("sink did not take an event, it is tried again");
            isTroubled = true;
        } else if (!isTroubledNow && isTroubled) {
            log.atInfo().addKeyValue("sink", sink).log("sink has nothing left that it did not take");
            isTroubled = false;
        }
    }

    /** Of the first that was not delivered. */
    private static String why(List<Attempt> attempts) {
        return attempts.stream()
                .map(attempt -> attempt.outcome().why())
                .filter(why -> !why.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Stops; what is under way may be delivered again by the next run. */
    @Override
    public void close() {
        events.bell().removeEcho(bell);
        thread.interrupt();
        try {
            thread.join(CLOSE_LIMIT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
