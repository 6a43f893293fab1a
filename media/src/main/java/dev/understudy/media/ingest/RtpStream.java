package dev.understudy.media.ingest;

import dev.understudy.protocol.rtp.SequenceUnwrapper;
import java.time.Duration;

/** One SSRC of a track: its sequence numbers, how it arrives, and what of it is missing. Confined to one media loop. */
final class RtpStream {
    /**
     * About one round trip to a publisher. Five attempts then end with the playout delay of 250 ms, after which nobody
     * can use the packet.
     */
    private static final long RETRY_NANOS = Duration.ofMillis(50).toNanos();

    /** Numbers left free between a stream and the one that takes its place, for packets that come out of order. */
    private static final int GAP = 64;

    /** A stream that is silent for so long may be replaced; until then another SSRC is noise. */
    private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();

    final long ssrc;
    final NackGenerator nacks = new NackGenerator(RETRY_NANOS);
    final ReceptionStatistics statistics;
    private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    private final long startAt;
    private long offset = Long.MIN_VALUE;
    private long highest;
    private long lastArrivalNanos;
    private boolean ended;

    private RtpStream(long ssrc, int clockRateHz, long startAt, long nowNanos) {
        this.ssrc = ssrc;
        this.statistics = new ReceptionStatistics(ssrc, clockRateHz);
        this.startAt = startAt;
        this.lastArrivalNanos = nowNanos;
    }

    static RtpStream first(long ssrc, int clockRateHz, long nowNanos) {
        return new RtpStream(ssrc, clockRateHz, 0, nowNanos);
    }

    /** A stream that takes this one's place: its numbers grow on from here. */
    RtpStream next(long nextSsrc, int clockRateHz, long nowNanos) {
        return new RtpStream(nextSsrc, clockRateHz, highest + GAP, nowNanos);
    }

    /** The number that does not wrap, also not where one stream takes another's place. */
    long unwrap(int sequenceNumber) {
        long own = unwrapper.unwrap(sequenceNumber);
        if (offset == Long.MIN_VALUE) {
            offset = Math.max(0, startAt - own);
        }
        highest = Math.max(highest, own + offset);
        return own + offset;
    }

    /** As the sender counts, though it sends only the lowest 16 bits. */
    long own(long unwrapped) {
        return unwrapped - offset;
    }

    long highest() {
        return highest;
    }

    void heard(long nowNanos) {
        lastArrivalNanos = nowNanos;
        ended = false;
    }

    /** Its sender has said BYE. */
    void end() {
        ended = true;
    }

    boolean isReplaceable(long nowNanos) {
        return ended || nowNanos - lastArrivalNanos >= SILENCE_NANOS;
    }
}
