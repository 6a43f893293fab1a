package dev.understudy.control.token;

import dev.understudy.control.api.Hashes;
import dev.understudy.control.credential.PrivateFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The secret of an installation: 32 random bytes in a file that only its owner can read, from which a key for each
 * purpose is derived.
 *
 * <p>Immutable. Losing the file makes every token and page token made with it void, and nothing else.
 */
public final class NodeKey {
    private static final int BYTES = 32;
    private static final HexFormat HEX = HexFormat.of();

    private final byte[] secret;

    private NodeKey(byte[] secret) {
        this.secret = secret;
    }

    /**
     * Reads the key in {@code file}, made at the first start.
     *
     * @throws IllegalStateException when others can read the file, or it holds no key
     */
    public static NodeKey load(Path file, RandomGenerator secureRandom) {
        if (Files.notExists(file)) {
            byte[] secret = new byte[BYTES];
            secureRandom.nextBytes(secret);
            PrivateFile.create(file, HEX.formatHex(secret) + "\n");
        }
        String text = PrivateFile.read(file).strip();
        if (text.length() != 2 * BYTES || !text.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalStateException(file + " holds no key of " + BYTES + " bytes in hexadecimal");
        }
        return new NodeKey(HEX.parseHex(text));
    }

    /** A key of 32 bytes for one purpose; to know it tells nothing about any other. */
    public byte[] derive(String purpose) {
        return Hashes.hmac(secret, purpose);
    }

    @Override
    public String toString() {
        return "NodeKey";
    }
}
