package dev.understudy.control.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a genuine participant token says. Immutable.
 *
 * @param userId {@code ""} when there is none
 * @param attributes in the order of the token, in which every answer shows them
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
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
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
