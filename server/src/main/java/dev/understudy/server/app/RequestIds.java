package dev.understudy.server.app;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Names for calls, by which a caller's complaint and a line of the log find each other. Thread-safe. */
final class RequestIds {
    private RequestIds() {}

    /** A random UUID (RFC 9562 version 4). Nothing is protected by it, so that it need not cost a call of the system. */
    static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & (-1L >>> 2)) | (1L << 63);
        return new UUID(high, low).toString();
    }
}
