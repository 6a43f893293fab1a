package dev.understudy.control.stage;

import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.stage.Attendance.Guest;
import dev.understudy.control.stage.ParticipantRows.ParticipantRow;
import dev.understudy.control.stage.Participants.Joining;
import dev.understudy.control.stage.Participants.Joining.Refused;
import dev.understudy.control.stage.Participants.Joining.Unable;
import dev.understudy.control.token.Disconnections;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Verdict;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Who of those with a genuine token comes in. Thread-safe. */
final class Entrance {
    private final Foundation base;
    private final Attendance attendance;

    Entrance(Foundation base, Attendance attendance) {
        this.base = base;
        this.attendance = attendance;
    }

    /** Why somebody cannot publish although they may join. */
    private interface Obstacles {
        Optional<Unable> find(Handle handle, String sessionId);
    }

    Joining join(Guest guest, Instant now) {
        return base.store()
                .write(h -> refused(h, guest.claims())
                        .orElseGet(() -> enter(h, session(h, guest.claims(), now), guest, now)));
    }

    Joining joinToPublish(Guest guest, Instant now) {
        return publish(guest, (h, sessionId) -> obstacle(h, sessionId, guest.claims()), now);
    }

    Joining failToPublish(Guest guest, Unable why, Instant now) {
        return publish(guest, (_, _) -> Optional.of(why), now);
    }

    private Joining publish(Guest guest, Obstacles obstacles, Instant now) {
        return base.store()
                .write(h -> refused(h, guest.claims()).orElseGet(() -> {
                    String sessionId = session(h, guest.claims(), now);
                    Optional<Unable> obstacle = obstacles.find(h, sessionId);
                    if (obstacle.isPresent()) {
                        fail(h, sessionId, guest, obstacle.get().code(), now);
                        return obstacle.get();
                    }
                    Joining joined = enter(h, sessionId, guest, now);
                    ParticipantRows.takePlace(h, sessionId, guest.id());
                    return joined;
                }));
    }

    private String session(Handle handle, ParticipantClaims claims, Instant now) {
        return SessionRows.activeOrNew(handle, claims.stageArn(), base.ids(), now);
    }

    private static Optional<Joining> refused(Handle handle, ParticipantClaims claims) {
        if (!Stages.exists(handle, claims.stageArn())) {
            return refusal(Verdict.Reason.STAGE_NOT_FOUND, "the token's stage does not exist");
        }
        if (Disconnections.has(handle, claims.stageArn(), claims.participantId())) {
            return refusal(Verdict.Reason.DISCONNECTED, "the participant has been disconnected");
        }
        boolean isOthers = ParticipantRows.firstKey(handle, claims.stageArn(), claims.participantId())
                .filter(key -> !key.equals(claims.keyArn()))
                .isPresent();
        if (isOthers || isReplica(handle, claims)) {
            return refusal(Verdict.Reason.DUPLICATE_PARTICIPANT, "the participant id belongs to somebody else");
        }
        return Optional.empty();
    }

    private static Optional<Joining> refusal(Verdict.Reason reason, String message) {
        return Optional.of(new Refused(reason, message));
    }

    private static boolean isReplica(Handle handle, ParticipantClaims claims) {
        return ParticipantRows.present(handle, claims.stageArn(), claims.participantId())
                .flatMap(ParticipantRow::source)
                .isPresent();
    }

    private Optional<Unable> obstacle(Handle handle, String sessionId, ParticipantClaims claims) {
        if (!claims.mayPublish()) {
            return Optional.of(new Unable(
                    EventErrorCode.INSUFFICIENT_CAPABILITIES, "the token does not have the capability PUBLISH"));
        }
        int limit = base.quotas().limit(Quota.PUBLISHERS_PER_STAGE);
        int others = ParticipantRows.countPublishersBut(handle, sessionId, claims.participantId());
        return others < limit
                ? Optional.empty()
                : Optional.of(new Unable(
                        EventErrorCode.QUOTA_EXCEEDED, "the stage has all the publishers that it may have: " + limit));
    }

    private Joining enter(Handle handle, String sessionId, Guest guest, Instant now) {
        return new Joining.Joined(sessionId, attendance.enter(handle, sessionId, guest, now));
    }

    /** Whoever is connected stays so: it is this attempt that fails, not the connection that works. */
    private void fail(Handle handle, String sessionId, Guest guest, EventErrorCode code, Instant now) {
        boolean isConnected = ParticipantRows.find(handle, sessionId, guest.id())
                .filter(ParticipantRow::isConnected)
                .isPresent();
        if (!isConnected) {
            attendance.enter(handle, sessionId, guest, now);
        }
        ParticipantRows.find(handle, sessionId, guest.id()).ifPresent(participant -> {
            attendance.fail(handle, participant, EventName.PUBLISH_ERROR, code, now);
            if (!isConnected) {
                attendance.leave(handle, participant, now);
            }
        });
    }
}
