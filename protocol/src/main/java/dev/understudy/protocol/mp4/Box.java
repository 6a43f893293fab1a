package dev.understudy.protocol.mp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One box (ISO/IEC 14496-12 section 4.2) as it lies in a file.
 *
 * @param type four characters, each byte one ISO 8859-1 character
 * @param content what follows the header; shares its bytes with the buffer it was read from
 */
public record Box(String type, ByteBuffer content) {
    /** In one container. A fragmented file of ours has at most five side by side. */
    static final int MAX_SIBLINGS = 256;

    private static final int HEADER_BYTES = 8;
    private static final int LONG_HEADER_BYTES = 16;
    private static final int FULL_BOX_BYTES = 4;

    /**
     * Reads the boxes that fill the bytes between position and limit exactly, leaving both untouched.
     *
     * @return the boxes in order; null when the bytes are not whole boxes or are more than {@value #MAX_SIBLINGS}
     */
    public static @Nullable List<Box> parseAll(ByteBuffer source) {
        ByteBuffer bytes = source.slice();
        List<Box> boxes = new ArrayList<>();
        while (bytes.hasRemaining()) {
            Box box = boxes.size() < MAX_SIBLINGS ? next(bytes) : null;
            if (box == null) {
                return null;
            }
            boxes.add(box);
        }
        return boxes;
    }

    private static @Nullable Box next(ByteBuffer bytes) {
        int start = bytes.position();
        if (bytes.remaining() < HEADER_BYTES) {
            return null;
        }
        boolean isLong = bytes.getInt(start) == 1;
        int headerBytes = isLong ? LONG_HEADER_BYTES : HEADER_BYTES;
        if (bytes.remaining() < headerBytes) {
            return null;
        }
        long size = isLong ? bytes.getLong(start + HEADER_BYTES) : Integer.toUnsignedLong(bytes.getInt(start));
        if (size == 0) {
            size = bytes.remaining(); // a box of size 0 reaches to the end of the file
        }
        if (size < headerBytes || size > bytes.remaining()) {
            return null;
        }
        bytes.position(start + (int) size);
        return new Box(type(bytes, start), bytes.slice(start + headerBytes, (int) size - headerBytes));
    }

    private static String type(ByteBuffer bytes, int start) {
        byte[] type = new byte[4];
        bytes.get(start + 4, type);
        return new String(type, StandardCharsets.ISO_8859_1);
    }

    /** The boxes in this one after {@code skippedBytes} of its own fields; empty when they are malformed. */
    public List<Box> children(int skippedBytes) {
        if (content.limit() < skippedBytes) {
            return List.of();
        }
        List<Box> boxes = parseAll(content.slice(skippedBytes, content.limit() - skippedBytes));
        return boxes == null ? List.of() : boxes;
    }

    /** The first box of {@code type} directly in this container; null when there is none. */
    public @Nullable Box child(String type) {
        return first(children(0), type);
    }

    /** The box at the end of a path of containers; null when one is missing. */
    @Nullable
    Box descendant(String... path) {
        Box box = this;
        for (String type : path) {
            box = box == null ? null : box.child(type);
        }
        return box;
    }

    static @Nullable Box first(List<Box> boxes, String type) {
        return boxes.stream().filter(box -> box.type.equals(type)).findFirst().orElse(null);
    }

    /** The version of a full box; -1 when there is no room for one. */
    int version() {
        return content.limit() < FULL_BOX_BYTES ? -1 : content.get(0) & 0xFF;
    }

    /** The flags of a full box; -1 when there is no room for them. */
    int flags() {
        return content.limit() < FULL_BOX_BYTES ? -1 : content.getInt(0) & 0xFFFFFF;
    }

    /** The 32 bits at {@code offset} of the content, unsigned; -1 when there is no room for them. */
    long u32(int offset) {
        return content.limit() < offset + 4 ? -1 : Integer.toUnsignedLong(content.getInt(offset));
    }

    /** The 16 bits at {@code offset} of the content, unsigned; -1 when there is no room for them. */
    int u16(int offset) {
        return content.limit() < offset + 2 ? -1 : Short.toUnsignedInt(content.getShort(offset));
    }
}
