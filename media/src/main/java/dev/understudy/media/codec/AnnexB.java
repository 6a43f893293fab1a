package dev.understudy.media.codec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two framings of H.264 NAL units: start codes (H.264 Annex B) and lengths of four bytes (as MP4 stores them). */
public final class AnnexB {
    /** In one access unit. 8 slices of each of some pictures, parameter sets and SEI stay far below. */
    static final int MAX_NAL_UNITS = 1_024;

    private static final int LENGTH_BYTES = 4;

    private AnnexB() {}

    /** nal_unit_type (H.264 table 7-1) of a NAL unit that begins at the buffer's position. */
    public static int nalType(ByteBuffer nal) {
        return nal.get(nal.position()) & 0x1F;
    }

    /**
     * Splits a byte stream at its start codes of three or four bytes. Zero bytes around a NAL unit are no part of it.
     *
     * @return the NAL units in order, none empty, sharing the stream's bytes; at most {@value #MAX_NAL_UNITS}
     */
    public static List<ByteBuffer> nalUnits(ByteBuffer stream) {
        ByteBuffer bytes = stream.slice();
        List<ByteBuffer> nals = new ArrayList<>();
        int start = afterStartCode(bytes, 0);
        while (start >= 0 && nals.size() < MAX_NAL_UNITS) {
            int next = afterStartCode(bytes, start);
            int end = next < 0 ? bytes.limit() : next - 3;
            while (end > start && bytes.get(end - 1) == 0) {
                end--;
            }
            if (end > start) {
                nals.add(bytes.slice(start, end - start));
            }
            start = next;
        }
        return nals;
    }

    /** The index behind the first 00 00 01 at or after {@code from}; -1 when there is none. */
    private static int afterStartCode(ByteBuffer bytes, int from) {
        for (int i = from + 2; i < bytes.limit(); i++) {
            if (bytes.get(i) == 1 && bytes.get(i - 1) == 0 && bytes.get(i - 2) == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /** The NAL units one after another, each behind its length. */
    public static ByteBuffer lengthPrefixed(List<ByteBuffer> nals) {
        int size = nals.stream().mapToInt(nal -> LENGTH_BYTES + nal.remaining()).sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        for (ByteBuffer nal : nals) {
            out.putInt(nal.remaining()).put(nal.duplicate());
        }
        return out.flip();
    }

    /**
     * Splits an access unit whose NAL units each follow their length.
     *
     * @return null when the lengths do not fill the bytes exactly, one is empty, or there are too many
     */
    public static @Nullable List<ByteBuffer> fromLengthPrefixed(ByteBuffer accessUnit) {
        ByteBuffer bytes = accessUnit.slice();
        List<ByteBuffer> nals = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int length = bytes.remaining() < LENGTH_BYTES ? 0 : bytes.getInt();
            if (length <= 0 || length > bytes.remaining() || nals.size() == MAX_NAL_UNITS) {
                return null;
            }
            nals.add(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
        }
        return nals;
    }
}
