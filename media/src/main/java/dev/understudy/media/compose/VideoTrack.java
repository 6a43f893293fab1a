package dev.understudy.media.compose;

import dev.understudy.media.codec.Codecs;
import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.Scaler;
import dev.understudy.media.codec.VideoDecoder;
import dev.understudy.media.compose.RtpReorderBuffer.Numbered;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One video track: its clock, its queue, its decoder, and the picture it shows now. */
final class VideoTrack extends Track {
    private final VideoQueue queue;
    private final VideoDecoder decoder;
    private final Scaler scaler;
    private boolean isShowing;
    private boolean isFresh;
    private long decoded;
    private long damaged;

    VideoTrack(Codecs codecs, PlayoutClock clock, PublisherClock publisher, ByteBuffer parameterSets, long nowNanos) {
        super(clock, publisher);
        this.queue = new VideoQueue(clock, parameterSets, nowNanos);
        this.decoder = codecs.videoDecoder();
        this.scaler = codecs.scaler();
    }

    @Override
    void received(Numbered packet, long arrivalNanos) {
        queue.received(packet, arrivalNanos);
    }

    /** Decodes all that is due at a tick; the last of it is the picture. */
    void decodeDue(long tickNanos) {
        isFresh = false;
        for (var unit = queue.poll(tickNanos); unit != null; unit = queue.poll(tickNanos)) {
            switch (decoder.decode(unit.annexB())) {
                case PICTURE -> {
                    decoded++;
                    isFresh = true;
                    isShowing = true;
                }
                case DAMAGED -> {
                    damaged++;
                    queue.damaged();
                }
                case NOTHING -> {}
            }
        }
        isShowing &= !queue.isStopped(tickNanos);
    }

    /** What is to be seen; null when there is nothing, or nothing any more. */
    @Nullable
    Picture picture() {
        return isShowing ? decoder.picture() : null;
    }

    /** Whether {@link #picture} is another one than at the tick before. */
    boolean isFresh() {
        return isFresh;
    }

    Scaler scaler() {
        return scaler;
    }

    boolean takeKeyFrameRequest(long nowNanos) {
        return queue.takeKeyFrameRequest(nowNanos);
    }

    long requestDeadlineNanos() {
        return queue.requestDeadlineNanos();
    }

    @Override
    Counts counts() {
        return new Counts(decoded, damaged, 0, queue.dropped());
    }

    @Override
    public void close() {
        super.close();
        decoder.close();
        scaler.close();
    }
}
