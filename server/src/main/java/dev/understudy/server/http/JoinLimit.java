package dev.understudy.server.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.LongSupplier;

/**
 * How often one address may ask to join: a token bucket each, as large as what fills it in a second.
 *
 * <p>Checking a token costs a signature's worth of CPU time, and whoever asks need not have a good one. Thread-safe.
 */
public final class JoinLimit {
    /** More than a network in front of one node has; the one that has been quiet for longest is forgotten, and starts full. */
    static final int MAX_ADDRESSES = 10_000;

    /** Whoever has one IPv6 address has all of its network's. */
    private static final int IPV6_NETWORK_BYTES = 8;

    private static final double NANOS_PER_SECOND = 1e9;

    private final int perSecond;
    private final LongSupplier nanoClock;
    private final SequencedMap<ByteBuffer, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);
    private long refused;

    private record Bucket(double tokens, long filledAtNanos) {}

    /**
     * @param perSecond 1 or more
     * @param nanoClock monotonic
     */
    public JoinLimit(int perSecond, LongSupplier nanoClock) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("nobody could join at " + perSecond + " a second");
        }
        this.perSecond = perSecond;
        this.nanoClock = nanoClock;
    }

    /** Whether whoever asks now may go on; counts it if not. */
    public synchronized boolean allows(InetAddress address) {
        ByteBuffer network = network(address);
        long now = nanoClock.getAsLong();
        Bucket bucket = buckets.getOrDefault(network, new Bucket(perSecond, now));
        double filled = bucket.tokens + perSecond * ((now - bucket.filledAtNanos) / NANOS_PER_SECOND);
        double tokens = Math.min(perSecond, filled);
        boolean isAllowed = tokens >= 1;
        buckets.put(network, new Bucket(isAllowed ? tokens - 1 : tokens, now));
        if (buckets.size() > MAX_ADDRESSES) {
            buckets.pollFirstEntry();
        }
        refused += isAllowed ? 0 : 1;
        return isAllowed;
    }

    /** Forgets who has asked so far; what was refused stays counted. */
    public synchronized void refill() {
        buckets.clear();
    }

    /** How many requests have been refused. */
    public synchronized long refused() {
        return refused;
    }

    private static ByteBuffer network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
    }
}
