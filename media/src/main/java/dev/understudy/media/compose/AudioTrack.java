package dev.understudy.media.compose;

import dev.understudy.media.codec.Codecs;
import dev.understudy.media.compose.RtpReorderBuffer.Numbered;

/** One audio track: its clock and its buffer. */
final class AudioTrack extends Track {
    private final AudioTrackBuffer buffer;

    AudioTrack(Codecs codecs, PlayoutClock clock, PublisherClock publisher) {
        super(clock, publisher);
        this.buffer = new AudioTrackBuffer(codecs.audioDecoder(), clock);
    }

    @Override
    void received(Numbered packet, long arrivalNanos) {
        if (packet.packet().payload().hasRemaining()) {
            buffer.received(
                    packet.sequence(), packet.timestamp(), packet.packet().payload());
        }
    }

    AudioTrackBuffer buffer() {
        return buffer;
    }

    @Override
    Counts counts() {
        return new Counts(0, 0, buffer.concealedSamples(), buffer.dropped());
    }

    @Override
    public void close() {
        super.close();
        buffer.close();
    }
}
