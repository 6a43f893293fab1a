package dev.understudy.protocol.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** RFC 7714 sections 16.1.1, 16.1.2, 17.1 and 17.2, which give session keys. */
class GcmCipherTest {
    private static final HexFormat HEX = HexFormat.of();

    private static final SessionKeys KEYS = new SessionKeys(
            HEX.parseHex("000102030405060708090a0b0c0d0e0f"), new byte[0], HEX.parseHex("517569642070726f2071756f"));

    private static final String RTP = "8040f17b8041f8d35501a0b2"
            + "47616c6c696120657374206f6d6e697320646976697361"
            + "20696e207061727465732074726573";
    private static final String SRTP = "8040f17b8041f8d35501a0b2"
            + "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
            + "899d7f27beb16a9152cf765ee4390cce";

    private static final String RTCP = "81c8000d4d617273"
            + "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
    private static final String SRTCP = "81c8000d4d617273"
            + "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa458"
            + "96cf4d2fc5abf87245d9eade800005d4";

    private final GcmCipher cipher = new GcmCipher(KEYS);

    @Test
    void protectsRtpAsInRfc7714() {
        ByteBuffer packet = buffer(RTP);

        new SrtpSender(SrtpProfile.AEAD_AES_128_GCM, KEYS, KEYS).protectRtp(packet);

        assertThat(hex(packet)).isEqualTo(SRTP);
    }

    @Test
    void opensRtpAsInRfc7714() {
        ByteBuffer packet = buffer(SRTP);

        assertThat(new SrtpReceiver(SrtpProfile.AEAD_AES_128_GCM, KEYS, KEYS).unprotectRtp(packet))
                .isTrue();
        assertThat(hex(packet)).isEqualTo(RTP);
    }

    @Test
    void protectsRtcpAsInRfc7714() {
        byte[] packet = HEX.parseHex(RTCP + "00".repeat(SrtpSender.MAX_OVERHEAD_BYTES));

        int length = cipher.protectRtcp(packet, RTCP.length() / 2, 0x4d617273, 0x5d4);

        assertThat(HEX.formatHex(packet, 0, length)).isEqualTo(SRTCP);
    }

    @Test
    void opensRtcpAsInRfc7714() {
        ByteBuffer packet = buffer(SRTCP);

        assertThat(new SrtpReceiver(SrtpProfile.AEAD_AES_128_GCM, KEYS, KEYS).unprotectRtcp(packet))
                .isTrue();
        assertThat(hex(packet)).isEqualTo(RTCP);
    }

    private static ByteBuffer buffer(String hex) {
        byte[] bytes = HEX.parseHex(hex);
        return ByteBuffer.allocate(bytes.length + SrtpSender.MAX_OVERHEAD_BYTES)
                .put(bytes)
                .flip();
    }

    private static String hex(ByteBuffer packet) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(packet.position(), bytes);
        return HEX.formatHex(bytes);
    }
}
