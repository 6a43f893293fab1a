package dev.understudy.protocol.dtls;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of a datagram of DTLS records from outside (RFC 6347 section 4.1). Immutable.
 *
 * <p>A DTLS stack reserves room for a whole handshake message when its first fragment comes, up to 16 MiB that a peer only
 * claims. So fragments are looked at before the stack sees them, and none of ours is larger than {@value
 * #MAX_MESSAGE_BYTES}.
 *
 * @param encrypted how many of the records are not of epoch 0; what they hold cannot be seen
 */
public record DtlsRecords(int encrypted) {
    /** Certificate chains of two or three keys fit easily; WebRTC sends one certificate that signs itself. */
    public static final int MAX_MESSAGE_BYTES = 16_384;

    private static final int RECORD_HEADER_BYTES = 13;
    private static final int FRAGMENT_HEADER_BYTES = 12;
    private static final int HANDSHAKE = 22;

    /**
     * Looks at the bytes between position and limit, leaving both untouched.
     *
     * @return null when they are not whole records, or claim a handshake message that is too large
     */
    public static @Nullable DtlsRecords parse(ByteBuffer datagram) {
        ByteBuffer bytes = datagram.slice();
        int encrypted = 0;
        int offset = 0;
        while (offset < bytes.limit()) {
            if (bytes.limit() - offset < RECORD_HEADER_BYTES) {
                return null;
            }
            int body = offset + RECORD_HEADER_BYTES;
            int next = body + Short.toUnsignedInt(bytes.getShort(offset + 11));
            if (next > bytes.limit()) {
                return null;
            }
            boolean isClear = bytes.getShort(offset + 3) == 0;
            if (isClear && bytes.get(offset) == HANDSHAKE && !areFragments(bytes, body, next)) {
                return null;
            }
            encrypted += isClear ? 0 : 1;
            offset = next;
        }
        return offset == 0 ? null : new DtlsRecords(encrypted);
    }

    private static boolean areFragments(ByteBuffer bytes, int from, int end) {
        int offset = from;
        while (offset < end) {
            if (end - offset < FRAGMENT_HEADER_BYTES || uint24(bytes, offset + 1) > MAX_MESSAGE_BYTES) {
                return false;
            }
            offset += FRAGMENT_HEADER_BYTES + uint24(bytes, offset + 9);
        }
        return offset == end && from < end;
    }

    private static int uint24(ByteBuffer bytes, int offset) {
        return bytes.getInt(offset - 1) & 0xFFFFFF;
    }
}
