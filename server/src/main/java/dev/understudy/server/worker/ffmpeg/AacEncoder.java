package dev.understudy.server.worker.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import dev.understudy.media.codec.AudioDecoder;
import dev.understudy.media.codec.AudioEncoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * FFmpeg's own AAC-LC encoder.
 *
 * <p>It looks one block ahead and primes with one frame: after block n went in, frame n - 1 comes out, of which the
 * very first is dropped; at the end, silence flushes what is inside. Counting blocks and frames keeps that exact
 * whatever the encoder adds at its end. Confined to one thread.
 */
final class AacEncoder implements AudioEncoder {
    private static final int CHANNELS = AudioDecoder.CHANNELS;

    private final AVCodecContext context;
    private final AVPacket packet = Native.require(av_packet_alloc(), "packet");
    private final AVFrame frame = Native.require(av_frame_alloc(), "frame");
    private final ByteBuffer audioSpecificConfig;
    private long blocks;

    /** Frames out of the encoder, the priming one among them. */
    private long frames;

    AacEncoder(int bitsPerSecond) {
        AVCodec codec = Native.require(avcodec_find_encoder_by_name("aac"), "AAC encoder");
        context = Native.require(avcodec_alloc_context3(codec), "context");
        context.sample_rate(AudioDecoder.SAMPLES_PER_SECOND);
        context.sample_fmt(AV_SAMPLE_FMT_FLTP);
        context.bit_rate(bitsPerSecond);
        context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
        context.thread_count(1);
        av_channel_layout_default(context.ch_layout(), CHANNELS);
        Native.open(context, codec, Map.of("aac_coder", "fast"));
        if (context.frame_size() != FRAME_SAMPLES || context.initial_padding() != FRAME_SAMPLES) {
            throw new IllegalStateException("AAC primes with " + context.initial_padding() + " samples");
        }
        audioSpecificConfig = copy(Native.memory(context.extradata(), context.extradata_size()));
        frame.nb_samples(FRAME_SAMPLES);
        frame.format(AV_SAMPLE_FMT_FLTP);
        frame.sample_rate(AudioDecoder.SAMPLES_PER_SECOND);
        av_channel_layout_default(frame.ch_layout(), CHANNELS);
        Native.check(av_frame_get_buffer(frame, 0), "audio frame");
    }

    private static ByteBuffer copy(MemorySegment memory) {
        return ByteBuffer.wrap(memory.toArray(ValueLayout.JAVA_BYTE)).asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer audioSpecificConfig() {
        return audioSpecificConfig.duplicate();
    }

    @Override
    public void encode(float[] block, Frames sink) {
        Native.check(av_frame_make_writable(frame), "audio frame");
        for (int channel = 0; channel < CHANNELS; channel++) {
            MemorySegment plane = Native.memory(frame.extended_data(channel), (long) FRAME_SAMPLES * Float.BYTES);
            for (int i = 0; i < FRAME_SAMPLES; i++) {
                plane.setAtIndex(ValueLayout.JAVA_FLOAT, i, block[i * CHANNELS + channel]);
            }
        }
        frame.pts(blocks * FRAME_SAMPLES);
        blocks++;
        Native.check(avcodec_send_frame(context, frame), "AAC");
        handOut(sink);
    }

    @Override
    public void finish(Frames sink) {
        Native.check(avcodec_send_frame(context, null), "AAC");
        handOut(sink);
        if (blocks > 0 && frames <= blocks) {
            throw new IllegalStateException(frames + " AAC frames for " + blocks + " blocks");
        }
    }

    private void handOut(Frames sink) {
        while (avcodec_receive_packet(context, packet) >= 0) {
            if (frames > 0 && frames <= blocks) {
                sink.frame(Native.memory(packet.data(), packet.size()).asByteBuffer());
            }
            frames++;
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
