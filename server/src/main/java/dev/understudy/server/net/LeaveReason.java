package dev.understudy.server.net;

/** Why a publisher's session has ended. */
public enum LeaveReason {
    /** Its client asked for it (DELETE). */
    DELETED,
    /** Its client closed the DTLS association. */
    CLOSED,
    /** Nothing authentic came from it for 15 s. */
    SILENT,
    /** There were too many sessions already. */
    NO_ROOM,
    /** It did not finish ICE and DTLS within 30 s. */
    NEVER_CONNECTED,
    /** The handshake broke, or its certificate is not the one that its offer names. */
    HANDSHAKE_FAILED,
    /** The same participant has come again. */
    REPLACED,
    /** The participant was disconnected, or its stage deleted. */
    DISCONNECTED,
    /** This server shuts down. */
    SHUTDOWN,
    /** A fault of this server's, which its log tells. */
    FAULT
}
