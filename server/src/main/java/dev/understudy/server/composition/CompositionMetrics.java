package dev.understudy.server.composition;

import dev.understudy.media.link.LinkMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What compositions count. Thread-safe. */
public final class CompositionMetrics {
    private static final LinkMessage.Statistics NOTHING = new LinkMessage.Statistics(0, 0, 0, 0, 0, 0, 0);

    private final LongAdder workerDeaths = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Map<String, LinkMessage.Statistics> latest = new ConcurrentHashMap<>();
    private LinkMessage.Statistics ended = NOTHING;

    /** Workers that ended while they were needed. */
    public long workerDeaths() {
        return workerDeaths.sum();
    }

    /** Compositions that ended as FAILED. */
    public long failures() {
        return failures.sum();
    }

    /** What the workers of all compositions have counted, those that have ended included. */
    public synchronized LinkMessage.Statistics workers() {
        return latest.values().stream().reduce(ended, CompositionMetrics::sum);
    }

    void workerDied() {
        workerDeaths.increment();
    }

    void failed() {
        failures.increment();
    }

    void counted(String compositionArn, LinkMessage.Statistics statistics) {
        latest.put(compositionArn, statistics);
    }

    /** A composition's worker is done: what it counted is kept, its row is not. */
    synchronized void workerEnded(String compositionArn) {
        LinkMessage.Statistics last = latest.remove(compositionArn);
        ended = last == null ? ended : sum(ended, last);
    }

    private static LinkMessage.Statistics sum(LinkMessage.Statistics a, LinkMessage.Statistics b) {
        return new LinkMessage.Statistics(
                a.cpuNanos() + b.cpuNanos(),
                a.ticksRendered() + b.ticksRendered(),
                a.ticksRepeated() + b.ticksRepeated(),
                a.framesDecoded() + b.framesDecoded(),
                a.framesDamaged() + b.framesDamaged(),
                a.audioConcealedSamples() + b.audioConcealedSamples(),
                a.packetsDropped() + b.packetsDropped());
    }
}
