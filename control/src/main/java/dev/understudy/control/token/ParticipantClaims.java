package dev.understudy.control.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a genuine participant token says. Immutable.
 *
 * @param userId {@code ""} when there is none
 * @param whipUrl where it says to publish; {@code ""} when it does not
 * @param eventsUrl where it says to hear of events; {@code ""} when it does not
 * @param keyArn of the imported public key that it was checked with; {@code ""} for a token of the node's own
 */
public record ParticipantClaims(
        String participantId,
        String stageArn,
        String userId,
        Map<String, String> attributes,
        boolean mayPublish,
        boolean maySubscribe,
        Instant issuedAt,
        Instant expiresAt,
        String whipUrl,
        String eventsUrl,
        String keyArn) {

    public ParticipantClaims {
        attributes = Map.copyOf(attributes);
    }

    /** What the API calls the permissions. */
    public List<String> capabilities() {
        List<String> capabilities = new ArrayList<>();
        if (mayPublish) {
            capabilities.add("PUBLISH");
        }
        if (maySubscribe) {
            capabilities.add("SUBSCRIBE");
        }
        return capabilities;
    }

    /** Whether a customer signed it, and not this node. */
    public boolean isSelfSigned() {
        return !keyArn.isEmpty();
    }

    /** The last part of the stage's ARN, by which clients name the stage. */
    public String stageId() {
        return stageArn.substring(stageArn.indexOf('/') + 1);
    }
}
