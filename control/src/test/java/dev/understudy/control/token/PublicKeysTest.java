package dev.understudy.control.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.understudy.control.Control;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class PublicKeysTest {
    private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:public-key/AAAAAAAAAAAA";

    /** Made with openssl ecparam -name secp384r1; the fingerprint is openssl's MD5 of the key in DER. */
    private static final String PEM = """
            -----BEGIN PUBLIC KEY-----
            MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAESMBmOtj2oyswymEba4ayh4c2HjdLuh1T
            ZG4nMRy5zH9KbRrefWev9Wma1pCHjhK0uNLee256Mkd4iZtI1ktlKcuaOepHVElj
            SE85OWovlbC6MVgb2vBZLAhpmMTRUNf2
            -----END PUBLIC KEY-----
            """;

    private static final String FINGERPRINT = "28:c5:68:b8:89:d6:c9:ff:63:1a:fe:f2:1c:c5:ac:0f";

    @TempDir
    private Path directory;

    private Control control;

    @BeforeEach
    void open() {
        control = new Control(directory);
    }

    @AfterEach
    void close() {
        control.close();
    }

    private static String request(String pem) {
        return "{'publicKeyMaterial': '" + pem.replace("\n", "\\n") + "'}";
    }

    @Test
    void importPublicKeyEchoesTheKeyAndItsFingerprint() {
        JsonNode answer = control.ask("ImportPublicKey", request(PEM));

        assertThat(answer)
                .isEqualTo(Control.json("{'publicKey': {'arn': '" + ARN + "', 'name': '', 'publicKeyMaterial': '"
                        + PEM.replace("\n", "\\n") + "', 'fingerprint': '" + FINGERPRINT + "', 'tags': {}}}"));
        assertThat(control.ask("GetPublicKey", "{'arn': '" + ARN + "'}")).isEqualTo(answer);
        assertThat(control.ask("ListPublicKeys", "{}"))
                .isEqualTo(Control.json("{'publicKeys': [{'arn': '" + ARN + "', 'name': '', 'tags': {}}]}"));
    }

    @Test
    void oneKeyIsImportedOnce() {
        control.ask("ImportPublicKey", request(PEM));

        assertThat(control.call("ImportPublicKey", request(PEM)))
                .isEqualTo("409 ConflictException: The public key " + FINGERPRINT + " has been imported before");
    }

    @Test
    void anAccountHasThreeKeys() throws Exception {
        for (int i = 0; i < 3; i++) {
            control.ask("ImportPublicKey", request(TokensTest.pem(TokensTest.keyPair("secp384r1"))));
        }

        assertThat(control.call("ImportPublicKey", request(PEM)))
                .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 3 public keys");
    }

    @Test
    void aDeletedKeyIsGone() {
        control.ask("ImportPublicKey", request(PEM));
        control.ask("DeletePublicKey", "{'arn': '" + ARN + "'}");

        String gone = "404 ResourceNotFoundException: Resource: " + ARN + " not found";
        assertThat(control.call("GetPublicKey", "{'arn': '" + ARN + "'}")).isEqualTo(gone);
        assertThat(control.call("DeletePublicKey", "{'arn': '" + ARN + "'}")).isEqualTo(gone);
    }

    /** Made with openssl ec -conv_form compressed; names the same key. */
    @Test
    void takesAKeyWhosePointIsCompressed() {
        String compressed = """
                -----BEGIN PUBLIC KEY-----
                MEYwEAYHKoZIzj0CAQYFK4EEACIDMgACSMBmOtj2oyswymEba4ayh4c2HjdLuh1T
                ZG4nMRy5zH9KbRrefWev9Wma1pCHjhK0
                -----END PUBLIC KEY-----
                """;

        assertThat(control.ask("ImportPublicKey", request(compressed))
                        .at("/publicKey/fingerprint")
                        .stringValue())
                .isEqualTo(FINGERPRINT);
        assertThat(control.call("ImportPublicKey", request(PEM))).startsWith("409 ");
        assertThat(control.call("ImportPublicKey", request(compressed.replace("IDMgAC", "IDMgAD"))))
                .startsWith("200 ");
    }

    @Test
    void readsALongLineBeforeTheKeyOnce() {
        String begin = "-----BEGIN PUBLIC KEY-----";
        String longest = begin + " ".repeat(4_096 - begin.length() - PEM.length()) + PEM;

        assertThat(control.call("ImportPublicKey", request(" " + longest)))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'publicKeyMaterial' failed"
                        + " to satisfy constraint: Member must have length less than or equal to 4096");
        assertThat(control.ask("ImportPublicKey", request(longest))
                        .at("/publicKey/fingerprint")
                        .stringValue())
                .isEqualTo(FINGERPRINT);
    }

    static Stream<Arguments> noKeys() throws GeneralSecurityException {
        String begin = "-----BEGIN PUBLIC KEY-----";
        String end = "-----END PUBLIC KEY-----";
        return Stream.of(
                arguments("on P-256", TokensTest.pem(TokensTest.keyPair("secp256r1"))),
                arguments("on P-521", TokensTest.pem(TokensTest.keyPair("secp521r1"))),
                arguments("of RSA", rsa()),
                arguments("beside the curve", PEM.replace("UNf2", "UNf3")),
                arguments("compressed, with an x that no point has", """
                        -----BEGIN PUBLIC KEY-----
                        MEYwEAYHKoZIzj0CAQYFK4EEACIDMgACSMBmOtj2oyswymEba4ayh4c2HjdLuh1T
                        ZG4nMRy5zH9KbRrefWev9Wma1pCHjhK1
                        -----END PUBLIC KEY-----
                        """),
                arguments("too short", PEM.replace("SE85OWovlbC6MVgb2vBZLAhpmMTRUNf2\n", "")),
                arguments("with bytes after it", PEM.replace("UNf2", "UNf2AAAA")),
                arguments("not DER", begin + "\nAAAA\n" + end),
                arguments("not base64", begin + "\nA\n" + end),
                arguments("empty", begin + end),
                arguments("marks over each other", "-----BEGIN PUBLIC KEY-----END PUBLIC KEY-----"),
                arguments("without an end", PEM.replace("END", "BEGIN")),
                arguments("the wrong way round", end + "\nAAAA\n" + begin),
                arguments("longer than any", " ".repeat(4_097) + PEM),
                arguments("nothing", ""));
    }

    private static String rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return TokensTest.pem(generator.generateKeyPair());
    }

    /** For channels' keys the model has no pattern, so that every text comes as far as the key's own check. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("noKeys")
    void refusesWhatIsNoKeyOnP384(String name, String pem) {
        assertThat(control.call("ImportPlaybackKeyPair", request(pem)))
                .as(name)
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'publicKeyMaterial' failed"
                        + " to satisfy constraint: Member must be an ECDSA public key on the curve P-384 in PEM, of at"
                        + " most 4096 characters");
    }
}
