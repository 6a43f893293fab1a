package dev.understudy.media.compose;

import dev.understudy.media.codec.AudioEncoder;
import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.VideoEncoder;
import dev.understudy.media.link.LinkMessage;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Both encoders' output as link messages. Encoders may hold a picture or a block back; each frame still says the tick
 * or the sample it belongs to.
 */
final class EncodedOutput {
    private static final long NONE = Long.MIN_VALUE;

    private final VideoEncoder video;
    private final AudioEncoder audio;

    /** Ticks inside the encoder that repeat a picture; as many as the encoder holds back, which is a few. */
    private final Set<Long> repeated = new HashSet<>();

    private LinkMessage.@Nullable CodecConfig sent;
    private long nextSample = NONE;

    EncodedOutput(VideoEncoder video, AudioEncoder audio) {
        this.video = video;
        this.audio = audio;
    }

    void encode(long tick, Picture picture, boolean isKeyFrame, boolean isRepeated, Composer.Outbox out) {
        if (isRepeated) {
            repeated.add(tick);
        }
        video.encode(tick, picture, isKeyFrame, (t, isKey, unit) -> send(t, isKey, unit, out));
    }

    /** The first block says where counting begins; those after it follow without a gap. */
    void encode(long sample, float[] block, Composer.Outbox out) {
        if (nextSample == NONE) {
            nextSample = sample;
        }
        audio.encode(block, aac -> send(aac, out));
    }

    void finish(Composer.Outbox out) {
        video.finish((tick, isKey, unit) -> send(tick, isKey, unit, out));
        if (nextSample != NONE) {
            audio.finish(aac -> send(aac, out));
        }
    }

    /** What a player needs goes before the first frame. */
    void sendFirstConfig(Composer.Outbox out) {
        if (sent == null) {
            sendConfigIfChanged(out);
        }
    }

    private void sendConfigIfChanged(Composer.Outbox out) {
        if (sent == null || !sent.sps().equals(video.sps()) || !sent.pps().equals(video.pps())) {
            sent = new LinkMessage.CodecConfig(copy(video.sps()), copy(video.pps()), copy(audio.audioSpecificConfig()));
            out.send(sent);
        }
    }

    private void send(long tick, boolean isKeyFrame, ByteBuffer unit, Composer.Outbox out) {
        if (isKeyFrame) {
            sendConfigIfChanged(out);
        }
        out.send(new LinkMessage.VideoFrame(tick, isKeyFrame, repeated.remove(tick), copy(unit)));
    }

    private void send(ByteBuffer aac, Composer.Outbox out) {
        out.send(new LinkMessage.AudioFrame(nextSample, copy(aac)));
        nextSample += AudioEncoder.FRAME_SAMPLES;
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
}
