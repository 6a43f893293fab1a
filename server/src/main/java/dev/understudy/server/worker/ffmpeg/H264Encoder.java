package dev.understudy.server.worker.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import dev.understudy.media.codec.AnnexB;
import dev.understudy.media.codec.Codecs.VideoSettings;
import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.VideoEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Encodes H.264 by the first encoder that this FFmpeg has and that opens: x264, else NVENC, else OpenH264.
 *
 * <p>A faster preset is a new encoder: it takes over at a forced key frame, where nothing of the old one is needed.
 * Confined to one thread.
 */
final class H264Encoder implements VideoEncoder {
    private static final int SPS = 7;
    private static final int PPS = 8;
    private static final int FIRST_SLICE = 1;
    private static final int LAST_SLICE = 5;

    private final VideoSettings video;
    private final H264Settings settings;
    private final AVPacket packet = Native.require(av_packet_alloc(), "packet");
    private final AVFrame frame = Native.require(av_frame_alloc(), "frame");
    private final Planes planes;
    private AVCodecContext context;
    private int preset;
    private int wantedPreset;
    private boolean started;
    private ByteBuffer sps = ByteBuffer.allocate(0);
    private ByteBuffer pps = ByteBuffer.allocate(0);

    private H264Encoder(VideoSettings video, H264Settings settings, AVCodecContext context) {
        this.video = video;
        this.settings = settings;
        this.context = context;
        readParameterSets();
        frame.width(video.width());
        frame.height(video.height());
        frame.format(AV_PIX_FMT_YUV420P);
        // A frame that owns a buffer, however small, is referred to and not copied when it is sent.
        frame.buf(0, Native.require(av_buffer_alloc(1), "buffer"));
        planes = Planes.of(frame);
    }

    /** @throws IllegalStateException when no known encoder opens; it says why each of them does not */
    static H264Encoder open(VideoSettings video, String profile) {
        List<String> reasons = new ArrayList<>();
        for (H264Settings known : H264Settings.KNOWN) {
            H264Settings settings = known.withProfile(profile);
            try {
                return new H264Encoder(video, settings, openContext(video, settings, 0));
            } catch (IllegalStateException e) {
                reasons.add(String.valueOf(e.getMessage()));
            }
        }
        throw new IllegalStateException("no H.264 encoder opens for " + video + ": " + String.join("; ", reasons));
    }

    private static AVCodecContext openContext(VideoSettings video, H264Settings settings, int preset) {
        AVCodec codec = Native.require(avcodec_find_encoder_by_name(settings.encoder()), settings.encoder());
        AVCodecContext opened = Native.require(avcodec_alloc_context3(codec), "context");
        H264Settings.apply(video, opened);
        Native.open(opened, codec, settings.options(settings.presets().get(preset)));
        return opened;
    }

    private void readParameterSets() {
        ByteBuffer extradata =
                Native.memory(context.extradata(), context.extradata_size()).asByteBuffer();
        for (ByteBuffer unit : AnnexB.nalUnits(extradata)) {
            switch (AnnexB.nalType(unit)) {
                case SPS -> sps = copy(unit);
                case PPS -> pps = copy(unit);
                default -> {} // x264 says its settings there
            }
        }
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    @Override
    public ByteBuffer sps() {
        return sps.asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer pps() {
        return pps.asReadOnlyBuffer();
    }

    @Override
    public void encode(long tick, Picture picture, boolean forceKeyFrame, AccessUnits sink) {
        boolean isKeyFrame = forceKeyFrame || !started;
        if (isKeyFrame && wantedPreset != preset) {
            reopen(sink);
        }
        started = true;
        Picture reachable = Pictures.reachable(picture);
        planes.point(reachable);
        frame.pts(tick);
        frame.pict_type(isKeyFrame ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE);
        Native.check(avcodec_send_frame(context, frame), settings.encoder());
        handOut(sink);
    }

    private void reopen(AccessUnits sink) {
        AVCodecContext faster = openContext(video, settings, wantedPreset);
        finish(sink);
        avcodec_free_context(context);
        context = faster;
        preset = wantedPreset;
        readParameterSets();
    }

    @Override
    public void finish(AccessUnits sink) {
        Native.check(avcodec_send_frame(context, null), settings.encoder());
        handOut(sink);
    }

    private void handOut(AccessUnits sink) {
        while (avcodec_receive_packet(context, packet) >= 0) {
            ByteBuffer annexB = Native.memory(packet.data(), packet.size()).asByteBuffer();
            boolean isKeyFrame = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
            sink.accessUnit(packet.pts(), isKeyFrame, AnnexB.lengthPrefixed(slices(annexB)));
            av_packet_unref(packet);
        }
    }

    private static List<ByteBuffer> slices(ByteBuffer annexB) {
        return AnnexB.nalUnits(annexB).stream()
                .filter(unit -> AnnexB.nalType(unit) >= FIRST_SLICE && AnnexB.nalType(unit) <= LAST_SLICE)
                .toList();
    }

    @Override
    public boolean fasten() {
        if (wantedPreset + 1 == settings.presets().size()) {
            return false;
        }
        wantedPreset++;
        return true;
    }

    @Override
    public void close() {
        av_frame_free(frame);
        av_packet_free(packet);
        avcodec_free_context(context);
    }
}
