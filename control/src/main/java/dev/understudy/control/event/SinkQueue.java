package dev.understudy.control.event;

import dev.understudy.control.event.Progress.Verdict;
import dev.understudy.control.event.Progress.Waiting;
import dev.understudy.control.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * What one sink has still to get, in the order in which it may get it: {@link Progress} with the store behind it.
 *
 * <p>Take events, try to deliver them, say what became of them. What has been settled is on disk when {@link #settle}
 * returns; after a crash before that the same events are delivered again. Confined to the sink's thread. When a method
 * throws, the queue is to be opened again.
 */
public final class SinkQueue {
    /** What is looked at in one go to find events that may be sent; those of waiting resources are passed over. */
    private static final int SCAN = 100;

    /** So that a receiver that refuses everything fills no disk. */
    static final int MAX_PARKED = 1_000;

    private final Store store;
    private final String sink;
    private final Progress progress;

    private SinkQueue(Store store, String sink, Progress progress) {
        this.store = store;
        this.sink = sink;
        this.progress = progress;
    }

    /** Goes on where the sink was. One that was never there before gets what happens from now on. */
    static SinkQueue open(Store store, String sink) {
        return store.write(h -> {
            if (EventRows.position(h, sink).isEmpty()) {
                EventRows.insertSink(h, sink, EventRows.newest(h));
            }
            long position = EventRows.position(h, sink).orElseThrow();
            return new SinkQueue(store, sink, new Progress(position, EventRows.waiting(h, sink)));
        });
    }

    /** The events to deliver now, in any order or all at once: no two of one resource. Empty when there is nothing to do. */
    public List<Event> next(int most, Instant now) {
        int allowed = progress.allowance(most, now);
        if (allowed == 0) {
            return List.of();
        }
        List<Event> events = store.read(h -> {
            List<Event> due = due(h, allowed, now);
            due.addAll(following(h, allowed - due.size(), due));
            return due;
        });
        if (progress.hasChanges()) {
            Map<String, Optional<Waiting>> changes = progress.changes();
            store.update(h -> save(h, SinkStatus.NONE, changes));
        }
        return events;
    }

    private List<Event> due(Handle handle, int most, Instant now) {
        List<Event> events = new ArrayList<>();
        for (Map.Entry<String, Waiting> due : progress.due(most, now)) {
            EventRows.next(handle, due.getKey(), due.getValue().seq(), progress.position())
                    .ifPresentOrElse(events::add, () -> progress.exhausted(due.getKey()));
        }
        return events;
    }

    private List<Event> following(Handle handle, int most, List<Event> underWay) {
        Set<String> busy = new HashSet<>(underWay.stream().map(Event::resource).toList());
        List<Event> taken = List.of();
        boolean isMoving = most > 0;
        while (isMoving && taken.isEmpty()) {
            long before = progress.position();
            taken = progress.take(EventRows.after(handle, before, SCAN), most, busy);
            isMoving = progress.position() > before;
        }
        return taken;
    }

    /** Keeps what became of the events that {@link #next} gave, and says for which of them the sink was given up on. */
    public List<Attempt> settle(List<Attempt> attempts, Instant now) {
        List<Verdict> verdicts = progress.settle(attempts, now);
        List<Attempt> parked = IntStream.range(0, attempts.size())
                .filter(i -> verdicts.get(i) == Verdict.PARKED)
                .mapToObj(attempts::get)
                .toList();
        long delivered = verdicts.stream().filter(v -> v == Verdict.DELIVERED).count();
        var more = new SinkStatus(0, delivered, attempts.size() - delivered, parked.size(), 0);
        Map<String, Optional<Waiting>> changes = progress.changes();
        store.update(h -> {
            save(h, more, changes);
            parked.forEach(a -> EventRows.park(h, sink, a.event(), a.outcome().why(), now, MAX_PARKED));
        });
        return parked;
    }

    private void save(Handle handle, SinkStatus more, Map<String, Optional<Waiting>> changes) {
        EventRows.setProgress(handle, sink, progress.position(), more);
        changes.forEach((resource, waiting) -> save(handle, resource, waiting));
    }

    private void save(Handle handle, String resource, Optional<Waiting> waiting) {
        waiting.ifPresentOrElse(
                w -> EventRows.setWaiting(handle, sink, resource, w),
                () -> EventRows.deleteWaiting(handle, sink, resource));
    }

    /** When {@link #next} may have something even if no event comes; {@link Instant#MAX} when it will not. */
    public Instant deadline(Instant now) {
        return progress.deadline(now);
    }
}
