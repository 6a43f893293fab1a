package dev.understudy.protocol.rtcp;

import dev.understudy.protocol.rtcp.TransportFeedback.Arrival;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |      base sequence number     |      packet status count      |
 * |          reference time, in 64 ms             | fb packet count |
 * |   chunks of 16 bits …         |   deltas of 8 or 16 bits …
 * </pre>
 */
final class TransportFeedbackCodec {
    /** Everything before the first chunk, RTCP's header included. */
    static final int HEAD_BYTES = 20;

    private static final int REFERENCE_TICKS_BITS = 8;
    private static final int VECTOR = 0x8000;
    private static final int TWO_BIT_VECTOR = 0x4000;

    private TransportFeedbackCodec() {}

    static @Nullable TransportFeedback read(ByteBuffer packet) {
        if (packet.limit() < HEAD_BYTES) {
            return null;
        }
        int base = Short.toUnsignedInt(packet.getShort(12));
        byte[] symbols = new byte[Short.toUnsignedInt(packet.getShort(14))];
        int reference = packet.getInt(16) >>> 8;
        ByteBuffer body = packet.duplicate().position(HEAD_BYTES);
        if (symbols.length == 0 || !readChunks(body, symbols)) {
            return null;
        }
        List<Arrival> arrivals = readDeltas(body, symbols, base, (long) reference << REFERENCE_TICKS_BITS);
        if (arrivals == null) {
            return null;
        }
        long sender = RtcpReader.unsigned(packet, 4);
        long media = RtcpReader.unsigned(packet, 8);
        return new TransportFeedback(sender, media, packet.get(19) & 0xFF, base, symbols.length, arrivals);
    }

    private static boolean readChunks(ByteBuffer body, byte[] symbols) {
        for (int filled = 0; filled < symbols.length; ) {
            if (body.remaining() < Short.BYTES) {
                return false;
            }
            int chunk = Short.toUnsignedInt(body.getShort());
            boolean isTwoBit = (chunk & TWO_BIT_VECTOR) != 0;
            if ((chunk & VECTOR) == 0) {
                filled = readRun(chunk, symbols, filled);
            } else {
                filled = isTwoBit ? readVector(chunk, 2, symbols, filled) : readVector(chunk, 1, symbols, filled);
            }
        }
        return true;
    }

    private static int readRun(int chunk, byte[] symbols, int filled) {
        int end = Math.min(symbols.length, filled + (chunk & 0x1FFF));
        for (int i = filled; i < end; i++) {
            symbols[i] = (byte) (chunk >>> 13);
        }
        return end;
    }

    private static int readVector(int chunk, int symbolBits, byte[] symbols, int filled) {
        int at = filled;
        for (int shift = 14 - symbolBits; shift >= 0 && at < symbols.length; shift -= symbolBits) {
            symbols[at++] = (byte) ((chunk >>> shift) & ((1 << symbolBits) - 1));
        }
        return at;
    }

    private static @Nullable List<Arrival> readDeltas(ByteBuffer body, byte[] symbols, int base, long referenceTicks) {
        List<Arrival> arrivals = new ArrayList<>();
        long ticks = referenceTicks;
        for (int i = 0; i < symbols.length; i++) {
            int symbol = symbols[i];
            if (symbol == StatusChunks.NOT_RECEIVED) {
                continue;
            }
            if (symbol > StatusChunks.LARGE_DELTA || body.remaining() < symbol) {
                return null;
            }
            ticks += symbol == StatusChunks.SMALL_DELTA ? body.get() & 0xFF : body.getShort();
            arrivals.add(new Arrival((base + i) & 0xFFFF, ticks & 0xFFFFFFFFL));
        }
        return arrivals;
    }

    /** Writes all that follows the SSRCs, and the SSRCs. */
    static void writeBody(TransportFeedback feedback, ByteBuffer into) {
        List<Arrival> arrivals = feedback.arrivals();
        long reference = arrivals.isEmpty() ? 0 : reference(arrivals.getFirst().ticks());
        into.putInt((int) feedback.sender()).putInt((int) feedback.media());
        into.putShort((short) feedback.baseSequence()).putShort((short) feedback.statusCount());
        into.putInt((int) (reference | feedback.feedbackCount()));
        chunks(feedback, reference).writeTo(into);
        long previous = reference;
        for (Arrival arrival : arrivals) {
            int delta = delta(previous, arrival.ticks());
            if (symbol(delta) == StatusChunks.SMALL_DELTA) {
                into.put((byte) delta);
            } else {
                into.putShort((short) delta);
            }
            previous = arrival.ticks();
        }
    }

    private static StatusChunks chunks(TransportFeedback feedback, long reference) {
        var chunks = new StatusChunks();
        int next = 0;
        long previous = reference;
        for (Arrival arrival : feedback.arrivals()) {
            int index = (arrival.sequenceNumber() - feedback.baseSequence()) & 0xFFFF;
            chunks.addNotReceived(index - next);
            chunks.add(symbol(delta(previous, arrival.ticks())));
            next = index + 1;
            previous = arrival.ticks();
        }
        chunks.addNotReceived(feedback.statusCount() - next);
        return chunks;
    }

    /** The reference time that a feedback has whose first arrival was then: the 64 ms that hold it, in ticks. */
    static long reference(long ticks) {
        return ticks >> REFERENCE_TICKS_BITS << REFERENCE_TICKS_BITS;
    }

    /** Ticks wrap, so this is right for any two less than 6 days apart. */
    static int delta(long previousTicks, long ticks) {
        return (int) (ticks - previousTicks);
    }

    static boolean canWrite(int delta) {
        return delta == (short) delta;
    }

    /** The symbol of a packet received so long after the one before; it is also the size of the delta in bytes. */
    static int symbol(int delta) {
        if (!canWrite(delta)) {
            throw new IllegalArgumentException("arrivals " + delta + " ticks apart in one feedback");
        }
        return delta >= 0 && delta <= 0xFF ? StatusChunks.SMALL_DELTA : StatusChunks.LARGE_DELTA;
    }
}
