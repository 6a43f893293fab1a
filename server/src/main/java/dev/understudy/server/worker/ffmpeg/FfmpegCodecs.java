package dev.understudy.server.worker.ffmpeg;

import dev.understudy.media.codec.AudioDecoder;
import dev.understudy.media.codec.AudioEncoder;
import dev.understudy.media.codec.Codecs;
import dev.understudy.media.codec.Scaler;
import dev.understudy.media.codec.VideoDecoder;
import dev.understudy.media.codec.VideoEncoder;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.swscale;

/** The codecs of FFmpeg. Stateless; what it makes is confined to one thread each. */
public final class FfmpegCodecs implements Codecs {
    /** Loads the native libraries, unpacked into JavaCPP's cache on a machine's first run. */
    public FfmpegCodecs() {
        avcodec.avcodec_version();
        swscale.swscale_version();
    }

    @Override
    public VideoDecoder videoDecoder() {
        return new H264Decoder();
    }

    @Override
    public AudioDecoder audioDecoder() {
        return new OpusDecoder();
    }

    @Override
    public VideoEncoder videoEncoder(VideoSettings settings) {
        return H264Encoder.open(settings, "");
    }

    @Override
    public AudioEncoder audioEncoder(int bitsPerSecond) {
        return new AacEncoder(bitsPerSecond);
    }

    @Override
    public Scaler scaler() {
        return new FfmpegScaler();
    }
}
