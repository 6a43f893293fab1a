package dev.understudy.server.worker.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_OPUS;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import dev.understudy.media.codec.AudioDecoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Decodes Opus by libopus, and conceals loss by it too.
 *
 * <p>FFmpeg has no call for concealment. But a packet of the table-of-contents byte alone holds one frame of no bytes,
 * which libopus takes for a lost frame of that length (RFC 6716 sections 3.2.1 and 4.4), so the last packet's own first
 * byte asks for concealment. FFmpeg's own Opus decoder, which stands in where libopus is not built in, does not do
 * that; there the caller conceals. Confined to one thread.
 */
final class OpusDecoder implements AudioDecoder {
    /** RFC 6716 section 3.4: 120 ms of 1275-byte frames of 2.5 ms, with their lengths. */
    private static final int MAX_PACKET_BYTES = 48 * (1_275 + 2) + 2;

    /** Bits of the table of contents that say how many frames follow; 0 is one (RFC 6716 section 3.1). */
    private static final int FRAME_COUNT_BITS = 3;

    private final AVCodecContext context;
    private final AVPacket packet = Native.require(av_packet_alloc(), "packet");
    private final AVFrame frame = Native.require(av_frame_alloc(), "frame");
    private final boolean conceals;
    private final float[] concealed = new float[CHANNELS * MAX_PACKET_SAMPLES];
    private byte lastContents;
    private boolean heard;

    OpusDecoder() {
        AVCodec libopus = avcodec_find_decoder_by_name("libopus");
        conceals = libopus != null;
        AVCodec codec = conceals ? libopus : Native.require(avcodec_find_decoder(AV_CODEC_ID_OPUS), "Opus decoder");
        context = Native.require(avcodec_alloc_context3(codec), "context");
        context.thread_count(1);
        context.sample_rate(SAMPLES_PER_SECOND);
        context.request_sample_fmt(AV_SAMPLE_FMT_FLT);
        av_channel_layout_default(context.ch_layout(), CHANNELS);
        Native.open(context, codec, Map.of());
    }

    @Override
    public int decode(ByteBuffer opus, float[] out) {
        int bytes = opus.remaining();
        if (bytes == 0 || bytes > MAX_PACKET_BYTES) {
            return 0;
        }
        int samples = decode(MemorySegment.ofBuffer(opus), out);
        if (samples > 0) {
            lastContents = (byte) (opus.get(opus.position()) & ~FRAME_COUNT_BITS);
            heard = true;
        }
        return samples;
    }

    private int decode(MemorySegment opus, float[] out) {
        int bytes = (int) opus.byteSize();
        Native.check(av_new_packet(packet, bytes), "packet of " + bytes + " bytes");
        Native.memory(packet.data(), bytes).copyFrom(opus);
        avcodec_send_packet(context, packet);
        av_packet_unref(packet);
        int samples = 0;
        while (avcodec_receive_frame(context, frame) >= 0) {
            samples += copyFrame(out, samples);
            av_frame_unref(frame);
        }
        return samples;
    }

    private int copyFrame(float[] out, int at) {
        int samples = Math.min(frame.nb_samples(), MAX_PACKET_SAMPLES - at);
        if (frame.format() == AV_SAMPLE_FMT_FLT) {
            MemorySegment both = Native.memory(frame.data(0), (long) samples * CHANNELS * Float.BYTES);
            MemorySegment.copy(both, ValueLayout.JAVA_FLOAT, 0, out, at * CHANNELS, samples * CHANNELS);
        } else if (frame.format() == AV_SAMPLE_FMT_FLTP) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                MemorySegment one = Native.memory(frame.extended_data(channel), (long) samples * Float.BYTES);
                for (int i = 0; i < samples; i++) {
                    out[(at + i) * CHANNELS + channel] = one.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                }
            }
        } else {
            throw new IllegalStateException("Opus came out in sample format " + frame.format());
        }
        return samples;
    }

    @Override
    public int conceal(int samples, float[] out) {
        if (!conceals || !heard) {
            return 0;
        }
        int made = 0;
        while (made < samples) {
            int guessed = decode(MemorySegment.ofArray(new byte[] {lastContents}), concealed);
            if (guessed == 0) {
                return made;
            }
            int taken = Math.min(guessed, samples - made);
            System.arraycopy(concealed, 0, out, made * CHANNELS, taken * CHANNELS);
            made += taken;
        }
        return made;
    }

    @Override
    public void close() {
        av_frame_free(frame);
        av_packet_free(packet);
        avcodec_free_context(context);
    }
}
