package dev.understudy.protocol.rtp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * One access unit in Annex B form while it grows. Reused from unit to unit, so that nothing is allocated once it has
 * the size of the largest. Knows nothing of RTP.
 */
final class AccessUnitBuffer {
    private static final int FIRST_CAPACITY = 64 << 10;
    private static final int START_CODE_BYTES = 4;

    /** Real ones take tens of bytes. */
    private static final int MAX_PARAMETER_SET_BYTES = 8 << 10;

    private static final int NONE = -1;

    private final int maxBytes;
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int size;
    private int openNalUnit = NONE;
    private int firstNalUnitEnd;
    private boolean isKeyFrame;
    private boolean hasSps;

    /** SPS and PPS, each behind a start code: those last seen in band, or those of the session description. */
    private final ByteBuffer parameterSets = ByteBuffer.allocate(MAX_PARAMETER_SET_BYTES);

    private boolean hasSeenSpsInBand;

    AccessUnitBuffer(int maxBytes, List<ByteBuffer> parameterSets) {
        this.maxBytes = maxBytes;
        parameterSets.forEach(this::remember);
    }

    void clear() {
        size = 0;
        openNalUnit = NONE;
        firstNalUnitEnd = 0;
        isKeyFrame = false;
        hasSps = false;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isKeyFrame() {
        return isKeyFrame;
    }

    /** Adds a NAL unit; false when it does not fit and was left out. */
    boolean add(ByteBuffer nalUnit) {
        beginNalUnit(nalUnit.get(nalUnit.position()));
        boolean isTaken = append(nalUnit.slice(nalUnit.position() + 1, nalUnit.remaining() - 1));
        endNalUnit();
        return isTaken;
    }

    void beginNalUnit(byte header) {
        if (!reserve(START_CODE_BYTES + 1)) {
            return;
        }
        openNalUnit = size;
        ByteBuffer.wrap(bytes).putInt(size, 1);
        bytes[size + START_CODE_BYTES] = header;
        size += START_CODE_BYTES + 1;
    }

    /** Adds to the open NAL unit; false when none is open, or it grows too large and was left out. */
    boolean append(ByteBuffer fragment) {
        int length = fragment.remaining();
        if (openNalUnit == NONE) {
            return false;
        }
        if (!reserve(length)) {
            dropOpenNalUnit();
            return false;
        }
        fragment.get(bytes, size, length);
        size += length;
        return true;
    }

    void endNalUnit() {
        if (openNalUnit == NONE) {
            return;
        }
        int header = openNalUnit + START_CODE_BYTES;
        int type = NalUnits.type(bytes[header]);
        isKeyFrame |= type == NalUnits.IDR;
        firstNalUnitEnd = openNalUnit == 0 ? size : firstNalUnitEnd;
        openNalUnit = NONE;
        if (type == NalUnits.SPS || type == NalUnits.PPS) {
            rememberInBand(type, ByteBuffer.wrap(bytes, header, size - header));
        }
    }

    /** Takes back a NAL unit that was begun and not ended; whether there was one. */
    boolean dropOpenNalUnit() {
        if (openNalUnit == NONE) {
            return false;
        }
        size = openNalUnit;
        openNalUnit = NONE;
        return true;
    }

    /** Whether nothing that matters to the decoder can have been lost before the first NAL unit. */
    boolean showsItsBeginning() {
        int type = NalUnits.type(bytes[START_CODE_BYTES]);
        boolean isFirstSlice = firstNalUnitEnd > START_CODE_BYTES + 1 && (bytes[START_CODE_BYTES + 1] & 0x80) != 0;
        return switch (type) {
            case NalUnits.SPS, NalUnits.ACCESS_UNIT_DELIMITER -> true;
            // first_mb_in_slice is 0 when its first bit is 1 (section 7.3.3)
            case NalUnits.IDR -> isFirstSlice && !hasSeenSpsInBand;
            default -> false;
        };
    }

    /** The whole unit, with parameter sets if it is a key frame. Valid until the next {@link #clear}. */
    ByteBuffer finish() {
        if (isKeyFrame && !hasSps) {
            insertParameterSets();
        }
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    /** A delimiter, if there is one, stays first (section 7.4.1.2.3). */
    private void insertParameterSets() {
        int length = parameterSets.position();
        if (!reserve(length)) {
            return;
        }
        boolean isDelimited = NalUnits.type(bytes[START_CODE_BYTES]) == NalUnits.ACCESS_UNIT_DELIMITER;
        int at = isDelimited ? firstNalUnitEnd : 0;
        System.arraycopy(bytes, at, bytes, at + length, size - at);
        System.arraycopy(parameterSets.array(), 0, bytes, at, length);
        size += length;
    }

    private void rememberInBand(int type, ByteBuffer nalUnit) {
        if (type == NalUnits.SPS && !hasSps) {
            parameterSets.clear();
            hasSps = true;
            hasSeenSpsInBand = true;
        }
        if (hasSps) {
            remember(nalUnit);
        }
    }

    private void remember(ByteBuffer nalUnit) {
        if (nalUnit.hasRemaining() && START_CODE_BYTES + nalUnit.remaining() <= parameterSets.remaining()) {
            parameterSets.putInt(1).put(nalUnit.duplicate());
        }
    }

    private boolean reserve(int more) {
        if (size + more > maxBytes) {
            return false;
        }
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(maxBytes, Math.max(size + more, 2 * bytes.length)));
        }
        return true;
    }
}
