package dev.understudy.control.token;

import java.time.Instant;
import java.util.Map;

/**
 * What a genuine participant token says. Immutable.
 *
 * @param userId {@code ""} when there is none
 * @param tokenDigest tells tokens apart without being one: SHA-256 of what is signed, in hexadecimal
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
        String tokenDigest) {

    public ParticipantClaims {
        attributes = Map.copyOf(attributes);
    }

    /** The last part of the stage's ARN, by which clients name the stage. */
    public String stageId() {
        return stageArn.substring(stageArn.indexOf('/') + 1);
    }
}
