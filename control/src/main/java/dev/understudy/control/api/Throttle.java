package dev.understudy.control.api;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The rates at which IVS takes calls, each operation of the account by itself. A node has one account, whoever signs.
 * Thread-safe.
 */
public final class Throttle implements Gate {
    /** The service's own, none of which an account can have raised. */
    private static final int TOKENS_PER_SECOND = 50;

    private static final int TAGS_PER_SECOND = 10;
    private static final int PUBLIC_KEYS_PER_SECOND = 3;
    private static final int OTHERS_PER_SECOND = 5;

    private final LongSupplier nanoClock;

    /** One for each operation that was ever called: the models bound them. */
    private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>();

    /** @param nanoClock monotonic */
    public Throttle(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** How many calls of an operation are taken in a second. */
    static int perSecond(String operation) {
        return switch (operation) {
            case "CreateParticipantToken" -> TOKENS_PER_SECOND;
            case "TagResource", "UntagResource", "ListTagsForResource" -> TAGS_PER_SECOND;
            case "ImportPublicKey", "GetPublicKey", "ListPublicKeys", "DeletePublicKey" -> PUBLIC_KEYS_PER_SECOND;
            default -> OTHERS_PER_SECOND;
        };
    }

    /** Forgets the calls so far: the next second is as after a second of quiet. */
    public void refill() {
        buckets.clear();
    }

    @Override
    public void check(Call call) {
        TokenBucket bucket =
                buckets.computeIfAbsent(call.operation(), operation -> new TokenBucket(perSecond(operation)));
        synchronized (bucket) {
            if (bucket.take(nanoClock.getAsLong())) {
                return;
            }
        }
        throw ApiException.throttled("Rate exceeded");
    }
}
