package dev.understudy.protocol.rtp;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Puts H.264 access units together from RTP payloads: single NAL units, STAP-A and FU-A, which is all that
 * packetization-mode 1 allows (RFC 6184 section 6.3). Confined to one thread.
 *
 * <p>NAL units are passed on as they came, delimiters and SEI among them; emulation prevention is left alone. A unit
 * ends at the marker, or where the timestamp changes, or at {@link #end}. Every sequence number counts: one that is
 * missing makes a hole in the unit around it. A packet of padding alone fills its place and is otherwise ignored.
 *
 * <p>After a gap nobody knows what else was lost, so the next unit is not whole either. Only a key frame that shows its
 * own beginning is: one that opens with a delimiter or a parameter set, or, of a sender that never sends parameter sets
 * in band, with the first slice of the picture.
 *
 * <p>A key frame without parameter sets gets those last seen in band, or else those of the session description, so that
 * a decoder can begin at any key frame.
 */
public final class H264Depacketizer {
    /** More than the largest picture of level 5.2 at any sane rate; what goes past it is cut and reported as not whole. */
    public static final int MAX_ACCESS_UNIT_BYTES = 4 << 20;

    private static final int STAP_A = 24;
    private static final int FU_A = 28;
    private static final int FU_START = 0x80;
    private static final int FU_END = 0x40;

    /** Takes what comes out. */
    public interface AccessUnits {
        /**
         * Takes one access unit.
         *
         * @param rtpTimestamp as it was given with the packets
         * @param annexB the NAL units, each behind a start code of four bytes; valid during the call
         * @param isKeyFrame whether it is an IDR picture, so that decoding can begin here
         * @param isWhole whether nothing of it is missing; units that follow one that is not whole may refer to what
         *     was lost, until the next key frame that is
         */
        void accessUnit(long rtpTimestamp, ByteBuffer annexB, boolean isKeyFrame, boolean isWhole);
    }

    private final AccessUnits sink;
    private final AccessUnitBuffer unit;
    private long nextSequence = -1;
    private boolean isGapBefore = true;
    private boolean isOpen;
    private boolean isAfterGap;
    private boolean hasHole;
    private long timestamp;

    /** Starts without parameter sets: they come in band. */
    public H264Depacketizer(AccessUnits sink) {
        this(List.of(), sink);
    }

    /**
     * Starts with the parameter sets of the session description.
     *
     * @param parameterSets NAL units without start codes, as in {@code sprop-parameter-sets}
     */
    public H264Depacketizer(List<ByteBuffer> parameterSets, AccessUnits sink) {
        this.sink = sink;
        this.unit = new AccessUnitBuffer(MAX_ACCESS_UNIT_BYTES, parameterSets);
    }

    /** Takes one packet, as {@link #received(long, long, boolean, ByteBuffer)} does. */
    public void received(long sequence, RtpPacket packet) {
        received(sequence, packet.timestamp(), packet.marker(), packet.payload());
    }

    /**
     * Takes one packet. Packets come in ascending order; one that comes late, or again, is ignored.
     *
     * @param sequence unwrapped: it never wraps
     * @param rtpTimestamp wrapped or not, but always the same way; handed on with the unit
     * @param payload the bytes between position and limit, not consumed; empty for padding
     */
    public void received(long sequence, long rtpTimestamp, boolean marker, ByteBuffer payload) {
        if (sequence < nextSequence) {
            return;
        }
        isGapBefore |= sequence != nextSequence;
        nextSequence = sequence + 1;
        if (isGapBefore && isOpen) {
            loseFragment();
            hasHole = true;
        }
        if (!payload.hasRemaining()) {
            return;
        }
        begin(rtpTimestamp);
        add(payload.slice());
        if (marker) {
            end();
        }
    }

    /** Hands over the unit that is open, if any: for the end of a stream, or a marker that is known to be lost. */
    public void end() {
        if (!isOpen) {
            return;
        }
        loseFragment();
        isOpen = false;
        if (unit.isEmpty()) {
            isGapBefore |= hasHole || isAfterGap;
            return;
        }
        boolean isKeyFrame = unit.isKeyFrame();
        boolean isWhole = !hasHole && (!isAfterGap || (isKeyFrame && unit.showsItsBeginning()));
        sink.accessUnit(timestamp, unit.finish(), isKeyFrame, isWhole);
    }

    private void begin(long rtpTimestamp) {
        if (isOpen && rtpTimestamp != timestamp) {
            end();
        }
        if (!isOpen) {
            isOpen = true;
            isAfterGap = isGapBefore;
            hasHole = false;
            timestamp = rtpTimestamp;
            unit.clear();
        }
        isGapBefore = false;
    }

    private void add(ByteBuffer payload) {
        int type = NalUnits.type(payload.get(0));
        if (type == FU_A) {
            addFragment(payload);
            return;
        }
        loseFragment();
        if (type == STAP_A) {
            addAggregate(payload.position(1));
        } else {
            addNalUnit(payload);
        }
    }

    private void addNalUnit(ByteBuffer nalUnit) {
        int type = NalUnits.type(nalUnit.get(nalUnit.position()));
        boolean isTaken = type > 0 && type <= NalUnits.LAST_SINGLE && unit.add(nalUnit);
        hasHole |= !isTaken;
    }

    /** Single-time aggregation: each unit behind its size in 16 bits (RFC 6184 section 5.7.1). */
    private void addAggregate(ByteBuffer units) {
        while (units.hasRemaining()) {
            int length = units.remaining() < Short.BYTES ? 0 : Short.toUnsignedInt(units.getShort());
            if (length == 0 || length > units.remaining()) {
                hasHole = true;
                return;
            }
            addNalUnit(units.slice(units.position(), length));
            units.position(units.position() + length);
        }
    }

    /** A fragment: indicator, FU header, then bytes of the unit behind its header (RFC 6184 section 5.8). */
    private void addFragment(ByteBuffer payload) {
        int fuHeader = payload.limit() < 2 ? 0 : payload.get(1) & 0xFF;
        int type = NalUnits.type((byte) fuHeader);
        if (type == 0 || type > NalUnits.LAST_SINGLE) {
            loseFragment();
            hasHole = true;
            return;
        }
        if ((fuHeader & FU_START) != 0) {
            loseFragment();
            unit.beginNalUnit((byte) ((payload.get(0) & 0xE0) | type));
        }
        hasHole |= !unit.append(payload.position(2));
        if ((fuHeader & FU_END) != 0) {
            unit.endNalUnit();
        }
    }

    private void loseFragment() {
        hasHole |= unit.dropOpenNalUnit();
    }
}
