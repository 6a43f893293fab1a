package dev.understudy.protocol.rtp;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Bytes as tests write them: hex digits with any spaces. */
final class Hex {
    private Hex() {}

    static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }

    static String of(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }
}
