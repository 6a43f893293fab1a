package dev.understudy.media.compose;

import dev.understudy.media.codec.Picture;
import dev.understudy.media.layout.Rect;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes text into a picture, at any size: letters are dots with the places between them filled in smoothly, so that a
 * large one has round corners and slants, not stairs. Stateless.
 */
public final class TextPainter {
    private static final int ADVANCE = Glyphs.COLUMNS + 1;
    private static final int NEUTRAL = 128;

    private TextPainter() {}

    /**
     * Writes one line, as large as fits into {@code box}, in its middle. Latin letters lose their accents; what there is
     * no letter for becomes a question mark.
     *
     * @param luma of the letters, which have no colour
     */
    public static void paint(Picture picture, String text, Rect box, int luma) {
        String plain = Glyphs.plain(text);
        int columns = plain.length() * ADVANCE - 1;
        double scale = Math.min((double) box.width() / Math.max(1, columns), (double) box.height() / Glyphs.ROWS);
        if (plain.isEmpty() || scale <= 0) {
            return;
        }
        double left = box.x() + (box.width() - columns * scale) / 2;
        double top = box.y() + (box.height() - Glyphs.ROWS * scale) / 2;
        for (int plane = 0; plane < Picture.PLANES; plane++) {
            Lettering lettering = new Lettering(plain, plane == 0 ? 1 : 2, left, top, scale);
            paintPlane(picture, plane, lettering, box, plane == 0 ? luma : NEUTRAL);
        }
    }

    private static void paintPlane(Picture picture, int plane, Lettering lettering, Rect box, int value) {
        int shift = plane == 0 ? 0 : 1;
        int right = Math.min(picture.planeWidth(plane), (box.x() + box.width()) >> shift);
        int bottom = Math.min(picture.planeHeight(plane), (box.y() + box.height()) >> shift);
        MemorySegment samples = picture.plane(plane);
        for (int y = box.y() >> shift; y < bottom; y++) {
            for (int x = box.x() >> shift; x < right; x++) {
                double coverage = lettering.coverage(x, y);
                if (coverage > 0) {
                    long at = (long) y * picture.stride(plane) + x;
                    int under = Byte.toUnsignedInt(samples.get(ValueLayout.JAVA_BYTE, at));
                    samples.set(ValueLayout.JAVA_BYTE, at, (byte) Math.round(under + coverage * (value - under)));
                }
            }
        }
    }

    /** Text at a place, asked sample by sample; {@code sampling} is how many pixels apart the samples are. */
    private record Lettering(String text, int sampling, double left, double top, double scale) {
        /** How much of a sample is covered, 0 to 1. */
        double coverage(int x, int y) {
            double column = ((x + 0.5) * sampling - left) / scale - 0.5;
            double row = ((y + 0.5) * sampling - top) / scale - 0.5;
            int c = (int) Math.floor(column);
            int r = (int) Math.floor(row);
            double upper = mix(dot(c, r), dot(c + 1, r), column - c);
            double lower = mix(dot(c, r + 1), dot(c + 1, r + 1), column - c);
            double edge = Math.max(1, scale / sampling);
            return Math.clamp((mix(upper, lower, row - r) - 0.5) * edge + 0.5, 0, 1);
        }

        private double dot(int column, int row) {
            int letter = Math.floorDiv(column, ADVANCE);
            boolean isInside = letter >= 0 && letter < text.length();
            return isInside && Glyphs.dot(text.charAt(letter), Math.floorMod(column, ADVANCE), row) ? 1 : 0;
        }

        private static double mix(double a, double b, double t) {
            return a + (b - a) * t;
        }
    }
}
