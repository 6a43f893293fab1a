package dev.understudy.protocol.rtp;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element of an RTP header extension (RFC 8285), to be written. Elements of a received packet are read in place by
 * {@link RtpPacket#extension}.
 *
 * @param id 1 to 255; above 14 the two-byte form is written
 * @param value 0 to 255 bytes; none, or more than 16, take the two-byte form. Read between position and limit, never
 *     consumed
 */
public record HeaderExtension(int id, ByteBuffer value) {
    static final int BLOCK_HEADER_BYTES = 4;

    private static final int ONE_BYTE_PROFILE = 0xBEDE;

    /** The lowest four bits are for the application (RFC 8285 section 4.3). */
    private static final int TWO_BYTE_PROFILE = 0x1000;

    /** The largest id of the one-byte form; 15 says "stop reading" there. */
    private static final int MAX_ONE_BYTE_ID = 14;

    private static final int MAX_ONE_BYTE_VALUE = 16;

    public HeaderExtension {
        if (id < 1 || id > 255 || value.remaining() > 255) {
            throw new IllegalArgumentException("header extension " + id + " of " + value.remaining() + " bytes");
        }
    }

    /** The value of the element {@code id} among {@code elements}, or null when it is missing or cut. */
    static @Nullable ByteBuffer find(ByteBuffer elements, int profile, int id) {
        if (profile == ONE_BYTE_PROFILE) {
            return findOneByte(elements, id);
        }
        return (profile & 0xFFF0) == TWO_BYTE_PROFILE ? findTwoByte(elements, id) : null;
    }

    private static @Nullable ByteBuffer findOneByte(ByteBuffer elements, int id) {
        int at = 0;
        while (at < elements.limit()) {
            int head = elements.get(at) & 0xFF;
            int elementId = head >>> 4;
            int valueBytes = elementId == 0 ? 0 : (head & 0x0F) + 1;
            int end = at + 1 + valueBytes;
            if (elementId > MAX_ONE_BYTE_ID || end > elements.limit()) {
                return null;
            }
            if (elementId == id && id != 0) {
                return elements.slice(at + 1, valueBytes);
            }
            at = end;
        }
        return null;
    }

    private static @Nullable ByteBuffer findTwoByte(ByteBuffer elements, int id) {
        int at = 0;
        while (at + 1 < elements.limit()) {
            int elementId = elements.get(at) & 0xFF;
            if (elementId == 0) {
                at++;
                continue;
            }
            int valueBytes = elements.get(at + 1) & 0xFF;
            int end = at + 2 + valueBytes;
            if (end > elements.limit()) {
                return null;
            }
            if (elementId == id) {
                return elements.slice(at + 2, valueBytes);
            }
            at = end;
        }
        return null;
    }

    /** Writes the whole block: its header, the elements, and padding to a multiple of four bytes. */
    static void write(List<HeaderExtension> elements, ByteBuffer into) {
        boolean isOneByte = elements.stream().allMatch(HeaderExtension::fitsOneByteForm);
        int start = into.position();
        into.putShort((short) (isOneByte ? ONE_BYTE_PROFILE : TWO_BYTE_PROFILE)).putShort((short) 0);
        for (HeaderExtension element : elements) {
            element.write(isOneByte, into);
        }
        int words = Math.ceilDiv(into.position() - start - BLOCK_HEADER_BYTES, Integer.BYTES);
        while (into.position() < start + BLOCK_HEADER_BYTES + words * Integer.BYTES) {
            into.put((byte) 0);
        }
        into.putShort(start + 2, (short) words);
    }

    private boolean fitsOneByteForm() {
        return id <= MAX_ONE_BYTE_ID && value.hasRemaining() && value.remaining() <= MAX_ONE_BYTE_VALUE;
    }

    private void write(boolean isOneByte, ByteBuffer into) {
        if (isOneByte) {
            into.put((byte) ((id << 4) | (value.remaining() - 1)));
        } else {
            into.put((byte) id).put((byte) value.remaining());
        }
        into.put(value.duplicate());
    }
}
