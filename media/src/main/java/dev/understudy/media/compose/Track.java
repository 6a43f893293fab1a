package dev.understudy.media.compose;

import dev.understudy.media.compose.RtpReorderBuffer.Numbered;
import dev.understudy.media.link.LinkMessage;
import dev.understudy.protocol.rtp.RtpPacket;
import dev.understudy.protocol.rtp.TimestampUnwrapper;

/** What both kinds of track do with what arrives: unwrap the timestamp, tell the clock, keep the packet. */
abstract sealed class Track implements AutoCloseable permits AudioTrack, VideoTrack {
    /** What a track has come to so far. */
    record Counts(long framesDecoded, long framesDamaged, long concealedSamples, long packetsDropped) {
        static final Counts NONE = new Counts(0, 0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(
                    framesDecoded + other.framesDecoded,
                    framesDamaged + other.framesDamaged,
                    concealedSamples + other.concealedSamples,
                    packetsDropped + other.packetsDropped);
        }
    }

    private final PlayoutClock clock;
    private final PublisherClock publisher;
    private final TimestampUnwrapper timestamps = new TimestampUnwrapper();

    Track(PlayoutClock clock, PublisherClock publisher) {
        this.clock = clock;
        this.publisher = publisher;
    }

    /** Bytes that are not RTP are ignored: the node has looked at them before. */
    void received(LinkMessage.Rtp rtp) {
        RtpPacket packet = RtpPacket.parse(rtp.packet());
        if (packet != null) {
            long timestamp = timestamps.unwrap(packet.timestamp());
            clock.received(timestamp, rtp.arrivalNanos());
            received(new Numbered(rtp.sequence(), timestamp, packet), rtp.arrivalNanos());
        }
    }

    /** A report before the first packet has nothing to refer to. */
    void reported(LinkMessage.SenderReport report) {
        if (clock.isRunning()) {
            clock.reported(report.ntpTimestamp(), timestamps.unwrap(report.rtpTimestamp()));
        }
    }

    abstract void received(Numbered packet, long arrivalNanos);

    abstract Counts counts();

    @Override
    public void close() {
        publisher.remove(clock);
    }
}
