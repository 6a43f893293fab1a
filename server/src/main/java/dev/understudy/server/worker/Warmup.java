package dev.understudy.server.worker;

import dev.understudy.media.codec.AudioDecoder;
import dev.understudy.media.codec.AudioEncoder;
import dev.understudy.media.codec.Codecs;
import dev.understudy.media.codec.PlanarPicture;
import dev.understudy.media.codec.Scaler;
import dev.understudy.media.codec.VideoDecoder;
import dev.understudy.media.codec.VideoEncoder;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;

/** Uses every codec once before a worker is ready, so that a composition's first second meets nothing cold. Stateless. */
final class Warmup {
    private static final Codecs.VideoSettings TINY = new Codecs.VideoSettings(64, 64, 30, 100_000, 30);
    private static final int AUDIO_BITS_PER_SECOND = 128_000;
    private static final byte OPUS_SILENCE = (byte) 0xFC;

    private Warmup() {}

    static void run(Codecs codecs) {
        try (Arena arena = Arena.ofConfined();
                Scaler scaler = codecs.scaler();
                VideoEncoder encoder = codecs.videoEncoder(TINY);
                VideoDecoder decoder = codecs.videoDecoder()) {
            PlanarPicture large = PlanarPicture.allocate(2 * TINY.width(), 2 * TINY.height(), arena);
            PlanarPicture small = PlanarPicture.allocate(TINY.width(), TINY.height(), arena);
            scaler.scale(large, small);
            encoder.encode(0, small, true, (_, _, bytes) -> decoder.decode(bytes));
        }
        float[] samples = new float[AudioDecoder.CHANNELS * AudioDecoder.MAX_PACKET_SAMPLES];
        try (AudioEncoder encoder = codecs.audioEncoder(AUDIO_BITS_PER_SECOND);
                AudioDecoder decoder = codecs.audioDecoder()) {
            encoder.encode(samples, _ -> {});
            decoder.decode(ByteBuffer.wrap(new byte[] {OPUS_SILENCE}), samples);
        }
    }
}
