package dev.understudy.server.worker.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import dev.understudy.media.codec.AudioDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Encodes 48 kHz stereo to Opus packets of 20 ms, for synthetic publishers. Confined to one thread. */
final class OpusEncoder implements AutoCloseable {
    /** A channel's in one packet. */
    static final int PACKET_SAMPLES = 960;

    private static final int CHANNELS = AudioDecoder.CHANNELS;
    private static final int BITS_PER_SECOND = 96_000;

    private final AVCodecContext context;
    private final AVPacket packet = Native.require(av_packet_alloc(), "packet");
    private final AVFrame frame = Native.require(av_frame_alloc(), "frame");
    private long samples;

    /** Takes packets in order. */
    interface Packets {
        /** One packet; its bytes are reused as soon as this returns. */
        void packet(ByteBuffer opus);
    }

    OpusEncoder() {
        AVCodec codec = Native.require(avcodec_find_encoder_by_name("libopus"), "Opus encoder");
        context = Native.require(avcodec_alloc_context3(codec), "context");
        context.sample_rate(AudioDecoder.SAMPLES_PER_SECOND);
        context.sample_fmt(AV_SAMPLE_FMT_FLT);
        context.bit_rate(BITS_PER_SECOND);
        av_channel_layout_default(context.ch_layout(), CHANNELS);
        Native.open(context, codec, Map.of("frame_duration", "20", "application", "audio"));
        frame.nb_samples(PACKET_SAMPLES);
        frame.format(AV_SAMPLE_FMT_FLT);
        frame.sample_rate(AudioDecoder.SAMPLES_PER_SECOND);
        av_channel_layout_default(frame.ch_layout(), CHANNELS);
        Native.check(av_frame_get_buffer(frame, 0), "audio frame");
    }

    /** Samples a channel by which what is decoded comes later than what was encoded. */
    int delaySamples() {
        return context.initial_padding();
    }

    /** Encodes {@link #PACKET_SAMPLES} samples a channel, interleaved, between -1 and 1. */
    void encode(float[] block, Packets sink) {
        Native.check(av_frame_make_writable(frame), "audio frame");
        MemorySegment both = Native.memory(frame.data(0), (long) PACKET_SAMPLES * CHANNELS * Float.BYTES);
        MemorySegment.copy(block, 0, both, ValueLayout.JAVA_FLOAT, 0, PACKET_SAMPLES * CHANNELS);
        frame.pts(samples);
        samples += PACKET_SAMPLES;
        Native.check(avcodec_send_frame(context, frame), "Opus");
        while (avcodec_receive_packet(context, packet) >= 0) {
            sink.packet(Native.memory(packet.data(), packet.size()).asByteBuffer());
            av_packet_unref(packet);
        }
    }

    @Override
    public void close() {
        av_frame_free(frame);
        av_packet_free(packet);
        avcodec_free_context(context);
    }
}
