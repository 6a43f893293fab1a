package dev.understudy.server.event;

import dev.understudy.control.event.Attempt;
import dev.understudy.control.event.Bell;
import dev.understudy.control.event.Event;
import dev.understudy.control.event.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/**
 * The calls to a receiver that are under way, each on a virtual thread of its own, so that one that hangs holds up no
 * other. Confined to the sink's thread; whoever makes one closes it.
 */
final class Calls implements AutoCloseable {
    private final String sink;
    private final Receiver receiver;
    private final Bell bell;
    private final List<Call> underWay = new ArrayList<>();

    /** @param bell rings whenever a call has ended */
    Calls(String sink, Receiver receiver, Bell bell) {
        this.sink = sink;
        this.receiver = receiver;
        this.bell = bell;
    }

    /** How many more can be made. */
    int free() {
        return receiver.capacity().calls() - underWay.size();
    }

    void start(List<Event> events) {
        Call call = new Call(events);
        underWay.add(call);
        Thread.ofVirtual().name("sink-" + sink + "-call").start(call);
    }

    /** What became of the calls that have ended since this was asked last. */
    List<Attempt> ended() {
        List<Call> ended = underWay.stream().filter(Call::isDone).toList();
        underWay.removeAll(ended);
        return ended.stream().flatMap(call -> call.attempts().stream()).toList();
    }

    /** Gives up what is under way. */
    @Override
    public void close() {
        underWay.forEach(call -> call.cancel(true));
    }

    private final class Call extends FutureTask<List<Outcome>> {
        private final List<Event> events;

        Call(List<Event> events) {
            super(() -> receiver.deliver(events));
            this.events = events;
        }

        @Override
        protected void done() {
            bell.ring();
        }

        List<Attempt> attempts() {
            if (state() != State.SUCCESS) {
                throw new IllegalStateException("a call could not be made", exceptionNow());
            }
            List<Outcome> outcomes = resultNow();
            return IntStream.range(0, events.size())
                    .mapToObj(i -> new Attempt(events.get(i), outcomes.get(i)))
                    .toList();
        }
    }
}
