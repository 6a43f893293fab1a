package dev.understudy.media.codec;

import dev.understudy.media.layout.Rect;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A picture over three memory segments. Its shape is immutable, its samples are not.
 *
 * @param isFullRange see {@link Picture#isFullRange}
 */
public record PlanarPicture(
        int width,
        int height,
        MemorySegment luma,
        int lumaStride,
        MemorySegment u,
        MemorySegment v,
        int chromaStride,
        boolean isFullRange)
        implements Picture {
    /** What vector instructions and encoders like rows to begin at. */
    private static final int ALIGNMENT_BYTES = 64;

    /**
     * A new picture of limited range in memory of {@code arena}, so that native code can read it. Its samples are zero,
     * which is green: fill it.
     */
    public static PlanarPicture allocate(int width, int height, Arena arena) {
        int chromaStride = aligned((width + 1) / 2);
        int lumaStride = aligned(width);
        long chromaBytes = (long) chromaStride * ((height + 1) / 2);
        return new PlanarPicture(
                width,
                height,
                arena.allocate((long) lumaStride * height, ALIGNMENT_BYTES),
                lumaStride,
                arena.allocate(chromaBytes, ALIGNMENT_BYTES),
                arena.allocate(chromaBytes, ALIGNMENT_BYTES),
                chromaStride,
                false);
    }

    static PlanarPicture view(Picture picture, Rect rect) {
        if (rect.x() + rect.width() > picture.width() || rect.y() + rect.height() > picture.height()) {
            throw new IllegalArgumentException(
                    rect + " is not inside a picture of " + picture.width() + "x" + picture.height());
        }
        if (((rect.x() | rect.y()) & 1) != 0) {
            throw new IllegalArgumentException(rect + " begins at an odd pixel");
        }
        return new PlanarPicture(
                rect.width(),
                rect.height(),
                slice(picture, 0, rect.x(), rect.y()),
                picture.stride(0),
                slice(picture, 1, rect.x() / 2, rect.y() / 2),
                slice(picture, 2, rect.x() / 2, rect.y() / 2),
                picture.stride(1),
                picture.isFullRange());
    }

    private static MemorySegment slice(Picture picture, int plane, int x, int y) {
        return picture.plane(plane).asSlice((long) y * picture.stride(plane) + x);
    }

    @Override
    public PlanarPicture view(Rect rect) {
        return view(this, rect);
    }

    @Override
    public MemorySegment plane(int index) {
        return switch (index) {
            case 0 -> luma;
            case 1 -> u;
            case 2 -> v;
            default -> throw new IllegalArgumentException("plane " + index + " of " + PLANES);
        };
    }

    @Override
    public int stride(int index) {
        return index == 0 ? lumaStride : chromaStride;
    }

    /** Gives every sample the same colour. */
    public void fill(int y, int cb, int cr) {
        fillPlane(0, y);
        fillPlane(1, cb);
        fillPlane(2, cr);
    }

    private void fillPlane(int plane, int value) {
        for (int row = 0; row < planeHeight(plane); row++) {
            plane(plane).asSlice((long) row * stride(plane), planeWidth(plane)).fill((byte) value);
        }
    }

    /** The sample at a place of a plane, 0 to 255. */
    public int sample(int plane, int x, int y) {
        return Byte.toUnsignedInt(plane(plane).get(ValueLayout.JAVA_BYTE, (long) y * stride(plane) + x));
    }

    private static int aligned(int bytes) {
        return (bytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
    }
}
