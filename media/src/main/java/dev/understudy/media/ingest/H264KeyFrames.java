package dev.understudy.media.ingest;

import java.nio.ByteBuffer;

/** Tells from one RTP payload whether an IDR picture begins in it (RFC 6184 section 5.2). Stateless. */
final class H264KeyFrames {
    private static final int IDR = 5;
    private static final int STAP_A = 24;
    private static final int FU_A = 28;
    private static final int FU_START_BIT = 0x80;

    private H264KeyFrames() {}

    static boolean beginIn(ByteBuffer payload) {
        if (!payload.hasRemaining()) {
            return false;
        }
        int start = payload.position();
        return switch (type(payload, start)) {
            case IDR -> true;
            case STAP_A -> isInAggregate(payload, start + 1);
            case FU_A ->
                payload.remaining() >= 2
                        && (payload.get(start + 1) & FU_START_BIT) != 0
                        && type(payload, start + 1) == IDR;
            default -> false;
        };
    }

    private static boolean isInAggregate(ByteBuffer payload, int start) {
        int at = start;
        while (at + 2 < payload.limit()) {
            if (type(payload, at + 2) == IDR) {
                return true;
            }
            at += 2 + Short.toUnsignedInt(payload.getShort(at));
        }
        return false;
    }

    private static int type(ByteBuffer payload, int at) {
        return payload.get(at) & 0x1F;
    }
}
