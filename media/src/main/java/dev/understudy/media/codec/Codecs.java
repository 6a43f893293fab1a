package dev.understudy.media.codec;

/**
 * Where codecs come from: native ones in a worker, made-up ones in tests. Whoever asks for one closes it. An
 * {@link IllegalStateException} from here or from a codec means that it cannot go on at all.
 */
public interface Codecs {
    /**
     * What to encode video to.
     *
     * @param bitsPerSecond the average and the maximum over one second
     * @param gopTicks ticks between the key frames that will be forced
     */
    record VideoSettings(int width, int height, double framesPerSecond, int bitsPerSecond, int gopTicks) {}

    VideoDecoder videoDecoder();

    AudioDecoder audioDecoder();

    VideoEncoder videoEncoder(VideoSettings settings);

    AudioEncoder audioEncoder(int bitsPerSecond);

    Scaler scaler();
}
