package dev.understudy.control.event;

import dev.understudy.control.event.Progress.Allowance;
import dev.understudy.control.event.Progress.Verdict;
import dev.understudy.control.event.Progress.Waiting;
import dev.understudy.control.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * What one sink has still to get, in the order in which it may get it: {@link Progress} with the store behind it.
 *
 * <p>Take events, try to deliver them, say what became of them; others may be taken while some are under way. What has
 * been settled is on disk when {@link #settle} returns; after a crash before that the same events are delivered again.
 * Confined to the sink's thread. When a method throws, the queue is to be opened again.
 */
public final class SinkQueue {
    /** What is looked at in one go to find events that may be sent; those of waiting resources are passed over. */
    private static final int MAX_SCAN = 100;

    /** So that a receiver that refuses everything fills no disk. */
    static final int MAX_PARKED = 1_000;

    private final Store store;
    private final String sink;
    private final Progress progress;

    /** Whether something waits no more that is still stored as waiting, though nothing has been settled. */
    private boolean hasExhausted;

    private SinkQueue(Store store, String sink, Progress progress) {
        this.store = store;
        this.sink = sink;
        this.progress = progress;
    }

    /** Goes on where the sink was. One that was never there before gets what happens from now on. */
    static SinkQueue open(Store store, String sink, Capacity capacity) {
        return store.write(h -> {
            if (EventRows.position(h, sink).isEmpty()) {
                EventRows.insertSink(h, sink, EventRows.newest(h));
            }
            long position = EventRows.position(h, sink).orElseThrow();
            return new SinkQueue(store, sink, new Progress(capacity, position, EventRows.waiting(h, sink)));
        });
    }

    /**
     * The events to deliver now, those of each call in a list: no two of one resource among them and what is under way.
     * Empty when there is nothing to do.
     *
     * @param free calls that can be made
     */
    public List<List<Event>> next(int free, Instant now) {
        Allowance allowed = progress.allowance(free, now);
        if (allowed.calls() == 0) {
            return List.of();
        }
        List<List<Event>> calls = store.read(h -> calls(h, allowed, now));
        if (hasExhausted) {
            hasExhausted = false;
            Map<String, Optional<Waiting>> changes = progress.changes();
            store.update(h -> save(h, SinkStatus.NONE, SinkHealth.after(List.of(), now, progress.retryAt()), changes));
        }
        return calls;
    }

    private List<List<Event>> calls(Handle handle, Allowance allowed, Instant now) {
        List<Event> retries = allowed.areRetriesFirst() ? retries(handle, allowed, now) : List.of();
        List<Event> others = others(handle, (allowed.calls() - retries.size()) * allowed.eventsPerCall(), now);
        if (!allowed.areRetriesFirst() && others.isEmpty()) {
            retries = retries(handle, allowed, now);
        }
        List<List<Event>> calls = new ArrayList<>();
        retries.forEach(event -> calls.add(List.of(event)));
        for (int from = 0; from < others.size(); from += allowed.eventsPerCall()) {
            calls.add(List.copyOf(others.subList(from, Math.min(from + allowed.eventsPerCall(), others.size()))));
        }
        return calls;
    }

    private List<Event> retries(Handle handle, Allowance allowed, Instant now) {
        return waiting(handle, progress.dueRetries(now), allowed.retries());
    }

    /** Whatever is exhausted has to be forgotten before more is taken: otherwise that would be passed over, and lost. */
    private List<Event> others(Handle handle, int most, Instant now) {
        List<Event> others = waiting(handle, progress.dueNext(now), most);
        others.addAll(following(handle, most - others.size(), now));
        return others;
    }

    private List<Event> waiting(Handle handle, List<Map.Entry<String, Waiting>> due, int most) {
        List<Event> events = new ArrayList<>();
        for (Map.Entry<String, Waiting> next : due) {
            if (events.size() == most) {
                break;
            }
            EventRows.next(handle, next.getKey(), next.getValue().seq(), progress.position())
                    .ifPresentOrElse(events::add, () -> exhausted(next.getKey()));
        }
        events.forEach(event -> progress.sent(event.resource()));
        return events;
    }

    private void exhausted(String resource) {
        progress.exhausted(resource);
        hasExhausted = true;
    }

    private List<Event> following(Handle handle, int most, Instant now) {
        List<Event> taken = new ArrayList<>();
        int scan = Math.min(MAX_SCAN, 2 * most);
        boolean isMoving = most > 0;
        while (isMoving && taken.size() < most) {
            long before = progress.position();
            List<Event> behind = EventRows.after(handle, before, scan);
            taken.addAll(progress.take(behind, most - taken.size(), now));
            isMoving = progress.position() > before && behind.size() == scan;
            scan = MAX_SCAN;
        }
        return taken;
    }

    /** Keeps what became of the events that {@link #next} gave, of one call or several, and says for which of them the sink was given up on. */
    public List<Attempt> settle(List<Attempt> attempts, Instant now) {
        List<Verdict> verdicts = progress.settle(attempts, now);
        List<Attempt> parked = IntStream.range(0, attempts.size())
                .filter(i -> verdicts.get(i) == Verdict.PARKED)
                .mapToObj(attempts::get)
                .toList();
        long delivered = verdicts.stream().filter(v -> v == Verdict.DELIVERED).count();
        var more = new SinkStatus(0, delivered, attempts.size() - delivered, parked.size(), 0);
        SinkHealth health = SinkHealth.after(attempts, now, progress.retryAt());
        Map<String, Optional<Waiting>> changes = progress.changes();
        store.update(h -> {
            save(h, more, health, changes);
            parked.forEach(a -> EventRows.park(h, sink, a.event(), a.outcome().why(), now, MAX_PARKED));
        });
        return parked;
    }

    private void save(Handle handle, SinkStatus more, SinkHealth health, Map<String, Optional<Waiting>> changes) {
        EventRows.setProgress(handle, sink, progress.position(), more, health);
        changes.forEach((resource, waiting) -> save(handle, resource, waiting));
    }

    private void save(Handle handle, String resource, Optional<Waiting> waiting) {
        waiting.ifPresentOrElse(
                w -> EventRows.setWaiting(handle, sink, resource, w),
                () -> EventRows.deleteWaiting(handle, sink, resource));
    }

    /** Whether there is an event that was tried and neither taken nor given up on. */
    public boolean isTroubled() {
        return progress.retryAt().isPresent();
    }

    /** When {@link #next} may have something even if no event comes and no call ends; {@link Instant#MAX} when it will not. */
    public Instant deadline(Instant now) {
        return progress.deadline(now);
    }
}
