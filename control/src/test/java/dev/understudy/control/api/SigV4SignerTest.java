package dev.understudy.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigV4SignerTest {
    private static final Instant AT = Instant.parse("2015-08-30T12:36:00Z");
    private static final AccessKey KEY =
            new AccessKey("AKIDEXAMPLE", "default", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Optional.empty());

    /** Of AWS's own test suite, {@code aws-sig-v4-test-suite}. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "post-vanilla, '', '', 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        "post-x-www-form-urlencoded, application/x-www-form-urlencoded, Param1=value1,"
                + " ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    })
    void makesTheSignatureOf(String name, String contentType, String body, String signature) {
        Map<String, String> headers = contentType.isEmpty() ? Map.of() : Map.of("content-type", contentType);

        Map<String, String> signed = new SigV4Signer(KEY, "us-east-1", "service")
                .post(URI.create("https://example.amazonaws.com/"), headers, body.getBytes(StandardCharsets.UTF_8), AT);

        assertThat(signed.get("authorization")).as(name).endsWith("Signature=" + signature);
    }

    @Test
    void theVerifierAcceptsWhatIsSignedWithATokenAPortAndAPath() {
        var key = new AccessKey("AKID", "default", "secret", Optional.of("token"));
        var verifier = new SigV4Verifier(_ -> Optional.of(key), "eu-west-1", "events", InstantSource.fixed(AT));
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);

        Map<String, List<String>> headers = new HashMap<>();
        new SigV4Signer(key, "eu-west-1", "events")
                .post(URI.create("http://localhost:4566/a%20path"), Map.of("x-amz-target", "T"), body, AT)
                .forEach((name, value) -> headers.put(name, List.of(value)));

        assertThat(headers.get("host")).containsExactly("localhost:4566");
        assertThat(verifier.verify(new Request("POST", "/a%20path", "", headers, body)))
                .isEqualTo(key);
    }
}
