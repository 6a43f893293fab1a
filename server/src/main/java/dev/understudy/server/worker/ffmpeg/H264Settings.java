package dev.understudy.server.worker.ffmpeg;

import dev.understudy.media.codec.Codecs.VideoSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * How each H.264 encoder is told the same: no B frames, no lookahead, key frames only on demand, the bitrate as average
 * and as maximum over one second, BT.709 of limited range.
 *
 * @param encoder FFmpeg's name of it
 * @param presets from the best to the fastest
 * @param profile FFmpeg's name of it; empty for what the encoder likes best
 */
record H264Settings(String encoder, List<String> presets, String profile) {
    /** In the order in which they are looked for; which there are depends on how FFmpeg was built, and on a GPU. */
    static final List<H264Settings> KNOWN = List.of(
            new H264Settings("libx264", List.of("veryfast", "superfast", "ultrafast"), ""),
            new H264Settings("h264_nvenc", List.of("p4", "p1"), ""),
            new H264Settings("libopenh264", List.of("medium", "low"), ""));

    /** What every WebRTC client takes (RFC 7742 section 6.2). */
    static final String BASELINE = "baseline";

    /** Longer than any composition; a key frame comes only where one is asked for. */
    private static final int ENDLESS_TICKS = 1 << 30;

    private static final int MILLI = 1_000;

    /** FFmpeg hands x264 whole kilobits a second, and none at all is no rate: the model permits 1 bit a second. */
    private static final int MIN_BITS_PER_SECOND = 1_000;

    H264Settings {
        presets = List.copyOf(presets);
    }

    H264Settings withProfile(String other) {
        return new H264Settings(encoder, presets, other);
    }

    /** Sets what all encoders have in common; to be called before a context is opened. */
    static void apply(VideoSettings video, AVCodecContext context) {
        int milliFrames = (int) Math.round(video.framesPerSecond() * MILLI);
        int bitsPerSecond = Math.max(video.bitsPerSecond(), MIN_BITS_PER_SECOND);
        context.width(video.width());
        context.height(video.height());
        context.pix_fmt(avutil.AV_PIX_FMT_YUV420P);
        context.time_base().num(MILLI).den(milliFrames);
        context.framerate().num(milliFrames).den(MILLI);
        context.sample_aspect_ratio().num(1).den(1);
        context.bit_rate(bitsPerSecond);
        context.rc_max_rate(bitsPerSecond);
        context.rc_buffer_size(bitsPerSecond);
        context.gop_size(ENDLESS_TICKS);
        context.max_b_frames(0);
        context.thread_count(1);
        context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER | avcodec.AV_CODEC_FLAG_CLOSED_GOP);
        context.color_range(avutil.AVCOL_RANGE_MPEG);
        context.color_primaries(avutil.AVCOL_PRI_BT709);
        context.color_trc(avutil.AVCOL_TRC_BT709);
        context.colorspace(avutil.AVCOL_SPC_BT709);
        context.chroma_sample_location(avutil.AVCHROMA_LOC_LEFT);
    }

    /** The encoder's own options at one of its presets. */
    Map<String, String> options(String preset) {
        Map<String, String> options = new HashMap<>();
        switch (encoder) {
            case "libx264" -> {
                options.put("preset", preset);
                options.put("tune", "zerolatency");
                options.put("forced-idr", "1");
                options.put("x264-params", "scenecut=0:keyint=infinite:open-gop=0:aud=0");
            }
            case "h264_nvenc" -> {
                options.put("preset", preset);
                options.put("tune", "ull");
                options.put("rc", "vbr");
                options.put("forced-idr", "1");
                options.put("zerolatency", "1");
                options.put("delay", "0");
            }
            default -> {
                options.put("rc_mode", "bitrate");
                options.put("allow_skip_frames", "0");
            }
        }
        if (!profile.isEmpty()) {
            options.put("profile", encoder.equals("libopenh264") ? "constrained_" + profile : profile);
        }
        return options;
    }
}
