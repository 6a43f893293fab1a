package dev.understudy.protocol.sdp;

/** Thrown for a session description that cannot be used; the message says what is wrong and is shown to the client. */
public final class SdpException extends Exception {
    private final Reason reason;

    /** What it is about, for those who report it by a code. */
    public enum Reason {
        /** The text is not a session description, or breaks its rules. */
        MALFORMED,
        /** Nothing that is offered as video can be received. */
        VIDEO_CODEC,
        /** Nothing that is offered as audio can be received. */
        AUDIO_CODEC,
        /** ICE, DTLS or BUNDLE as they are needed here are not offered. */
        TRANSPORT
    }

    SdpException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
