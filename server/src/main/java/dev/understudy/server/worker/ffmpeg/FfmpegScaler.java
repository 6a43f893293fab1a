package dev.understudy.server.worker.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.Scaler;
import java.lang.foreign.Arena;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;

/**
 * Scales by libswscale, bilinear; an equal size and range is a copy of planes.
 *
 * <p>What libswscale prepares for a pair of sizes is kept for the next picture of that pair. Its vector code writes
 * rows in whole blocks, past a width that is none; into a tile of a canvas that would paint over the neighbour, so such
 * a tile is made aside and copied. Confined to one thread.
 */
final class FfmpegScaler implements Scaler {
    /** Luma samples in a block of the widest vectors for both luma and chroma. */
    private static final int BLOCK = 64;

    private record Geometry(int fromWidth, int fromHeight, boolean fromFull, int width, int height, boolean full) {}

    private final Planes from = Planes.allocate();
    private final Planes to = Planes.allocate();
    private @Nullable Geometry geometry;
    private @Nullable SwsContext context;
    private @Nullable Arena arena;
    private @Nullable Picture aside;

    @Override
    public void scale(Picture source, Picture target) {
        boolean sameSize = source.width() == target.width() && source.height() == target.height();
        if (sameSize && source.isFullRange() == target.isFullRange()) {
            Pictures.copy(source, target);
            return;
        }
        SwsContext ready = prepare(source, target);
        Picture between = aside;
        if (between == null) {
            run(ready, source, target);
        } else {
            run(ready, source, between);
            Pictures.copy(between, target);
        }
    }

    private void run(SwsContext ready, Picture source, Picture target) {
        Picture reachable = Pictures.reachable(source);
        from.point(reachable);
        to.point(target);
        sws_scale(ready, from.addresses(), from.strides(), 0, source.height(), to.addresses(), to.strides());
    }

    private SwsContext prepare(Picture source, Picture target) {
        Geometry wanted = new Geometry(
                source.width(),
                source.height(),
                source.isFullRange(),
                target.width(),
                target.height(),
                target.isFullRange());
        SwsContext kept = context;
        if (kept == null || !wanted.equals(geometry)) {
            free();
            kept = open(wanted);
            context = kept;
            geometry = wanted;
        }
        boolean direct = target.width() % BLOCK == 0 && Pictures.isNative(target);
        if (!direct && aside == null) {
            Arena fresh = Arena.ofConfined();
            arena = fresh;
            aside = Pictures.like(target, fresh);
        }
        return kept;
    }

    private static SwsContext open(Geometry geometry) {
        return Native.require(
                sws_getContext(
                        geometry.fromWidth,
                        geometry.fromHeight,
                        format(geometry.fromFull),
                        geometry.width,
                        geometry.height,
                        format(geometry.full),
                        SWS_BILINEAR,
                        null,
                        null,
                        (DoublePointer) null),
                "scaler for " + geometry);
    }

    /** The range must be known when a scaler is made, or equal sizes are copied whatever their ranges. */
    private static int format(boolean isFullRange) {
        return isFullRange ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
    }

    private void free() {
        sws_freeContext(context);
        context = null;
        geometry = null;
        aside = null;
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }

    @Override
    public void close() {
        free();
        from.close();
        to.close();
    }
}
