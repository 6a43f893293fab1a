package dev.understudy.protocol.sdp;

/** Who begins the DTLS handshake (RFC 4145 section 4, RFC 8842). */
public enum Setup {
    /** The one that says so is the DTLS client. */
    ACTIVE,
    /** The one that says so is the DTLS server. */
    PASSIVE;

    /** As it stands in {@code a=setup}. */
    public String value() {
        return this == ACTIVE ? "active" : "passive";
    }
}
