package dev.understudy.server.worker.ffmpeg;

import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.PlanarPicture;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/** Pictures to encode, and how alike two are. */
final class TestPictures {
    private TestPictures() {}

    /** Smooth and moving: gradients that shift by two pixels a tick, so that scaling and coding both do well on it. */
    static PlanarPicture moving(int width, int height, long tick) {
        return moving(width, height, tick, false);
    }

    static PlanarPicture moving(int width, int height, long tick, boolean isFullRange) {
        PlanarPicture made = PlanarPicture.allocate(width, height, Arena.ofAuto());
        for (int plane = 0; plane < Picture.PLANES; plane++) {
            for (int y = 0; y < made.planeHeight(plane); y++) {
                for (int x = 0; x < made.planeWidth(plane); x++) {
                    double wave = Math.sin((x + 2 * tick) / 40.0) + Math.cos((y + plane * 10) / 30.0);
                    set(made, plane, x, y, 126 + (int) (45 * wave));
                }
            }
        }
        return new PlanarPicture(
                width, height, made.luma(), made.lumaStride(), made.u(), made.v(), made.chromaStride(), isFullRange);
    }

    static void set(Picture picture, int plane, int x, int y, int value) {
        picture.plane(plane).set(ValueLayout.JAVA_BYTE, (long) y * picture.stride(plane) + x, (byte) value);
    }

    static int get(Picture picture, int plane, int x, int y) {
        return Byte.toUnsignedInt(
                picture.plane(plane).get(ValueLayout.JAVA_BYTE, (long) y * picture.stride(plane) + x));
    }

    /** Peak signal-to-noise ratio over all planes in dB; 99 for equal pictures. */
    static double psnr(Picture a, Picture b) {
        long squares = 0;
        long samples = 0;
        for (int plane = 0; plane < Picture.PLANES; plane++) {
            for (int y = 0; y < a.planeHeight(plane); y++) {
                for (int x = 0; x < a.planeWidth(plane); x++) {
                    int difference = get(a, plane, x, y) - get(b, plane, x, y);
                    squares += (long) difference * difference;
                    samples++;
                }
            }
        }
        return squares == 0 ? 99 : 10 * Math.log10(255.0 * 255 * samples / squares);
    }
}
