package dev.understudy.server.worker;

import dev.understudy.media.link.LinkMessage;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one bounded queue where messages for a worker cross a thread.
 *
 * <p>Only RTP is ever dropped, as {@link RtpShedding} decides; what else there is, is little. Thread-safe.
 */
final class LinkQueue {
    /** What a message weighs besides its payload, about. */
    private static final int OVERHEAD_BYTES = 100;

    /** Messages that must not be dropped; a worker that lets so many wait is lost. */
    private static final int MAX_UNDROPPABLE = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final ArrayDeque<LinkMessage.ToWorker> messages = new ArrayDeque<>();
    private final RtpShedding shedding = new RtpShedding();
    private final IntConsumer keyFrameNeeded;
    private int queuedBytes;
    private long dropped;
    private boolean closed;

    /** @param keyFrameNeeded told the track whose frames were dropped and now come again; called by whoever offers */
    LinkQueue(IntConsumer keyFrameNeeded) {
        this.keyFrameNeeded = keyFrameNeeded;
    }

    /** Appends a message, or drops and counts it; never waits. */
    void offer(LinkMessage.ToWorker message) {
        if (append(message) == RtpShedding.Verdict.RESUME && message instanceof LinkMessage.Rtp rtp) {
            keyFrameNeeded.accept(rtp.track());
        }
    }

    private RtpShedding.Verdict append(LinkMessage.ToWorker message) {
        lock.lock();
        try {
            RtpShedding.Verdict verdict = judge(message);
            if (closed || verdict == RtpShedding.Verdict.DROP) {
                dropped++;
                return RtpShedding.Verdict.DROP;
            }
            messages.add(message);
            queuedBytes += bytes(message);
            filled.signal();
            return verdict;
        } finally {
            lock.unlock();
        }
    }

    private RtpShedding.Verdict judge(LinkMessage.ToWorker message) {
        if (message instanceof LinkMessage.Rtp rtp) {
            return shedding.judge(rtp, queuedBytes);
        }
        shedding.observe(message);
        return messages.size() < MAX_UNDROPPABLE ? RtpShedding.Verdict.KEEP : RtpShedding.Verdict.DROP;
    }

    /**
     * Takes the oldest message.
     *
     * @param waitNanos how long to wait for one; 0 or less for not at all
     * @return null when there is none
     */
    LinkMessage.@Nullable ToWorker poll(long waitNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = waitNanos;
            while (messages.isEmpty() && !closed && left > 0) {
                left = filled.awaitNanos(left);
            }
            LinkMessage.ToWorker message = messages.poll();
            queuedBytes -= message == null ? 0 : bytes(message);
            return message;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits and takes nothing more in; what is queued can still be polled. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** RTP packets dropped so far. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private static int bytes(LinkMessage.ToWorker message) {
        return OVERHEAD_BYTES
                + (message instanceof LinkMessage.Rtp rtp ? rtp.packet().remaining() : 0);
    }
}
