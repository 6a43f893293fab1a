package dev.understudy.server.composition;

import dev.understudy.media.ingest.PacketSink;
import dev.understudy.media.ingest.Track;
import dev.understudy.media.link.LinkMessage;
import dev.understudy.server.net.LeaveReason;
import dev.understudy.server.net.LivePublisher;
import dev.understudy.server.net.SessionFacts;
import dev.understudy.server.net.StageObserver;
import dev.understudy.server.net.StageRegistry;
import dev.understudy.server.worker.Worker;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way of a stage's packets to the worker of one composition, whichever worker that is at the moment.
 *
 * <p>Confined to the stage's media loop. A packet is copied once, because the loop reuses its buffer, and goes into the
 * worker's bounded queue; nothing here waits.
 */
final class WorkerFeed implements StageObserver {
    private final String stageArn;
    private final Runnable publisherCame;
    private final Map<LivePublisher, Fed> publishers = new LinkedHashMap<>();
    private @Nullable Worker worker;
    private int lastNumber;

    /** @param publisherCame called for each who comes, those included who publish already */
    WorkerFeed(String stageArn, Runnable publisherCame) {
        this.stageArn = stageArn;
        this.publisherCame = publisherCame;
    }

    /** Begins to watch the stage. */
    void begin(StageRegistry stages) {
        stages.subscribe(stageArn, this);
    }

    /** Leaves the stage; safe to call twice. */
    void end(StageRegistry stages) {
        worker = null;
        stages.unsubscribe(stageArn, this);
        publishers.values().forEach(Fed::unplug);
        publishers.clear();
    }

    /** From now on everything goes to {@code to}, which is told who publishes and gets key frames as soon as may be. */
    void attach(Worker to) {
        worker = to;
        publishers.values().forEach(Fed::introduce);
    }

    /** Stops feeding a worker that is gone. */
    void detach(Worker from) {
        if (worker == from) {
            worker = null;
        }
    }

    /** Asks the publisher of a track for a key frame; a track that is gone is no matter. */
    void requestKeyFrame(int trackNumber) {
        publishers.values().forEach(fed -> fed.requestKeyFrame(trackNumber));
    }

    @Override
    public void publisherJoined(LivePublisher publisher) {
        Fed fed = new Fed(publisher);
        publishers.put(publisher, fed);
        publisher.add(fed);
        fed.introduce();
        publisherCame.run();
    }

    @Override
    public void publisherLeft(LivePublisher publisher, LeaveReason reason) {
        Fed fed = publishers.remove(publisher);
        if (fed != null) {
            fed.unplug();
            send(new LinkMessage.RemovePublisher(fed.number));
        }
    }

    private void send(LinkMessage.ToWorker message) {
        if (worker != null) {
            worker.send(message);
        }
    }

    /** One publisher and the numbers that it and its tracks have on the link. */
    private final class Fed implements PacketSink {
        private final LivePublisher publisher;
        private final int number = ++lastNumber;
        private final IdentityHashMap<Track, Integer> trackNumbers = new IdentityHashMap<>();

        private Fed(LivePublisher publisher) {
            this.publisher = publisher;
            publisher.tracks().forEach(track -> trackNumbers.put(track, ++lastNumber));
        }

        private void introduce() {
            SessionFacts facts = publisher.facts();
            send(new LinkMessage.AddPublisher(number, facts.participantId(), facts.userId(), facts.attributes()));
            for (Track track : publisher.tracks()) {
                send(new LinkMessage.AddTrack(
                        number(track),
                        number,
                        track.kind(),
                        track.clockRateHz(),
                        track.channels(),
                        track.parameterSets()));
                if (track.kind() == LinkMessage.TrackKind.VIDEO && worker != null) {
                    publisher.requestKeyFrame(track);
                }
            }
        }

        private int number(Track track) {
            return trackNumbers.getOrDefault(track, -1);
        }

        private void unplug() {
            publisher.remove(this);
        }

        private void requestKeyFrame(int trackNumber) {
            trackNumbers.forEach((track, itsNumber) -> {
                if (itsNumber == trackNumber) {
                    publisher.requestKeyFrame(track);
                }
            });
        }

        @Override
        public void packet(Track track, long sequence, long arrivalNanos, ByteBuffer rtp) {
            if (worker != null) {
                byte[] copy = new byte[rtp.remaining()];
                rtp.get(rtp.position(), copy);
                worker.send(new LinkMessage.Rtp(number(track), sequence, arrivalNanos, ByteBuffer.wrap(copy)));
            }
        }

        @Override
        public void senderReport(Track track, long ntpTimestamp, long rtpTimestamp, long arrivalNanos) {
            send(new LinkMessage.SenderReport(number(track), ntpTimestamp, rtpTimestamp, arrivalNanos));
        }
    }
}
