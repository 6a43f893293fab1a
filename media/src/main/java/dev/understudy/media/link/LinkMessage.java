package dev.understudy.media.link;

import dev.understudy.media.layout.GridOptions;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * One message between a node and the worker that renders one composition.
 *
 * <p>RTP goes down, encoded frames come up. All times are nanoseconds of the <em>node's</em> monotonic clock; the worker
 * maps its own clock onto it by {@link Ping} and {@link Pong}. Tick k of a composition is due at {@code epochNanos +
 * k / fps}, and audio sample n at {@code epochNanos + n / 48000}, whichever worker renders it: a second worker goes on
 * at a later tick of the same count.
 *
 * <p>Buffers are between position and limit and belong to the message; whoever decodes one gets a copy of its own.
 */
public sealed interface LinkMessage {

    /** What travels from the node to the worker. */
    sealed interface ToWorker extends LinkMessage {}

    /** What travels from the worker to the node. */
    sealed interface ToNode extends LinkMessage {}

    /** Kinds of track, with the one codec each has. */
    enum TrackKind {
        /** Opus. */
        AUDIO,
        /** H.264. */
        VIDEO
    }

    /**
     * What to render; the first message on a link, sent once.
     *
     * @param epochNanos when tick 0 is due
     * @param firstTick the first tick this worker renders, 0 or more
     * @param framesPerSecond 1 to 60, need not be whole
     * @param gopTicks ticks from one IDR to the next; the IDRs are those ticks that it divides
     * @param playoutDelayNanos from a frame's arrival (or capture, once known) to the tick that shows it
     */
    record Configure(
            long epochNanos,
            long firstTick,
            int width,
            int height,
            double framesPerSecond,
            int videoBitsPerSecond,
            int audioBitsPerSecond,
            int gopTicks,
            long playoutDelayNanos,
            GridOptions grid)
            implements ToWorker {}

    /**
     * A participant who publishes. Publishers are laid out in the order in which they are added.
     *
     * @param publisher chosen by the node, never used again on this link
     * @param userId where the initials on a tile without video come from; may be empty
     */
    record AddPublisher(int publisher, String participantId, String userId, Map<String, String> attributes)
            implements ToWorker {
        public AddPublisher {
            attributes = Map.copyOf(attributes);
        }
    }

    /** A publisher has left; its tracks go with it. */
    record RemovePublisher(int publisher) implements ToWorker {}

    /**
     * A track of a publisher.
     *
     * @param track chosen by the node, never used again on this link
     * @param clockRateHz of RTP timestamps: 90 000 or 48 000
     * @param channels of audio, 1 or 2; 0 for video
     * @param parameterSets SPS and PPS in Annex B form as signalled in SDP; empty where they come in band
     */
    record AddTrack(int track, int publisher, TrackKind kind, int clockRateHz, int channels, ByteBuffer parameterSets)
            implements ToWorker {}

    /** A track's sender has muted or stopped it for good; packets may come again. */
    record RemoveTrack(int track) implements ToWorker {}

    /**
     * One decrypted RTP packet, header extensions and all; each sequence number comes once, order is not promised.
     *
     * @param sequence unwrapped
     */
    record Rtp(int track, long sequence, long arrivalNanos, ByteBuffer packet) implements ToWorker {}

    /**
     * A track's RTP clock against its sender's wall clock.
     *
     * @param ntpTimestamp 32.32 fixed point, RFC 3550 section 4
     * @param rtpTimestamp 32 bits
     */
    record SenderReport(int track, long ntpTimestamp, long rtpTimestamp, long arrivalNanos) implements ToWorker {}

    /** Asks for a {@link Pong} at once. */
    record Ping(long nodeNanos) implements ToWorker {}

    /**
     * The last tick to render; the worker sends everything up to it and then {@link Drained}.
     *
     * @param lastTick inclusive
     */
    record Stop(long lastTick) implements ToWorker {}

    /** The codecs are loaded and the worker waits for {@link Configure}; the first message of a worker. */
    record Ready(long processId) implements ToNode {}

    /** The answer to {@link Ping}. */
    record Pong(long nodeNanos, long workerNanos) implements ToNode {}

    /**
     * What a player needs before the first frame, sent before it.
     *
     * @param sps one NAL unit, no start code
     * @param pps one NAL unit, no start code
     */
    record CodecConfig(ByteBuffer sps, ByteBuffer pps, ByteBuffer audioSpecificConfig) implements ToNode {}

    /**
     * One encoded picture, exactly one a tick.
     *
     * @param accessUnit NAL units, each behind its length in four bytes; no parameter sets, no delimiter
     * @param repeated whether composing was skipped because the encoder lagged
     */
    record VideoFrame(long tick, boolean isKeyFrame, boolean repeated, ByteBuffer accessUnit) implements ToNode {}

    /**
     * One AAC frame of 1024 samples a channel.
     *
     * @param sample of its first sample, counted from the epoch at 48 kHz; grows by 1024, with no gap
     */
    record AudioFrame(long sample, ByteBuffer frame) implements ToNode {}

    /** The worker cannot go on decoding a track without a key frame. */
    record RequestKeyFrame(int track) implements ToNode {}

    /** A publisher's video is seen for the first time in the picture of a tick. */
    record FirstShown(int publisher, long tick) implements ToNode {}

    /**
     * Counters since the worker began, for metrics; sent about once a second.
     *
     * @param cpuNanos of the whole process
     */
    record Statistics(
            long cpuNanos,
            long ticksRendered,
            long ticksRepeated,
            long framesDecoded,
            long framesDamaged,
            long audioConcealedSamples,
            long packetsDropped)
            implements ToNode {

        /** The same with packets that were lost before whoever counted saw them. */
        public Statistics plusDropped(long packets) {
            return new Statistics(
                    cpuNanos,
                    ticksRendered,
                    ticksRepeated,
                    framesDecoded,
                    framesDamaged,
                    audioConcealedSamples,
                    packetsDropped + packets);
        }
    }

    /** Everything up to the last tick has been sent. The worker ends. */
    record Drained() implements ToNode {}

    /** The worker cannot render, and why; it ends. */
    record Broken(String reason) implements ToNode {}
}
