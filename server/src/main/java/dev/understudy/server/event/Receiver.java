package dev.understudy.server.event;

import dev.understudy.control.event.Event;
import dev.understudy.control.event.Outcome;
import java.io.InterruptedIOException;
import java.util.List;

/** Where a sink's events go. */
interface Receiver {

    /** How many events it takes at once. */
    int most();

    /**
     * Tries to deliver some events and waits for the outcomes, which are in their order.
     *
     * @throws InterruptedIOException when the thread is interrupted; what has been delivered is not known then
     */
    List<Outcome> deliver(List<Event> events) throws InterruptedIOException;
}
