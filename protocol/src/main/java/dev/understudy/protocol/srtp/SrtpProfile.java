package dev.understudy.protocol.srtp;

import org.jspecify.annotations.Nullable;

/** How SRTP protects packets: the two profiles that WebRTC endpoints share (RFC 5764 section 4.1.2, RFC 7714). */
public enum SrtpProfile {
    /** AES in counter mode, with 80 bits of HMAC-SHA1 (RFC 3711). */
    AES128_CM_HMAC_SHA1_80(1, 14, 10),
    /** AES in Galois/counter mode, with its full tag of 128 bits (RFC 7714). */
    AEAD_AES_128_GCM(7, 12, 16);

    private final int id;
    private final int masterSaltBytes;
    private final int tagBytes;

    SrtpProfile(int id, int masterSaltBytes, int tagBytes) {
        this.id = id;
        this.masterSaltBytes = masterSaltBytes;
        this.tagBytes = tagBytes;
    }

    /** The profile with this use_srtp number; null when we have none such. */
    public static @Nullable SrtpProfile of(int id) {
        for (SrtpProfile profile : values()) {
            if (profile.id == id) {
                return profile;
            }
        }
        return null;
    }

    /** Its number in the use_srtp extension. */
    public int id() {
        return id;
    }

    public int masterKeyBytes() {
        return 16;
    }

    public int masterSaltBytes() {
        return masterSaltBytes;
    }

    /** What the authentication tag adds to each packet. */
    public int tagBytes() {
        return tagBytes;
    }
}
