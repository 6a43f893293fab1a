package dev.understudy.protocol.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts H.264 access units into RTP payloads for packetization-mode 1 (RFC 6184): small NAL units together in a STAP-A,
 * large ones over several FU-A, all others alone. Confined to one thread.
 */
public final class H264Packetizer {
    private static final int STAP_A = 24;
    private static final int FU_A = 28;
    private static final int FU_HEADER_BYTES = 2;

    private final ByteBuffer scratch;

    /** Takes what comes out. */
    public interface Payloads {
        /**
         * Takes one payload.
         *
         * @param payload valid during the call
         * @param marker whether it is the last of its access unit
         */
        void payload(ByteBuffer payload, boolean marker);
    }

    /** Makes payloads of at most {@code maxPayloadBytes}, which are the datagram less all headers and SRTP's trailer. */
    public H264Packetizer(int maxPayloadBytes) {
        if (maxPayloadBytes <= FU_HEADER_BYTES) {
            throw new IllegalArgumentException("payloads of " + maxPayloadBytes + " bytes");
        }
        this.scratch = ByteBuffer.allocate(maxPayloadBytes);
    }

    /** Cuts one access unit, given between position and limit as NAL units behind start codes. */
    public void packetize(ByteBuffer annexB, Payloads sink) {
        List<ByteBuffer> units = new ArrayList<>();
        NalUnits.split(annexB, units::add);
        for (int first = 0; first < units.size(); ) {
            int end = endOfAggregate(units, first);
            boolean isLast = end == units.size();
            if (end > first + 1) {
                sink.payload(aggregate(units.subList(first, end)), isLast);
            } else if (units.get(first).remaining() <= scratch.capacity()) {
                sink.payload(units.get(first), isLast);
            } else {
                fragment(units.get(first), isLast, sink);
            }
            first = end;
        }
    }

    /** The index behind the last unit that fits into one STAP-A with the first; at least {@code first + 1}. */
    private int endOfAggregate(List<ByteBuffer> units, int first) {
        int bytes = 1;
        int end = first;
        while (end < units.size() && bytes + Short.BYTES + units.get(end).remaining() <= scratch.capacity()) {
            bytes += Short.BYTES + units.get(end).remaining();
            end++;
        }
        return Math.max(end, first + 1);
    }

    /** The aggregate's header has the highest importance of its units, and their forbidden bits (section 5.7). */
    private ByteBuffer aggregate(List<ByteBuffer> units) {
        int forbidden = 0;
        int importance = 0;
        scratch.clear().put((byte) 0);
        for (ByteBuffer unit : units) {
            forbidden |= unit.get(0) & 0x80;
            importance = Math.max(importance, unit.get(0) & 0x60);
            scratch.putShort((short) unit.remaining()).put(unit.duplicate());
        }
        return scratch.put(0, (byte) (forbidden | importance | STAP_A)).flip();
    }

    private void fragment(ByteBuffer unit, boolean isLast, Payloads sink) {
        byte header = unit.get(0);
        int perFragment = scratch.capacity() - FU_HEADER_BYTES;
        for (int at = 1; at < unit.limit(); at += perFragment) {
            int length = Math.min(perFragment, unit.limit() - at);
            boolean isEnd = at + length == unit.limit();
            int startBit = at == 1 ? 0x80 : 0;
            int endBit = isEnd ? 0x40 : 0;
            scratch.clear();
            scratch.put((byte) ((header & 0xE0) | FU_A));
            scratch.put((byte) (startBit | endBit | NalUnits.type(header)));
            sink.payload(scratch.put(unit.slice(at, length)).flip(), isLast && isEnd);
        }
    }
}
