package dev.understudy.protocol.stun;

/** Why a binding request is refused (RFC 8489 section 14.8, RFC 8445 section 7.3.1.1). */
enum StunError {
    BAD_REQUEST(400, "Bad Request"),
    UNAUTHENTICATED(401, "Unauthenticated"),
    UNKNOWN_ATTRIBUTE(420, "Unknown Attribute"),
    ROLE_CONFLICT(487, "Role Conflict");

    final int code;
    final String reason;

    StunError(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }
}
