package dev.understudy.server.worker.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_LOW_DELAY;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.VideoDecoder;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * FFmpeg's H.264 decoder on one thread and with low delay, so that every picture is out before the next one goes in.
 *
 * <p>What comes in may be hostile. Sizes are bounded before memory is asked for; beyond that FFmpeg is trusted no
 * further than its process, which is why decoders live in workers. Confined to one thread.
 */
final class H264Decoder implements VideoDecoder {
    /** 4096x2304, the largest picture of level 5.1; what claims more is not decoded. */
    static final long MAX_PIXELS = 4_096L * 2_304;

    /** No encoder makes a larger access unit of such a picture at a bitrate that comes over WebRTC. */
    static final int MAX_ACCESS_UNIT_BYTES = 4 << 20;

    /** {@code AV_FRAME_FLAG_CORRUPT}, which the binding leaves out. */
    private static final int CORRUPT_FLAG = 1;

    private static final int NAL_TYPE = 0x1F;
    private static final int LAST_SLICE_TYPE = 5;

    private final AVCodecContext context;
    private final AVPacket packet = Native.require(av_packet_alloc(), "packet");
    private final PictureConverter converter = new PictureConverter();
    private AVFrame incoming = Native.require(av_frame_alloc(), "frame");
    private AVFrame shown = Native.require(av_frame_alloc(), "frame");
    private @Nullable Picture picture;

    H264Decoder() {
        AVCodec codec = Native.require(avcodec_find_decoder(AV_CODEC_ID_H264), "H.264 decoder");
        context = Native.require(avcodec_alloc_context3(codec), "context");
        context.thread_count(1);
        context.flags(context.flags() | AV_CODEC_FLAG_LOW_DELAY);
        context.max_pixels(MAX_PIXELS);
        Native.open(context, codec, Map.of());
    }

    @Override
    public Outcome decode(ByteBuffer annexB) {
        if (!load(annexB)) {
            return Outcome.DAMAGED;
        }
        avcodec_send_packet(context, packet);
        av_packet_unref(packet);
        if (avcodec_receive_frame(context, incoming) < 0) {
            return hasSlice(annexB) ? Outcome.DAMAGED : Outcome.NOTHING;
        }
        if (isDamaged(incoming)) {
            av_frame_unref(incoming);
            return Outcome.DAMAGED;
        }
        show();
        return Outcome.PICTURE;
    }

    private boolean load(ByteBuffer annexB) {
        int bytes = annexB.remaining();
        if (bytes == 0 || bytes > MAX_ACCESS_UNIT_BYTES) {
            return false;
        }
        Native.check(av_new_packet(packet, bytes), "packet of " + bytes + " bytes");
        Native.memory(packet.data(), bytes).copyFrom(MemorySegment.ofBuffer(annexB));
        return true;
    }

    private void show() {
        AVFrame former = shown;
        shown = incoming;
        incoming = former;
        av_frame_unref(former);
        picture = converter.normal(shown);
    }

    private static boolean isDamaged(AVFrame frame) {
        return frame.decode_error_flags() != 0 || (frame.flags() & CORRUPT_FLAG) != 0;
    }

    /** Whether there is a NAL unit of picture data, behind any start code. */
    private static boolean hasSlice(ByteBuffer annexB) {
        for (int i = annexB.position() + 3; i < annexB.limit(); i++) {
            boolean begins = annexB.get(i - 1) == 1 && annexB.get(i - 2) == 0 && annexB.get(i - 3) == 0;
            int type = annexB.get(i) & NAL_TYPE;
            if (begins && type >= 1 && type <= LAST_SLICE_TYPE) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable Picture picture() {
        return picture;
    }

    @Override
    public void close() {
        picture = null;
        converter.close();
        av_frame_free(incoming);
        av_frame_free(shown);
        av_packet_free(packet);
        avcodec_free_context(context);
    }
}
