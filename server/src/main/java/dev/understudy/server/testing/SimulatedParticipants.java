package dev.understudy.server.testing;

import dev.understudy.control.stage.StagePlane;
import dev.understudy.server.http.Admission;
import dev.understudy.server.net.LeaveReason;
import dev.understudy.server.net.SessionFacts;
import dev.understudy.server.net.SessionListener;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Participants without a connection. They come in by the same door as others, with a genuine token, so that sessions,
 * events, limits and disconnections treat them alike; but no packet comes from them, and no composition shows them.
 *
 * <p>It stands before the media side, to hear who is to be disconnected. Thread-safe.
 */
public final class SimulatedParticipants implements StagePlane {
    /** Far more than the stages of a test hold; each costs an entry of a map. */
    static final int MAX_PRESENT = 10_000;

    /** Who of those with a token comes in. */
    public interface Entrance {
        /** Lets the holder of a token in: to publish, if the token allows it, and else only to be there. */
        Entered enter(String token, Admission.ClientInfo client) throws Admission.Refused;
    }

    /** One who is in. */
    public record Entered(Admission.Admitted admitted, boolean mayPublish) {}

    private record Guest(String stageArn, String participantId) {}

    private record Presence(SessionFacts facts, boolean mayPublish) {}

    /** The door, from both sides. */
    private record Door(Entrance entrance, SessionListener listener) {}

    private final StagePlane connections;
    private final AtomicLong sessions = new AtomicLong();
    private final Map<Guest, Presence> present = new ConcurrentHashMap<>();
    private volatile @Nullable Door door;

    /** @param connections the real ones */
    public SimulatedParticipants(StagePlane connections) {
        this.connections = connections;
    }

    /** Tells by which door they come in. */
    public void connect(Entrance entrance, SessionListener listener) {
        door = new Door(entrance, listener);
    }

    private Door door() {
        Door connected = door;
        if (connected == null) {
            throw new IllegalStateException("somebody joined before there was a door");
        }
        return connected;
    }

    /** Lets the holder of a token in. Their earlier connection, if there is one, ends, as a real one would. */
    Admission.Admitted join(String token, String userAgent) throws Admission.Refused {
        if (present.size() >= MAX_PRESENT) {
            throw new IllegalArgumentException(MAX_PRESENT + " simulated participants are present already");
        }
        Entered entered = door().entrance().enter(token, new Admission.ClientInfo("127.0.0.1", userAgent));
        Admission.Admitted admitted = entered.admitted();
        var facts = new SessionFacts(
                "simulated-" + sessions.incrementAndGet(),
                admitted.stageArn(),
                admitted.participantId(),
                admitted.userId(),
                admitted.attributes());
        var presence = new Presence(facts, entered.mayPublish());
        Optional.ofNullable(present.put(new Guest(facts.stageArn(), facts.participantId()), presence))
                .ifPresent(before -> door().listener().left(before.facts(), LeaveReason.REPLACED));
        return admitted;
    }

    /** Their media begins to arrive; an {@link IllegalArgumentException} when their token does not allow it. */
    void publish(String stageArn, String participantId) {
        Presence presence = presence(stageArn, participantId);
        if (!presence.mayPublish()) {
            throw new IllegalArgumentException(
                    "the token of '" + participantId + "' does not have the capability PUBLISH");
        }
        door().listener().firstMedia(presence.facts());
    }

    /** Throws {@link IllegalArgumentException} when nobody simulated of this id is on the stage. */
    void require(String stageArn, String participantId) {
        presence(stageArn, participantId);
    }

    private Presence presence(String stageArn, String participantId) {
        Presence presence = present.get(new Guest(stageArn, participantId));
        if (presence == null) {
            throw new IllegalArgumentException(
                    "no simulated participant '" + participantId + "' is on the stage " + stageArn);
        }
        return presence;
    }

    /** Their connection ends. */
    void leave(String stageArn, String participantId) {
        require(stageArn, participantId);
        end(new Guest(stageArn, participantId), LeaveReason.CLOSED);
    }

    @Override
    public void disconnect(String stageArn, String participantId) {
        connections.disconnect(stageArn, participantId);
        end(new Guest(stageArn, participantId), LeaveReason.DISCONNECTED);
    }

    @Override
    public void close(String stageArn) {
        connections.close(stageArn);
        List.copyOf(present.keySet()).stream()
                .filter(guest -> guest.stageArn().equals(stageArn))
                .forEach(guest -> end(guest, LeaveReason.DISCONNECTED));
    }

    private void end(Guest guest, LeaveReason reason) {
        Presence presence = present.remove(guest);
        if (presence != null) {
            door().listener().left(presence.facts(), reason);
        }
    }
}
