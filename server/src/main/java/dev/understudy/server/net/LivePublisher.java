package dev.understudy.server.net;

import dev.understudy.media.ingest.PacketSink;
import dev.understudy.media.ingest.Publisher;
import dev.understudy.media.ingest.Track;
import dev.understudy.media.ingest.TrackStatistics;
import java.util.List;
import java.util.function.LongSupplier;

/** One who publishes on a stage now, as those see it who take its media. Confined to the stage's media loop. */
public final class LivePublisher {
    private final SessionFacts facts;
    private final Publisher publisher;
    private final LongSupplier nanoClock;

    LivePublisher(SessionFacts facts, Publisher publisher, LongSupplier nanoClock) {
        this.facts = facts;
        this.publisher = publisher;
        this.nanoClock = nanoClock;
    }

    public SessionFacts facts() {
        return facts;
    }

    public List<Track> tracks() {
        return publisher.tracks();
    }

    /** From now on {@code sink} gets every packet, until it is removed or the publisher leaves. */
    public void add(PacketSink sink) {
        publisher.add(sink);
    }

    public void remove(PacketSink sink) {
        publisher.remove(sink);
    }

    /** Asks for a key frame, as soon as another may be asked for. */
    public void requestKeyFrame(Track track) {
        publisher.requestKeyFrame(track, nanoClock.getAsLong());
    }

    /** One for each track. */
    public List<TrackStatistics> statistics() {
        return publisher.statistics(nanoClock.getAsLong());
    }
}
