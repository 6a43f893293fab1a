package dev.understudy.protocol.dtls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
    /** FIPS 180-2 appendix B.1. */
    private static final String SHA256_OF_ABC = "sha-256 BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:"
            + "B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";

    private static final byte[] ABC = "abc".getBytes(US_ASCII);

    @Test
    void isWrittenAsInSdp() {
        assertThat(Fingerprint.sha256(ABC)).hasToString(SHA256_OF_ABC);
    }

    @Test
    void isReadInAnyCase() {
        Fingerprint expected = Fingerprint.sha256(ABC);

        assertThat(Fingerprint.parse(SHA256_OF_ABC)).isEqualTo(expected);
        assertThat(Fingerprint.parse(" SHA-256  " + expected.digest().toLowerCase(java.util.Locale.ROOT) + "\r\n"))
                .isEqualTo(expected);
    }

    @Test
    void matchesItsCertificateOnly() {
        Fingerprint fingerprint = Objects.requireNonNull(Fingerprint.parse(SHA256_OF_ABC));

        assertThat(fingerprint.matches(ABC)).isTrue();
        assertThat(fingerprint.matches("abd".getBytes(US_ASCII))).isFalse();
    }

    @Test
    void knowsLongerHashesToo() {
        String zeros = "00:".repeat(47) + "00";

        assertThat(Objects.requireNonNull(Fingerprint.parse("sha-384 " + zeros)).matches(ABC))
                .isFalse();
        assertThat(Fingerprint.parse("sha-512 " + zeros)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha-256",
                "sha-256 ",
                "sha-256 BA:78",
                "md5 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00",
                "sha-1 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00",
                "sha-256 BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AG",
                "sha-256 BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15-AD",
                "sha-256 BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD x",
            })
    void rejects(String value) {
        assertThat(Fingerprint.parse(value)).isNull();
    }

    @Test
    void cannotBeMadeWrong() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Fingerprint("sha-256", "AB:CD"));
    }

    @RepeatedTest(200)
    void neverThrowsOnHostileText(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        char[] text = SHA256_OF_ABC.toCharArray();
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            text[random.nextInt(text.length)] = (char) random.nextInt(0, 400);
        }

        Fingerprint fingerprint = Fingerprint.parse(new String(text));

        assertThat(fingerprint == null || fingerprint.digest().length() == 95).isTrue();
    }
}
