package dev.understudy.protocol.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SessionKeysTest {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private static final byte[] MASTER_KEY = HEX.parseHex("E1F97A0D3E018BE0D64FA32C06DE4139");
    private static final byte[] MASTER_SALT = HEX.parseHex("0EC675AD498AFEEBB6960B3AABE6");

    /** RFC 3711 appendix B.3. */
    @Test
    void areDerivedAsInRfc3711() {
        SessionKeys keys = SessionKeys.derive(
                SrtpProfile.AES128_CM_HMAC_SHA1_80, new SrtpKeys(MASTER_KEY, MASTER_SALT), SessionKeys.Use.RTP);

        assertThat(HEX.formatHex(keys.encryption())).isEqualTo("C61E7A93744F39EE10734AFE3FF7A087");
        assertThat(HEX.formatHex(keys.salt())).isEqualTo("30CBBC08863D8C85D49DB34A9AE1");
        assertThat(HEX.formatHex(SessionKeys.derive(MASTER_KEY, MASTER_SALT, 1, 94)))
                .isEqualTo("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"
                        + "8F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC25"
                        + "6D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2");
        assertThat(keys.authentication()).startsWith(0xCE, 0xBE, 0x32, 0x1F).hasSize(20);
    }

    /** RFC 3711 appendix B.2. */
    @Test
    void makeTheKeystreamOfRfc3711() {
        var aes = new AesCounter(HEX.parseHex("2B7E151628AED2A6ABF7158809CF4F3C"));
        byte[] iv = HEX.parseHex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000");
        byte[] keystream = new byte[48];

        aes.apply(iv, keystream, 0, keystream.length);

        assertThat(HEX.formatHex(keystream))
                .isEqualTo("E03EAD0935C95E80E166B16DD92B4EB4"
                        + "D23513162B02D0F72A43A2FE4A5F97AB"
                        + "41E95B3BB0A2E8DD477901E4FCA894C0");
    }

    @Test
    void keepRtcpApartFromRtp() {
        var keys = new SrtpKeys(MASTER_KEY, MASTER_SALT);

        SessionKeys rtp = SessionKeys.derive(SrtpProfile.AES128_CM_HMAC_SHA1_80, keys, SessionKeys.Use.RTP);
        SessionKeys rtcp = SessionKeys.derive(SrtpProfile.AES128_CM_HMAC_SHA1_80, keys, SessionKeys.Use.RTCP);

        assertThat(rtcp.encryption()).isNotEqualTo(rtp.encryption());
        assertThat(rtcp.salt()).isNotEqualTo(rtp.salt());
        assertThat(rtcp.authentication()).isNotEqualTo(rtp.authentication());
    }

    @Test
    void needTheProfilesOwnSizes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SrtpReceiver(SrtpProfile.AEAD_AES_128_GCM, new SrtpKeys(MASTER_KEY, MASTER_SALT)))
                .withMessage("key of 16 and salt of 14 bytes for AEAD_AES_128_GCM");
    }
}
