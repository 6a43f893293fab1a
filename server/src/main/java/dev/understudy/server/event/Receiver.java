package dev.understudy.server.event;

import dev.understudy.control.event.Capacity;
import dev.understudy.control.event.Event;
import dev.understudy.control.event.Outcome;
import java.io.InterruptedIOException;
import java.util.List;

/** Where a sink's events go. Thread-safe. */
interface Receiver {

    /** How many events it takes at once, and in how many calls. */
    Capacity capacity();

    /**
     * Tries to deliver the events of one call and waits for the outcomes, which are in their order.
     *
     * @throws InterruptedIOException when the thread is interrupted; what has been delivered is not known then
     */
    List<Outcome> deliver(List<Event> events) throws InterruptedIOException;
}
