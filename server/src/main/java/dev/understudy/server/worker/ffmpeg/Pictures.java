package dev.understudy.server.worker.ffmpeg;

import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.PlanarPicture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Pictures between Java and FFmpeg. Stateless. */
final class Pictures {
    private Pictures() {}

    /** Whether native code can reach all of it. */
    static boolean isNative(Picture picture) {
        return picture.plane(0).isNative()
                && picture.plane(1).isNative()
                && picture.plane(2).isNative();
    }

    /** The picture itself where native code can reach it, else a copy. */
    static Picture reachable(Picture picture) {
        if (isNative(picture)) {
            return picture;
        }
        Picture copy = like(picture, Arena.ofAuto());
        copy(picture, copy);
        return copy;
    }

    /** A new native picture of the same size and range. */
    static Picture like(Picture picture, Arena arena) {
        var made = PlanarPicture.allocate(picture.width(), picture.height(), arena);
        return new PlanarPicture(
                made.width(),
                made.height(),
                made.luma(),
                made.lumaStride(),
                made.u(),
                made.v(),
                made.chromaStride(),
                picture.isFullRange());
    }

    /** Copies samples between pictures of one size. */
    static void copy(Picture source, Picture target) {
        for (int plane = 0; plane < Picture.PLANES; plane++) {
            copyPlane(source, target, plane);
        }
    }

    private static void copyPlane(Picture source, Picture target, int plane) {
        int width = source.planeWidth(plane);
        int height = source.planeHeight(plane);
        int from = source.stride(plane);
        int to = target.stride(plane);
        if (from == to && from == width) {
            MemorySegment.copy(source.plane(plane), 0, target.plane(plane), 0, (long) width * height);
            return;
        }
        for (int row = 0; row < height; row++) {
            MemorySegment.copy(source.plane(plane), (long) row * from, target.plane(plane), (long) row * to, width);
        }
    }

    /** The 4:2:0 picture in a frame, valid for as long as the frame keeps it. */
    static Picture of(AVFrame frame, boolean isFullRange) {
        int width = frame.width();
        int height = frame.height();
        int lumaStride = frame.linesize(0);
        int chromaStride = frame.linesize(1);
        int chromaHeight = (height + 1) / 2;
        return new PlanarPicture(
                width,
                height,
                Native.memory(frame.data(0), (long) lumaStride * height),
                lumaStride,
                Native.memory(frame.data(1), (long) chromaStride * chromaHeight),
                Native.memory(frame.data(2), (long) chromaStride * chromaHeight),
                chromaStride,
                isFullRange);
    }
}
