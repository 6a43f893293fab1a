package dev.understudy.control.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp521r1"})
    void refusesAnotherCurve(String curve) throws Exception {
        assertThat(control.call("ImportPublicKey", request(TokensTest.pem(TokensTest.keyPair(curve)))))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'publicKeyMaterial' failed"
                        + " to satisfy constraint: Member must be an ECDSA public key on the curve P-384 in PEM");
    }

    @Test
    void refusesWhatIsNoKey() {
        assertThat(control.call(
                        "ImportPublicKey", request("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")))
                .startsWith("400 ValidationException: 1 validation error detected: Value at 'publicKeyMaterial'");
    }
}
