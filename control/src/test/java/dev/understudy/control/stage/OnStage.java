package dev.understudy.control.stage;

import dev.understudy.control.Control;
import dev.understudy.control.stage.Participants.Joining;
import dev.understudy.control.stage.Participants.Joining.Joined;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Verdict;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One stage as its participants and its owner see it. */
final class OnStage {
    private final Control control;
    final String arn;

    OnStage(Control control) {
        this.control = control;
        this.arn = control.ask("CreateStage", "{}").at("/stage/arn").stringValue();
    }

    ParticipantClaims token(String more) {
        String token = control.ask("CreateParticipantToken", "{'stageArn': '" + arn + "'" + more + "}")
                .at("/participantToken/token")
                .stringValue();
        return ((Verdict.Accepted) control.api.tokens().verify(token, control.now())).claims();
    }

    Joining joinToPublish(ParticipantClaims claims) {
        return control.api.participants().joinToPublish(claims, ClientDescription.UNKNOWN, "WHIP", control.now());
    }

    /** The session that they joined. */
    String join(ParticipantClaims claims) {
        Joining joining = control.api.participants().join(claims, ClientDescription.UNKNOWN, "WHIP", control.now());
        return ((Joined) joining).sessionId();
    }

    /** Somebody new publishes, with the id that is returned. */
    String publisher(String more) {
        ParticipantClaims claims = token(more);
        publish(claims);
        return claims.participantId();
    }

    void publish(ParticipantClaims claims) {
        String session = ((Joined) joinToPublish(claims)).sessionId();
        control.api.participants().published(session, claims.participantId(), control.now());
    }

    void leave(String participantId) {
        control.api.participants().left(activeSession(), participantId, control.now());
    }

    String activeSession() {
        return control.ask("GetStage", "{'arn': '" + arn + "'}")
                .at("/stage/activeSessionId")
                .stringValue();
    }

    JsonNode participant(String sessionId, String participantId) {
        return control.ask("GetParticipant", ofParticipant(sessionId, participantId))
                .get("participant");
    }

    List<String> events(String sessionId, String participantId) {
        return eventNodes(sessionId, participantId).stream()
                .map(e -> e.get("name").stringValue()
                        + (e.has("errorCode") ? " " + e.get("errorCode").stringValue() : ""))
                .toList();
    }

    List<JsonNode> eventNodes(String sessionId, String participantId) {
        return control.ask("ListParticipantEvents", ofParticipant(sessionId, participantId))
                .get("events")
                .valueStream()
                .toList();
    }

    private String ofParticipant(String sessionId, String participantId) {
        return "{'stageArn': '" + arn + "', 'sessionId': '" + sessionId + "', 'participantId': '" + participantId
                + "'}";
    }
}
