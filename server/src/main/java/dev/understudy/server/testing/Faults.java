package dev.understudy.server.testing;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Gate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Failures that tests have ordered: the next calls of an operation are refused so, in the order of the orders. Only calls
 * count that would otherwise have reached their operation: signed, permitted, well-formed and not throttled. What the
 * operation itself would have found, such as a stage that does not exist, is not asked before. Thread-safe.
 */
public final class Faults implements Gate {
    /** Orders that wait for one operation; each takes one call or more. */
    static final int MAX_WAITING = 100;

    /** One order. */
    private record Order(ApiException failure, int times) {}

    /** By operation; guarded by this object. */
    private final Map<String, Deque<Order>> waiting = new HashMap<>();

    /** Orders a failure of the next {@code times} calls, behind what has been ordered before. */
    synchronized void order(String operation, ApiException failure, int times) {
        Deque<Order> orders = waiting.computeIfAbsent(operation, _ -> new ArrayDeque<>());
        if (orders.size() == MAX_WAITING) {
            throw new IllegalArgumentException(
                    "'operation': " + MAX_WAITING + " failures of " + operation + " are waiting already");
        }
        orders.add(new Order(failure, times));
    }

    /** Forgets every order. */
    synchronized void reset() {
        waiting.clear();
    }

    @Override
    public synchronized void check(Call call) {
        Deque<Order> orders = waiting.get(call.operation());
        Order first = orders == null ? null : orders.poll();
        if (orders == null || first == null) {
            return;
        }
        if (first.times() > 1) {
            orders.addFirst(new Order(first.failure(), first.times() - 1));
        }
        throw first.failure();
    }
}
