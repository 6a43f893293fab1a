package dev.understudy.media.codec;

import dev.understudy.media.layout.Rect;
import java.lang.foreign.MemorySegment;

/**
 * A YUV 4:2:0 picture in three planes of 8 bit samples, BT.709, over memory it may not own.
 *
 * <p>Planes are Y, U, V by index. Row {@code y} of a plane begins at byte {@code y * stride(plane)} of its segment; a
 * chroma plane has half of the width and half of the height, rounded up. The segments may be on or off the heap; they
 * are written to only by whoever made the picture, or was given it as a target.
 */
public interface Picture {
    int PLANES = 3;

    int width();

    int height();

    /** From the first sample to the end of the last row, or further. */
    MemorySegment plane(int index);

    /** Bytes from a row to the next one; at least the plane's width. */
    int stride(int index);

    /** Whether luma spans 0 to 255 instead of 16 to 235 (and chroma 0 to 255 instead of 16 to 240). */
    boolean isFullRange();

    /** The part of this picture inside {@code rect}, sharing its memory. */
    default Picture view(Rect rect) {
        return PlanarPicture.view(this, rect);
    }

    /** Samples in a row of the plane. */
    default int planeWidth(int index) {
        return index == 0 ? width() : (width() + 1) / 2;
    }

    /** Rows of the plane. */
    default int planeHeight(int index) {
        return index == 0 ? height() : (height() + 1) / 2;
    }
}
