package dev.understudy.media.compose;

import dev.understudy.protocol.rtp.RtpPacket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts packets back into the order of their sequence numbers, and waits for a missing one as long as it can still be
 * shown in time: until the packet behind the gap is due.
 */
final class RtpReorderBuffer {
    /** A power of two. At 5 Mbit/s this is four seconds, well past every playout delay. */
    static final int CAPACITY = 2_048;

    /** A packet with its numbers unwrapped; the view is over bytes of its own. */
    record Numbered(long sequence, long timestamp, RtpPacket packet) {}

    /** Takes packets in order. */
    interface Packets {
        void packet(Numbered packet);
    }

    private final @Nullable Numbered[] packets = new Numbered[CAPACITY];
    private final long[] dueNanos = new long[CAPACITY];
    private long next = Long.MIN_VALUE;
    private int held;
    private long dropped;

    /**
     * Takes a packet in. One that was released or given up before, or that is here already, is dropped.
     *
     * @param dueNanos when this packet's own content is due
     */
    void add(Numbered packet, long dueNanos) {
        long sequence = packet.sequence;
        if (next == Long.MIN_VALUE || sequence - next >= CAPACITY) {
            startAt(sequence);
        }
        int slot = slot(sequence);
        if (sequence < next || packets[slot] != null) {
            dropped++;
            return;
        }
        packets[slot] = packet;
        this.dueNanos[slot] = dueNanos;
        held++;
    }

    /** Hands out what is in order, and what is due whether or not something is missing before it. */
    void release(long nowNanos, Packets out) {
        while (held > 0) {
            long first = firstHeld();
            if (first > next && dueNanos[slot(first)] > nowNanos) {
                return;
            }
            next = first + 1;
            out.packet(take(first));
        }
    }

    /** When {@link #release} gives up waiting; {@link Long#MAX_VALUE} while nothing is missing. */
    long deadlineNanos() {
        return held == 0 ? Long.MAX_VALUE : dueNanos[slot(firstHeld())];
    }

    /** Packets that came too late, twice, or before a leap of the sequence. */
    long dropped() {
        return dropped;
    }

    /** A leap that the window does not span: what waits is worth nothing behind it. */
    private void startAt(long sequence) {
        dropped += held;
        held = 0;
        Arrays.fill(packets, null);
        next = sequence;
    }

    private long firstHeld() {
        long sequence = next;
        while (packets[slot(sequence)] == null) {
            sequence++;
        }
        return sequence;
    }

    private Numbered take(long sequence) {
        Numbered packet = packets[slot(sequence)];
        if (packet == null) {
            throw new IllegalStateException("no packet " + sequence);
        }
        packets[slot(sequence)] = null;
        held--;
        return packet;
    }

    private static int slot(long sequence) {
        return (int) (sequence & (CAPACITY - 1));
    }
}
