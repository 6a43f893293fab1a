package dev.understudy.media.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Scaling in plain Java: each sample is the mean of the samples under it, or a copy of the nearest one when enlarged. It
 * is what native scalers are compared with, and needs nothing installed; it is several times slower than they are.
 */
public final class BoxScaler implements Scaler {
    @Override
    public void scale(Picture source, Picture target) {
        for (int plane = 0; plane < Picture.PLANES; plane++) {
            scale(source, target, plane);
        }
    }

    private static void scale(Picture source, Picture target, int plane) {
        byte[] range = range(source.isFullRange(), target.isFullRange(), plane == 0);
        int width = target.planeWidth(plane);
        int height = target.planeHeight(plane);
        MemorySegment out = target.plane(plane);
        for (int y = 0; y < height; y++) {
            int top = (int) ((long) y * source.planeHeight(plane) / height);
            int bottom = Math.max(top + 1, (int) ((y + 1L) * source.planeHeight(plane) / height));
            for (int x = 0; x < width; x++) {
                int left = (int) ((long) x * source.planeWidth(plane) / width);
                int right = Math.max(left + 1, (int) ((x + 1L) * source.planeWidth(plane) / width));
                int mean = mean(source, plane, left, top, right, bottom);
                out.set(ValueLayout.JAVA_BYTE, (long) y * target.stride(plane) + x, range[mean]);
            }
        }
    }

    private static int mean(Picture source, int plane, int left, int top, int right, int bottom) {
        MemorySegment samples = source.plane(plane);
        int sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                sum += Byte.toUnsignedInt(samples.get(ValueLayout.JAVA_BYTE, (long) y * source.stride(plane) + x));
            }
        }
        int count = (right - left) * (bottom - top);
        return (sum + count / 2) / count;
    }

    /** What each sample becomes (ITU-T H.264 table E-5 and equations E-18 to E-21). */
    private static byte[] range(boolean fromFull, boolean toFull, boolean isLuma) {
        double limited = isLuma ? 219 : 224;
        double scale = (toFull ? 255 : limited) / (fromFull ? 255 : limited);
        double fromZero = isLuma ? (fromFull ? 0 : 16) : 128;
        double toZero = isLuma ? (toFull ? 0 : 16) : 128;
        byte[] table = new byte[256];
        for (int value = 0; value < table.length; value++) {
            table[value] = (byte) Math.clamp(Math.round((value - fromZero) * scale + toZero), 0, 255);
        }
        return table;
    }

    @Override
    public void close() {}
}
