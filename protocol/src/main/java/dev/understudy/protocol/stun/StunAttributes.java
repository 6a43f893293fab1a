package dev.understudy.protocol.stun;

/** The STUN types that ICE uses, as registered with IANA (RFC 8489 section 18, RFC 8445 section 20.1). */
final class StunAttributes {
    static final int HEADER_BYTES = 20;
    static final int MAGIC_COOKIE = 0x2112A442;
    static final int TRANSACTION_ID_BYTES = 12;

    static final int MAPPED_ADDRESS = 0x0001;
    static final int USERNAME = 0x0006;
    static final int MESSAGE_INTEGRITY = 0x0008;
    static final int ERROR_CODE = 0x0009;
    static final int UNKNOWN_ATTRIBUTES = 0x000A;
    static final int REALM = 0x0014;
    static final int NONCE = 0x0015;
    static final int MESSAGE_INTEGRITY_SHA256 = 0x001C;
    static final int XOR_MAPPED_ADDRESS = 0x0020;
    static final int PRIORITY = 0x0024;
    static final int USE_CANDIDATE = 0x0025;
    static final int FINGERPRINT = 0x8028;
    static final int ICE_CONTROLLED = 0x8029;
    static final int ICE_CONTROLLING = 0x802A;

    static final int MESSAGE_INTEGRITY_BYTES = 20;
    static final int FINGERPRINT_BYTES = 4;

    /** "STUN" in ASCII, so that a fingerprint differs from any other CRC-32 (RFC 8489 section 14.7). */
    static final int FINGERPRINT_XOR = 0x5354554E;

    private StunAttributes() {}

    /** Whether a message with this type may only be processed by who understands it (RFC 8489 section 14). */
    static boolean isRequired(int type) {
        return type < 0x8000;
    }

    static boolean isKnown(int type) {
        return switch (type) {
            case MAPPED_ADDRESS,
                    USERNAME,
                    MESSAGE_INTEGRITY,
                    ERROR_CODE,
                    UNKNOWN_ATTRIBUTES,
                    REALM,
                    NONCE,
                    MESSAGE_INTEGRITY_SHA256,
                    XOR_MAPPED_ADDRESS,
                    PRIORITY,
                    USE_CANDIDATE,
                    FINGERPRINT,
                    ICE_CONTROLLED,
                    ICE_CONTROLLING -> true;
            default -> false;
        };
    }
}
