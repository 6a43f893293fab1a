package dev.understudy.server.net;

/** Why a datagram was dropped. */
public enum DropReason {
    /** Neither STUN nor DTLS, RTP or RTCP. */
    UNKNOWN_KIND,
    /** STUN that is no connectivity check of a session of ours. */
    STUN_UNKNOWN,
    /** A connectivity check that does not know the password. */
    STUN_UNAUTHENTICATED,
    /** A connectivity check over a path on which another session is being heard. */
    PATH_TAKEN,
    /** DTLS, RTP or RTCP from an address that no connectivity check has validated. */
    UNVALIDATED_PATH,
    /** RTP or RTCP before the handshake was done. */
    NOT_CONNECTED,
    /** RTP or RTCP that is forged, replayed or too old. */
    SRTP_REFUSED
}
