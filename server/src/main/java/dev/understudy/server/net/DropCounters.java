package dev.understudy.server.net;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts dropped datagrams by reason. Thread-safe: a loop counts, metrics read. */
public final class DropCounters {
    private final Map<DropReason, LongAdder> counts;

    DropCounters() {
        Map<DropReason, LongAdder> all = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            all.put(reason, new LongAdder());
        }
        counts = Collections.unmodifiableMap(all);
    }

    void add(DropReason reason) {
        LongAdder count = counts.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    /** Since the loop began. */
    public long of(DropReason reason) {
        LongAdder count = counts.get(reason);
        return count == null ? 0 : count.sum();
    }
}
