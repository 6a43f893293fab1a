package dev.understudy.media.ingest;

import java.util.Arrays;

/**
 * Decides which lost packets of one RTP stream to ask for again, and when (generic NACK, RFC 4585 section 6.2.1).
 *
 * <p>Sans-IO, and nothing is allocated after construction: the missing packets are a ring of their next times to ask, by
 * sequence number. The owner calls {@link #received}, waits until {@link #deadlineNanos}, then calls {@link #ask}. A
 * packet that was asked for {@value #MAX_ATTEMPTS} times in vain, or that falls out of the ring, is lost.
 * Confined to one media loop.
 */
public final class NackGenerator {
    /** A power of two. More missing packets than this is an outage, not loss; a key frame heals it sooner. */
    static final int WINDOW = 256;

    static final int MAX_ATTEMPTS = 5;

    private static final long NOT_MISSING = Long.MAX_VALUE;

    /** Takes the sequence numbers to ask for, oldest first. */
    public interface Requests {
        void add(long sequence);
    }

    private final long retryNanos;
    private final long[] askAtNanos = new long[WINDOW];
    private final byte[] attempts = new byte[WINDOW];
    private long highest = -1;
    private int missing;
    private long lost;

    /** Starts with nothing missing; {@code retryNanos} is about one round trip to the publisher. */
    public NackGenerator(long retryNanos) {
        this.retryNanos = retryNanos;
        Arrays.fill(askAtNanos, NOT_MISSING);
    }

    /** Takes note of an arrival. {@code sequence} is unwrapped: it never wraps. */
    public void received(long sequence, long nowNanos) {
        if (highest < 0 || sequence == highest + 1) {
            advance(sequence, NOT_MISSING);
        } else if (sequence > highest) {
            leap(sequence, nowNanos);
        } else if (sequence > highest - WINDOW) {
            found(slot(sequence));
        }
    }

    /** What lies between {@link #highest} and {@code sequence} is missing, as far as the ring reaches. */
    private void leap(long sequence, long nowNanos) {
        long firstMissing = Math.max(highest + 1, sequence - WINDOW + 1);
        lost += firstMissing - highest - 1;
        for (long next = firstMissing; next < sequence; next++) {
            advance(next, nowNanos);
        }
        advance(sequence, NOT_MISSING);
    }

    /** The slot's former packet, a whole ring older, is given up if it never came. */
    private void advance(long sequence, long askAt) {
        int slot = slot(sequence);
        if (askAtNanos[slot] != NOT_MISSING) {
            giveUp(slot);
        }
        askAtNanos[slot] = askAt;
        attempts[slot] = 0;
        missing += askAt == NOT_MISSING ? 0 : 1;
        highest = sequence;
    }

    private void found(int slot) {
        if (askAtNanos[slot] != NOT_MISSING) {
            askAtNanos[slot] = NOT_MISSING;
            missing--;
        }
    }

    private void giveUp(int slot) {
        found(slot);
        lost++;
    }

    /** When to call {@link #ask} next; {@link Long#MAX_VALUE} while nothing is missing. */
    public long deadlineNanos() {
        if (missing == 0) {
            return NOT_MISSING;
        }
        long earliest = NOT_MISSING;
        for (long askAt : askAtNanos) {
            earliest = Math.min(earliest, askAt);
        }
        return earliest;
    }

    /** Hands over what is due at {@code nowNanos}, and gives up on what was asked for often enough. */
    public void ask(long nowNanos, Requests requests) {
        if (missing == 0) {
            return;
        }
        for (long sequence = Math.max(0, highest - WINDOW + 1); sequence < highest; sequence++) {
            int slot = slot(sequence);
            if (askAtNanos[slot] <= nowNanos) {
                askOrGiveUp(sequence, slot, nowNanos, requests);
            }
        }
    }

    private void askOrGiveUp(long sequence, int slot, long nowNanos, Requests requests) {
        if (attempts[slot] == MAX_ATTEMPTS) {
            giveUp(slot);
            return;
        }
        attempts[slot]++;
        askAtNanos[slot] = nowNanos + retryNanos;
        requests.add(sequence);
    }

    /** How many packets were given up since the call before. */
    public long takeLost() {
        long taken = lost;
        lost = 0;
        return taken;
    }

    private static int slot(long sequence) {
        return (int) (sequence & (WINDOW - 1));
    }
}
