package dev.understudy.server.net;

import java.util.Map;

/**
 * Who publishes, and in which session. Immutable.
 *
 * @param sessionId of this connection; the same participant that comes again has another. Whoever knows it may end the
 *     session, so it is not shown to others
 */
public record SessionFacts(
        String sessionId, String stageArn, String participantId, String userId, Map<String, String> attributes) {
    public SessionFacts {
        attributes = Map.copyOf(attributes);
    }

    @Override
    public String toString() {
        return "SessionFacts[stageArn=" + stageArn + ", participantId=" + participantId + "]";
    }
}
