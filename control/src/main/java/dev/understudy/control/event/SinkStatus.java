package dev.understudy.control.event;

/**
 * How a sink is doing; all but {@code pending} only grow, over restarts too.
 *
 * @param pending events that it has still to get
 * @param delivered events that it has got
 * @param failed attempts that came to nothing
 * @param parked events that were given up, each after repeated attempts
 * @param dropped events that left the outbox before the sink could get them
 */
public record SinkStatus(long pending, long delivered, long failed, long parked, long dropped) {
    /** Of a sink that has got nothing yet. */
    public static final SinkStatus NONE = new SinkStatus(0, 0, 0, 0, 0);
}
