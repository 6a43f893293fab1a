package dev.understudy.protocol.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.understudy.protocol.srtp.SrtpProfile;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SrtpKeyingMaterialTest {
    /** RFC 5764 section 4.2: both keys, then both salts, the client's before the server's. */
    @ParameterizedTest
    @CsvSource({"AES128_CM_HMAC_SHA1_80, 14, 60", "AEAD_AES_128_GCM, 12, 56"})
    void splitsKeysBeforeSalts(SrtpProfile profile, int saltBytes, int exportedBytes) {
        byte[] exported = new byte[exportedBytes];
        for (int i = 0; i < exportedBytes; i++) {
            exported[i] = (byte) i;
        }

        SrtpKeyingMaterial keys = SrtpKeyingMaterial.split(profile, exported);

        assertThat(SrtpKeyingMaterial.bytes(profile)).isEqualTo(exportedBytes);
        assertThat(keys.client().masterKey()).isEqualTo(hex(0, 16));
        assertThat(keys.server().masterKey()).isEqualTo(hex(16, 16));
        assertThat(keys.client().masterSalt()).isEqualTo(hex(32, saltBytes));
        assertThat(keys.server().masterSalt()).isEqualTo(hex(32 + saltBytes, saltBytes));
    }

    @Test
    void refusesAnotherLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SrtpKeyingMaterial.split(SrtpProfile.AEAD_AES_128_GCM, new byte[60]));
    }

    @Test
    void showsNoKeyInText() {
        assertThat(SrtpKeyingMaterial.split(SrtpProfile.AEAD_AES_128_GCM, new byte[56]))
                .hasToString("SrtpKeyingMaterial[client=SrtpKeys[128 bits], server=SrtpKeys[128 bits]]");
    }

    private static byte[] hex(int from, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < from + length; i++) {
            text.append(HexFormat.of().toHexDigits((byte) i));
        }
        return HexFormat.of().parseHex(text);
    }
}
