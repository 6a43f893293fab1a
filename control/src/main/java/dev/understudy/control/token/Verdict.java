package dev.understudy.control.token;

/** What became of a participant token that somebody presented. */
public sealed interface Verdict {

    /** It is genuine and counts now. */
    record Accepted(ParticipantClaims claims) implements Verdict {}

    /** It does not count; {@code message} can be shown to whoever presented it. */
    record Refused(Reason reason, String message) implements Verdict {}

    /** Why a token does not count. */
    enum Reason {
        /** Longer than any token that is honestly made. */
        TOO_LARGE,
        /** No JWT of three parts, or its header or claims are no JSON object, or name a member twice. */
        MALFORMED,
        /** Signed in another way than its key is for, or not at all. */
        WRONG_ALGORITHM,
        /** Signed with a key that is unknown, or has been deleted. */
        UNKNOWN_KEY,
        WRONG_SIGNATURE,
        /** A claim is missing, of the wrong type or out of bounds. */
        INVALID_CLAIM,
        EXPIRED,
        /** Issued, or to count, in the future by more than clocks may differ. */
        NOT_YET_VALID,
        /** Made to live longer than any token may. */
        LIVES_TOO_LONG,
        /** For a stage of another account or region, or for two stages at once. */
        WRONG_STAGE,
        /** For a stage that is not there, or no more. */
        STAGE_NOT_FOUND,
        /** Its participant has been disconnected for good. */
        DISCONNECTED,
        /** Its participant id belongs to another token. */
        DUPLICATE_PARTICIPANT
    }
}
