package dev.understudy.protocol.dtls;

import dev.understudy.protocol.srtp.SrtpKeys;
import dev.understudy.protocol.srtp.SrtpProfile;
import java.util.Arrays;

/**
 * The two master keys that a DTLS handshake exports for SRTP (RFC 5764 section 4.2). Immutable.
 *
 * @param client protects what the DTLS client sends
 * @param server protects what the DTLS server sends
 */
public record SrtpKeyingMaterial(SrtpKeys client, SrtpKeys server) {
    /** The label under which DTLS exports them. */
    public static final String EXPORTER_LABEL = "EXTRACTOR-dtls_srtp";

    /** How many bytes to export for {@code profile}. */
    public static int bytes(SrtpProfile profile) {
        return 2 * (profile.masterKeyBytes() + profile.masterSaltBytes());
    }

    /** Splits what was exported: client key, server key, client salt, server salt. */
    public static SrtpKeyingMaterial split(SrtpProfile profile, byte[] exported) {
        if (exported.length != bytes(profile)) {
            throw new IllegalArgumentException(exported.length + " bytes exported for " + profile);
        }
        int key = profile.masterKeyBytes();
        int salt = profile.masterSaltBytes();
        byte[] clientKey = Arrays.copyOfRange(exported, 0, key);
        byte[] serverKey = Arrays.copyOfRange(exported, key, 2 * key);
        byte[] clientSalt = Arrays.copyOfRange(exported, 2 * key, 2 * key + salt);
        byte[] serverSalt = Arrays.copyOfRange(exported, 2 * key + salt, 2 * key + 2 * salt);
        return new SrtpKeyingMaterial(new SrtpKeys(clientKey, clientSalt), new SrtpKeys(serverKey, serverSalt));
    }
}
