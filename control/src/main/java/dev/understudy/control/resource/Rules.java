package dev.understudy.control.resource;

import java.time.Duration;

/**
 * How the control API behaves where an operator has a say. Immutable.
 *
 * @param quotas how many of each kind there may be
 * @param sessionKept how long a stage session goes on after its last publisher, once nobody is connected
 * @param compositionKept how long a composition that has ended can still be asked for
 * @param isThrottled whether calls that come faster than IVS takes them are refused
 */
public record Rules(Quotas quotas, Duration sessionKept, Duration compositionKept, boolean isThrottled) {
    /**
     * As IVS has it: an empty session ends after "a few minutes", a composition is gone five minutes after its end. But
     * a node takes every call that it can: nobody shares it.
     */
    public static final Rules IVS = new Rules(Quotas.IVS, Duration.ofMinutes(5), Duration.ofMinutes(5), false);

    /** The same with other quotas. */
    public Rules with(Quotas others) {
        return new Rules(others, sessionKept, compositionKept, isThrottled);
    }

    /** The same with no more calls a second than IVS takes. */
    public Rules throttled() {
        return new Rules(quotas, sessionKept, compositionKept, true);
    }
}
