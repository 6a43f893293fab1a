package dev.understudy.protocol.srtp;

/** The master key and salt of one direction (RFC 3711 section 3.2.1). Immutable; never shown in text. */
public final class SrtpKeys {
    private final byte[] masterKey;
    private final byte[] masterSalt;

    public SrtpKeys(byte[] masterKey, byte[] masterSalt) {
        this.masterKey = masterKey.clone();
        this.masterSalt = masterSalt.clone();
    }

    /** A copy. */
    public byte[] masterKey() {
        return masterKey.clone();
    }

    /** A copy. */
    public byte[] masterSalt() {
        return masterSalt.clone();
    }

    @Override
    public String toString() {
        return "SrtpKeys[" + 8 * masterKey.length + " bits]";
    }
}
