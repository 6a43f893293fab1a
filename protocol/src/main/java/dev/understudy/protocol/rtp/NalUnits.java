package dev.understudy.protocol.rtp;

import java.nio.ByteBuffer;

/** What RTP must know of H.264's NAL units (ITU-T H.264 section 7.3.1 and Annex B). */
final class NalUnits {
    static final int IDR = 5;
    static final int SPS = 7;
    static final int PPS = 8;
    static final int ACCESS_UNIT_DELIMITER = 9;

    /** The last type that is a NAL unit by itself; those above are RTP's (RFC 6184 section 5.2). */
    static final int LAST_SINGLE = 23;

    private NalUnits() {}

    /** Takes NAL units without their start codes; the bytes are valid during the call. */
    interface Sink {
        void nalUnit(ByteBuffer nalUnit);
    }

    /** The type of the unit whose first byte this is. */
    static int type(byte header) {
        return header & 0x1F;
    }

    /** Hands over each NAL unit of an Annex B byte stream, in order. Bytes before the first start code are skipped. */
    static void split(ByteBuffer annexB, Sink sink) {
        int start = afterStartCode(annexB, annexB.position());
        while (start < annexB.limit()) {
            int next = afterStartCode(annexB, start);
            int end = next <= annexB.limit() ? next - 3 : annexB.limit();
            int length = withoutTrailingZeros(annexB, start, end) - start;
            if (length > 0) {
                sink.nalUnit(annexB.slice(start, length));
            }
            start = next;
        }
    }

    /** The index behind the next 00 00 01 at or after {@code from}; beyond the limit when there is none. */
    private static int afterStartCode(ByteBuffer bytes, int from) {
        for (int i = from + 2; i < bytes.limit(); i++) {
            if (bytes.get(i) == 1 && bytes.get(i - 1) == 0 && bytes.get(i - 2) == 0) {
                return i + 1;
            }
        }
        return bytes.limit() + 1;
    }

    /** A unit never ends in a zero byte (section 7.4.1): such zeros belong to the next start code. */
    private static int withoutTrailingZeros(ByteBuffer bytes, int start, int end) {
        int last = end;
        while (last > start && bytes.get(last - 1) == 0) {
            last--;
        }
        return last;
    }
}
