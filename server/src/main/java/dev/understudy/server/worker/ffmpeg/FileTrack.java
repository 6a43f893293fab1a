package dev.understudy.server.worker.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_out_samples;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;

import dev.understudy.media.codec.AudioDecoder;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** One track of a {@link MediaFile} and its decoder. Confined to one thread. */
final class FileTrack implements AutoCloseable {
    private static final int CHANNELS = AudioDecoder.CHANNELS;

    private final AVStream stream;
    private final double beganSeconds;
    private final AVCodecContext context;
    private final AVFrame frame = Native.require(av_frame_alloc(), "frame");
    private final PictureConverter converter = new PictureConverter();
    private @Nullable SwrContext resampler;
    private double nextSeconds;

    /** @param beganSeconds where the file's own time begins */
    FileTrack(AVStream stream, double beganSeconds) {
        this.stream = stream;
        this.beganSeconds = beganSeconds;
        AVCodec codec = Native.require(avcodec_find_decoder(stream.codecpar().codec_id()), "decoder for the file");
        context = Native.require(avcodec_alloc_context3(codec), "context");
        Native.check(avcodec_parameters_to_context(context, stream.codecpar()), "codec parameters");
        Native.open(context, codec, Map.of());
    }

    int index() {
        return stream.index();
    }

    /** Decodes one packet's pictures; a null packet gets out what is left. */
    void decodePictures(@Nullable AVPacket packet, MediaFile.Sink sink) {
        avcodec_send_packet(context, packet);
        while (avcodec_receive_frame(context, frame) >= 0) {
            sink.picture(seconds(), converter.normal(frame));
            av_frame_unref(frame);
        }
    }

    /** Decodes one packet's sound; a null packet gets out what is left. */
    void decodeSound(@Nullable AVPacket packet, MediaFile.Sink sink) {
        avcodec_send_packet(context, packet);
        while (avcodec_receive_frame(context, frame) >= 0) {
            double at = seconds();
            float[] samples = resampled();
            sink.sound(at, samples, samples.length / CHANNELS);
            av_frame_unref(frame);
        }
    }

    private double seconds() {
        long timestamp = frame.best_effort_timestamp();
        if (timestamp != AV_NOPTS_VALUE) {
            nextSeconds = (double) timestamp
                            * stream.time_base().num()
                            / stream.time_base().den()
                    - beganSeconds;
        }
        return nextSeconds;
    }

    private float[] resampled() {
        SwrContext ready = resampler();
        int most = swr_get_out_samples(ready, frame.nb_samples());
        try (FloatPointer out = new FloatPointer((long) most * CHANNELS);
                PointerPointer<Pointer> planes = new PointerPointer<>(1)) {
            planes.put(0, out);
            int count = Native.check(
                    swr_convert(ready, planes, most, frame.extended_data(), frame.nb_samples()), "resampling");
            float[] samples = new float[count * CHANNELS];
            out.get(samples);
            return samples;
        }
    }

    private SwrContext resampler() {
        SwrContext kept = resampler;
        if (kept != null) {
            return kept;
        }
        SwrContext made = new SwrContext(null);
        try (AVChannelLayout stereo = new AVChannelLayout()) {
            av_channel_layout_default(stereo, CHANNELS);
            Native.check(
                    swr_alloc_set_opts2(
                            made,
                            stereo,
                            AV_SAMPLE_FMT_FLT,
                            AudioDecoder.SAMPLES_PER_SECOND,
                            frame.ch_layout(),
                            frame.format(),
                            frame.sample_rate(),
                            0,
                            null),
                    "resampler");
        }
        Native.check(swr_init(made), "resampler");
        resampler = made;
        return made;
    }

    @Override
    public void close() {
        if (resampler != null) {
            swr_free(resampler);
        }
        converter.close();
        av_frame_free(frame);
        avcodec_free_context(context);
    }
}
