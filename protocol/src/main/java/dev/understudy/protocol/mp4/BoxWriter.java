package dev.understudy.protocol.mp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes boxes (ISO/IEC 14496-12 section 4.2) into a growing array; a box's length is filled in once its content is
 * written. Confined to one thread.
 */
final class BoxWriter {
    private static final int HEADER_BYTES = 8;

    private byte[] bytes;
    private int length;

    BoxWriter(int capacityBytes) {
        bytes = new byte[Math.max(capacityBytes, HEADER_BYTES)];
    }

    /** A box around whatever {@code content} writes. */
    BoxWriter box(String type, Runnable content) {
        int start = length;
        u32(0).fourCc(type);
        content.run();
        ByteBuffer.wrap(bytes).putInt(start, length - start);
        return this;
    }

    /** A box that opens with a version and flags (section 4.2.2). */
    BoxWriter fullBox(String type, int version, int flags, Runnable content) {
        return box(type, () -> {
            u8(version).u24(flags);
            content.run();
        });
    }

    BoxWriter fourCc(String type) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        if (name.length != 4) {
            throw new IllegalArgumentException("box type of other than four characters: " + type);
        }
        return bytes(ByteBuffer.wrap(name));
    }

    BoxWriter u8(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    BoxWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    BoxWriter u24(int value) {
        return u8(value >>> 16).u16(value);
    }

    BoxWriter u32(long value) {
        return u16((int) (value >>> 16)).u16((int) value);
    }

    BoxWriter u64(long value) {
        return u32(value >>> 32).u32(value);
    }

    BoxWriter zeros(int count) {
        reserve(count);
        length += count;
        return this;
    }

    /** The bytes between position and limit, which stay where they are. */
    BoxWriter bytes(ByteBuffer source) {
        int count = source.remaining();
        reserve(count);
        source.get(source.position(), bytes, length, count);
        length += count;
        return this;
    }

    /** How many bytes are written so far. */
    int length() {
        return length;
    }

    byte[] toByteArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
    }
}
