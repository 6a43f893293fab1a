package dev.understudy.server.http;

import java.util.Map;

/** Who may publish. Blocks as long as it must; called by the request's own thread. Thread-safe. */
public interface Admission {
    /**
     * Checks a participant's token and lets the participant join its stage.
     *
     * @param bearerToken as it was sent, of any length and content
     */
    Admitted admit(String bearerToken, ClientInfo client) throws Refused;

    /**
     * Checks the token of a participant whose offer no media can come of, and keeps that as the participant's error.
     *
     * @param why can be shown
     */
    default void cannotPublish(String bearerToken, ClientInfo client, Fault fault, String why) throws Refused {}

    /**
     * Whether a participant who was let in a moment ago may still publish: neither its stage was deleted nor it was
     * disconnected since then. Asked once its session is there, so that from then on whoever ends those finds it.
     *
     * @param bearerToken that it was admitted with
     */
    default boolean isStillAdmitted(Admitted admitted, String bearerToken) {
        return true;
    }

    /** Takes an admission back: no session came of it, so there is none whose end will be told. */
    default void withdrawn(Admitted admitted) {}

    /** What is wrong with an offer. */
    enum Fault {
        VIDEO_CODEC,
        AUDIO_CODEC
    }

    /** Where a request comes from, as far as it says. */
    record ClientInfo(String address, String userAgent) {}

    /** Who the token speaks of. The participant has joined, and leaves with its session or when withdrawn. */
    record Admitted(String stageArn, String participantId, String userId, Map<String, String> attributes) {
        public Admitted {
            attributes = Map.copyOf(attributes);
        }
    }

    /** Thrown for a participant that may not publish; the message says why and is shown to the client. */
    final class Refused extends Exception {
        private final Kind kind;

        /** What is wrong with the token. */
        public enum Kind {
            /** Not a token, or not signed by a key that is known. */
            INVALID,
            EXPIRED,
            /** Genuine, but of another stage, or of one that is no more. */
            WRONG_STAGE,
            /** Genuine, but it does not permit to publish, or no longer. */
            NOT_PERMITTED,
            /** Genuine, but the stage has all the publishers that it may have. */
            CROWDED
        }

        public Refused(Kind kind, String message) {
            super(message);
            this.kind = kind;
        }

        public Kind kind() {
            return kind;
        }
    }
}
