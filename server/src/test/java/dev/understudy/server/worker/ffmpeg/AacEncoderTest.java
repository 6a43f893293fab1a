package dev.understudy.server.worker.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import dev.understudy.media.codec.AudioEncoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AacEncoderTest {
    private static final int FRAME = AudioEncoder.FRAME_SAMPLES;

    private static List<byte[]> encode(AudioEncoder encoder, float[] left) {
        List<byte[]> frames = new ArrayList<>();
        AudioEncoder.Frames sink = aac -> frames.add(bytes(aac));
        for (int start = 0; start < left.length; start += FRAME) {
            float[] block = new float[2 * FRAME];
            for (int i = 0; i < FRAME; i++) {
                block[2 * i] = left[start + i];
                block[2 * i + 1] = left[start + i];
            }
            encoder.encode(block, sink);
        }
        encoder.finish(sink);
        return frames;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** The left channel, as a player that knows nothing of priming gets it. */
    private static float[] decode(ByteBuffer audioSpecificConfig, List<byte[]> frames) {
        AVCodec codec = avcodec_find_decoder(avcodec.AV_CODEC_ID_AAC);
        AVCodecContext context = avcodec_alloc_context3(codec);
        byte[] config = bytes(audioSpecificConfig);
        context.extradata(new BytePointer(av_malloc(config.length + 64L))
                .capacity(config.length)
                .put(config));
        context.extradata_size(config.length);
        context.sample_rate(48_000);
        av_channel_layout_default(context.ch_layout(), 2);
        Native.open(context, codec, Map.of());
        AVPacket packet = av_packet_alloc();
        AVFrame frame = av_frame_alloc();
        float[] left = new float[frames.size() * FRAME];
        int at = 0;
        for (byte[] aac : frames) {
            Native.check(av_new_packet(packet, aac.length), "packet");
            Native.memory(packet.data(), aac.length).copyFrom(MemorySegment.ofArray(aac));
            Native.check(avcodec_send_packet(context, packet), "AAC");
            av_packet_unref(packet);
            Native.check(avcodec_receive_frame(context, frame), "AAC");
            MemorySegment plane = Native.memory(frame.extended_data(0), 4L * frame.nb_samples());
            MemorySegment.copy(plane, ValueLayout.JAVA_FLOAT, 0, left, at, frame.nb_samples());
            at += frame.nb_samples();
        }
        av_frame_free(frame);
        av_packet_free(packet);
        avcodec_free_context(context);
        return left;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 94, 95})
    void givesOneFrameForEveryBlock(int blocks) {
        try (AudioEncoder encoder = new AacEncoder(128_000)) {
            assertThat(encode(encoder, new float[blocks * FRAME])).hasSize(blocks);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5_000, 10_240, 20_479})
    void aClickComesBackAtItsVerySample(int place) {
        float[] samples = new float[30 * FRAME];
        samples[place] = 0.9f;
        try (AudioEncoder encoder = new AacEncoder(128_000)) {
            float[] decoded = decode(encoder.audioSpecificConfig(), encode(encoder, samples));

            assertThat(decoded).hasSize(30 * FRAME);
            assertThat(loudest(decoded)).isEqualTo(place);
        }
    }

    private static int loudest(float[] samples) {
        int loudest = 0;
        for (int i = 0; i < samples.length; i++) {
            loudest = Math.abs(samples[i]) > Math.abs(samples[loudest]) ? i : loudest;
        }
        return loudest;
    }

    @Test
    void keepsAToneAtItsLevelAndPhase() {
        float[] tone = new float[20 * FRAME];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) (0.5 * Math.sin(2 * Math.PI * 1_000 * i / 48_000));
        }
        try (AudioEncoder encoder = new AacEncoder(128_000)) {
            float[] decoded = decode(encoder.audioSpecificConfig(), encode(encoder, tone));

            for (int i = 2 * FRAME; i < 18 * FRAME; i++) {
                assertThat(decoded[i]).as("sample %d", i).isCloseTo(tone[i], within(0.05f));
            }
        }
    }

    @Test
    void saysWhatItIs() {
        try (AudioEncoder encoder = new AacEncoder(128_000)) {
            // AAC-LC, 48 kHz, stereo; the rest of FFmpeg's five bytes is the absent SBR extension.
            assertThat(bytes(encoder.audioSpecificConfig())).startsWith(0x11, 0x90);
        }
    }
}
