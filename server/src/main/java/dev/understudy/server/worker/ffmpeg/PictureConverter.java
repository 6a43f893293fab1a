package dev.understudy.server.worker.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT470BG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU709;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.PlanarPicture;
import java.lang.foreign.Arena;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;

/**
 * Makes 8 bit 4:2:0 of BT.709 from whatever a decoder gives.
 *
 * <p>Nearly always that is what it is already, and nothing is copied. Else (other chroma sampling, more bits, or BT.601
 * where the stream says so) it is converted into a picture kept here. Confined to one thread.
 */
final class PictureConverter implements AutoCloseable {
    /** Contrast and saturation of 1 in FFmpeg's fixed point. */
    private static final int UNITY = 1 << 16;

    private final Planes target = Planes.allocate();
    private @Nullable SwsContext context;
    private @Nullable Arena arena;
    private @Nullable PlanarPicture converted;

    /** The frame's picture, valid until the next call and for as long as the frame keeps it. */
    Picture normal(AVFrame frame) {
        boolean isFullRange = frame.color_range() == AVCOL_RANGE_JPEG || frame.format() == AV_PIX_FMT_YUVJ420P;
        boolean is420 = frame.format() == AV_PIX_FMT_YUV420P || frame.format() == AV_PIX_FMT_YUVJ420P;
        return is420 && !isBt601(frame) ? Pictures.of(frame, isFullRange) : convert(frame, isFullRange);
    }

    private static boolean isBt601(AVFrame frame) {
        return frame.colorspace() == AVCOL_SPC_SMPTE170M || frame.colorspace() == AVCOL_SPC_BT470BG;
    }

    private Picture convert(AVFrame frame, boolean isFullRange) {
        int width = frame.width();
        int height = frame.height();
        PlanarPicture picture = targetOf(width, height);
        context = sws_getCachedContext(
                context,
                width,
                height,
                frame.format(),
                width,
                height,
                AV_PIX_FMT_YUV420P,
                SWS_BICUBIC,
                null,
                null,
                (DoublePointer) null);
        SwsContext ready = Native.require(context, "conversion from pixel format " + frame.format());
        sws_setColorspaceDetails(
                ready,
                sws_getCoefficients(isBt601(frame) ? SWS_CS_ITU601 : SWS_CS_ITU709),
                isFullRange ? 1 : 0,
                sws_getCoefficients(SWS_CS_ITU709),
                0,
                0,
                UNITY,
                UNITY);
        target.point(picture);
        sws_scale(ready, frame.data(), frame.linesize(), 0, height, target.addresses(), target.strides());
        return picture;
    }

    private PlanarPicture targetOf(int width, int height) {
        PlanarPicture kept = converted;
        if (kept != null && kept.width() == width && kept.height() == height) {
            return kept;
        }
        free();
        Arena fresh = Arena.ofConfined();
        arena = fresh;
        PlanarPicture made = PlanarPicture.allocate(width, height, fresh);
        converted = made;
        return made;
    }

    private void free() {
        converted = null;
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }

    @Override
    public void close() {
        free();
        target.close();
        sws_freeContext(context);
        context = null;
    }
}
