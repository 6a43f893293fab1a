package dev.understudy.control.stage;

import dev.understudy.control.stage.EventRows.Detail;
import dev.understudy.control.stage.EventRows.EventRow;
import dev.understudy.control.stage.ParticipantRows.ParticipantRow;
import dev.understudy.control.token.ParticipantClaims;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What became of a participant's wish to go on with another token. */
public sealed interface TokenExchange {

    /**
     * From now on the new token counts.
     *
     * @param mayGoOn whether the participant may go on with what they do; false when they publish and may no longer
     */
    record Exchanged(ParticipantClaims claims, boolean mayGoOn) implements TokenExchange {}

    /** The old token counts on; {@code message} can be shown. */
    record Refused(String message) implements TokenExchange {}

    static TokenExchange notConnected() {
        return new Refused("the participant is not connected");
    }

    /** Exchanges the token of somebody who is connected, in its caller's transaction. */
    static TokenExchange exchange(
            Handle handle, Happenings happenings, ParticipantRow participant, ParticipantClaims next, Instant now) {
        if (!participant.isConnected() || participant.claims().isEmpty()) {
            return notConnected();
        }
        ParticipantClaims previous = participant.claims().get();
        Optional<String> fault = fault(previous, next);
        if (fault.isPresent()) {
            return new Refused(fault.get());
        }
        ParticipantRows.setClaims(handle, participant, next);
        Detail tokens = Detail.exchanged(ExchangedParticipantToken.of(previous), ExchangedParticipantToken.of(next));
        EventRow event = EventRow.of(EventName.TOKEN_EXCHANGED, participant.id(), now);
        happenings.tell(handle, participant, event.with(tokens));
        return new Exchanged(next, next.mayPublish() || !participant.isPublishing());
    }

    /** Attributes, capabilities, user id and times may change, nothing else. The topic is the resource's last part. */
    private static Optional<String> fault(ParticipantClaims previous, ParticipantClaims next) {
        if (!previous.isSelfSigned() || !next.isSelfSigned()) {
            return Optional.of("only tokens signed with an imported key can be exchanged");
        }
        if (!next.keyArn().equals(previous.keyArn())) {
            return Optional.of("the new token is signed with another key");
        }
        return immutable("resource", previous.stageArn(), next.stageArn())
                .or(() -> immutable("jti", previous.participantId(), next.participantId()))
                .or(() -> immutable("whip_url", previous.whipUrl(), next.whipUrl()))
                .or(() -> immutable("events_url", previous.eventsUrl(), next.eventsUrl()));
    }

    private static Optional<String> immutable(String claim, String previous, String next) {
        return previous.equals(next) ? Optional.empty() : Optional.of("claim " + claim + " must not change");
    }
}
