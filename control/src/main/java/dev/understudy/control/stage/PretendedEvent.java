package dev.understudy.control.stage;

import dev.understudy.control.stage.EventRows.Detail;
import dev.understudy.control.stage.EventRows.EventRow;
import java.time.Instant;
import java.util.Optional;

/**
 * What a test says has happened to a participant. Which of the members belong to a name is its maker's business. Immutable.
 *
 * @param remoteParticipantId the publisher, for what is about subscribing
 * @param destination where to, for what is about replication
 * @param exchange for an exchange of tokens
 */
public record PretendedEvent(
        EventName name,
        Optional<EventErrorCode> errorCode,
        Optional<String> remoteParticipantId,
        Optional<Destination> destination,
        Optional<Exchange> exchange) {

    /** The stage and the session in which a participant is replicated. */
    public record Destination(String stageArn, String sessionId) {}

    /** The token that counted before, and the one that counts now. */
    public record Exchange(ExchangedParticipantToken previous, ExchangedParticipantToken next) {}

    EventRow row(String participantId, Instant happenedAt) {
        Detail detail = destination
                .map(to -> Detail.replicated(to.stageArn(), to.sessionId()))
                .or(() -> exchange.map(tokens -> Detail.exchanged(tokens.previous(), tokens.next())))
                .orElse(Detail.NONE);
        return new EventRow(name, participantId, happenedAt, remoteParticipantId, errorCode, detail);
    }
}
