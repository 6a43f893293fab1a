package dev.understudy.control.event;

import dev.understudy.control.event.EventRows.Age;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** All events of a node: where they are put, and what sinks and live streams take from there. Thread-safe. */
public final class Events {
    /** So that a writing transaction is short, however much there is to drop. */
    private static final int DROPPED_AT_ONCE = 1_000;

    /** More than this nobody reads; the rest is in the database. */
    private static final int PARKED_SHOWN = 100;

    private final Store store;
    private final Outbox outbox;
    private final Retention retention;
    private final Bell bell = new Bell();
    private final Set<String> sinks = ConcurrentHashMap.newKeySet();

    public Events(Foundation base) {
        this(base, Retention.NORMAL);
    }

    Events(Foundation base, Retention retention) {
        this.store = base.store();
        this.outbox = new Outbox(base);
        this.retention = retention;
        store.onCommit(() -> {
            if (outbox.takeNews()) {
                bell.ring();
            }
        });
    }

    /** Where events are put. */
    public Outbox outbox() {
        return outbox;
    }

    /** Rings when events have been put and committed. */
    public Bell bell() {
        return bell;
    }

    /** Goes on where this sink was; a new one gets what happens from now on. From then on events are kept for it. */
    public SinkQueue open(String sink, Capacity capacity) {
        SinkQueue queue = SinkQueue.open(store, sink, capacity);
        sinks.add(sink);
        return queue;
    }

    /** How the sinks that have been opened are doing, by their names. */
    public Map<String, SinkStatus> statuses() {
        Map<String, SinkStatus> stored = store.read(EventRows::statuses);
        return sinks.stream()
                .collect(Collectors.toMap(sink -> sink, sink -> stored.getOrDefault(sink, SinkStatus.NONE)));
    }

    /** What is wrong with a sink, if anything is. */
    public SinkHealth health(String sink) {
        return store.read(h -> EventRows.health(h, sink)).orElse(SinkHealth.UNKNOWN);
    }

    /** What a sink was given up on for, the newest first, and no more than a hundred. */
    public List<Parked> parked(String sink) {
        return store.read(h -> EventRows.parked(h, sink, PARKED_SHOWN));
    }

    /** The number of the newest event. */
    public long newest() {
        return store.read(EventRows::newest);
    }

    /** The events behind {@code seq} that are still there, oldest first. */
    public List<Event> after(long seq, int most) {
        return store.read(h -> EventRows.after(h, seq, most));
    }

    /** Lets time pass: drops what is too old or too much. To be called about once a second; calling early does no harm. */
    public void elapsed(Instant now) {
        while (store.read(h -> drop(h, 1, now)).isPresent()) {
            store.update(h -> drop(h, DROPPED_AT_ONCE, now).ifPresent(seq -> EventRows.drop(h, seq)));
        }
    }

    private OptionalLong drop(Handle handle, int most, Instant now) {
        Optional<Age> youngest = EventRows.youngest(handle);
        if (youngest.isEmpty()) {
            return OptionalLong.empty();
        }
        return retention.drop(EventRows.oldest(handle, most), youngest.get(), settled(handle), now);
    }

    private long settled(Handle handle) {
        return sinks.stream()
                .mapToLong(sink -> EventRows.settled(handle, sink))
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
