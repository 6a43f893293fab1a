package dev.understudy.control.stage;

import dev.understudy.control.token.ParticipantClaims;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What an exchange can change about a participant's token, as an event shows it. */
public record ExchangedParticipantToken(
        List<String> capabilities, Map<String, String> attributes, String userId, Instant expirationTime) {

    static ExchangedParticipantToken of(ParticipantClaims claims) {
        return new ExchangedParticipantToken(
                claims.capabilities(), claims.attributes(), claims.userId(), claims.expiresAt());
    }
}
