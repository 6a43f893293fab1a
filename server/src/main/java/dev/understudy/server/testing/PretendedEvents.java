package dev.understudy.server.testing;

import dev.understudy.control.stage.EventErrorCode;
import dev.understudy.control.stage.EventName;
import dev.understudy.control.stage.ExchangedParticipantToken;
import dev.understudy.control.stage.PretendedEvent;
import dev.understudy.control.stage.PretendedEvent.Destination;
import dev.understudy.control.stage.PretendedEvent.Exchange;
import dev.understudy.control.token.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads an event that a test makes up. What the API could not show of such an event is refused: a member that does not go
 * with the name, one that is missing, or a value that the API's model does not have. Pure.
 */
final class PretendedEvents {
    private static final String ERROR_CODE = "errorCode";
    private static final String REMOTE = "remoteParticipantId";
    private static final String DESTINATION_STAGE = "destinationStageArn";
    private static final String DESTINATION_SESSION = "destinationSessionId";
    private static final String PREVIOUS_TOKEN = "previousToken";
    private static final String NEW_TOKEN = "newToken";

    /** All members but {@code name}. */
    static final List<String> MEMBERS =
            List.of(ERROR_CODE, REMOTE, DESTINATION_STAGE, DESTINATION_SESSION, PREVIOUS_TOKEN, NEW_TOKEN);

    private static final List<String> NAMES = words(EventName.values());
    private static final List<String> ERROR_CODES = words(EventErrorCode.values());
    private static final List<String> CAPABILITIES = List.of("PUBLISH", "SUBSCRIBE");

    private static final Pattern PARTICIPANT_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Pattern STAGE_ARN =
            Pattern.compile("(?=.{1,128}$)arn:aws:ivs:[a-z0-9-]+:[0-9]+:stage/[a-zA-Z0-9-]+");
    private static final Pattern SESSION_ID = Pattern.compile("st-[a-zA-Z0-9]{13}");

    private PretendedEvents() {}

    private static List<String> words(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }

    /** What the API shows with such an event beside its name, each time. */
    private static Set<String> membersOf(EventName name) {
        return switch (name) {
            case JOINED, LEFT, PUBLISH_STARTED, PUBLISH_STOPPED -> Set.of();
            case JOIN_ERROR, PUBLISH_ERROR -> Set.of(ERROR_CODE);
            case SUBSCRIBE_STARTED, SUBSCRIBE_STOPPED -> Set.of(REMOTE);
            case SUBSCRIBE_ERROR -> Set.of(ERROR_CODE, REMOTE);
            case REPLICATION_STARTED, REPLICATION_STOPPED -> Set.of(DESTINATION_STAGE, DESTINATION_SESSION);
            case TOKEN_EXCHANGED -> Set.of(PREVIOUS_TOKEN, NEW_TOKEN);
        };
    }

    static PretendedEvent read(Members members) {
        EventName name = EventName.valueOf(members.oneOf("name", NAMES));
        Set<String> own = membersOf(name);
        for (String member : MEMBERS) {
            if (own.contains(member)) {
                members.require(member);
            } else {
                members.refuse(member, "does not go with " + name);
            }
        }
        return new PretendedEvent(
                name,
                members.optionalOneOf(ERROR_CODE, ERROR_CODES).map(EventErrorCode::valueOf),
                members.optionalMatch(REMOTE, PARTICIPANT_ID, "1 to 64 letters, digits, '-' and '_'"),
                destination(members),
                exchange(members));
    }

    private static Optional<Destination> destination(Members members) {
        return members.optionalMatch(DESTINATION_STAGE, STAGE_ARN, "the ARN of a stage")
                .map(stageArn -> new Destination(
                        stageArn,
                        members.optionalMatch(DESTINATION_SESSION, SESSION_ID, "of the form st-AbCdEfGh12345")
                                .orElse("")));
    }

    private static Optional<Exchange> exchange(Members members) {
        return members.optionalObject(PREVIOUS_TOKEN, "capabilities", "attributes", "userId", "expirationTime")
                .map(previous -> new Exchange(
                        token(previous),
                        members.optionalObject(NEW_TOKEN, "capabilities", "attributes", "userId", "expirationTime")
                                .map(PretendedEvents::token)
                                .orElseThrow()));
    }

    private static ExchangedParticipantToken token(Members members) {
        var attributes = members.texts("attributes");
        Tokens.checkAttributes(attributes);
        return new ExchangedParticipantToken(
                members.someOf("capabilities", CAPABILITIES),
                attributes,
                members.optionalText("userId", Tokens.MAX_USER_ID_CHARS).orElse(""),
                members.instant("expirationTime"));
    }
}
