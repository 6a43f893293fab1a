package dev.understudy.control.event;

/**
 * What a receiver takes at once.
 *
 * @param calls that may be under way at a time, at least 2: one that hangs leaves another
 * @param eventsPerCall at least 1
 */
public record Capacity(int calls, int eventsPerCall) {
    public Capacity {
        if (calls < 2 || eventsPerCall < 1) {
            throw new IllegalArgumentException("no capacity: " + calls + " calls of " + eventsPerCall);
        }
    }

    /** Half of the calls: what fails again and again, and slowly, leaves the other half to what does not. */
    int callsForRetries() {
        return calls / 2;
    }
}
