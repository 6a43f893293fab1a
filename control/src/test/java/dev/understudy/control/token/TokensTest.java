package dev.understudy.control.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.understudy.control.Control;
import dev.understudy.control.api.Hashes;
import dev.understudy.control.token.Verdict.Accepted;
import dev.understudy.control.token.Verdict.Reason;
import dev.understudy.control.token.Verdict.Refused;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:";
    private static final String STAGE = ARN + "stage/AAAAAAAAAAAA";

    @TempDir
    private Path directory;

    private Control control;
    private byte[] nodeKey;

    @BeforeEach
    void open() {
        control = new Control(directory);
        nodeKey =
                NodeKey.load(directory.resolve("node.key"), new SecureRandom()).derive("participant token");
        control.ask("CreateStage", "{}");
    }

    @AfterEach
    void close() {
        control.close();
    }

    private Verdict verify(String token) {
        return control.api.tokens().verify(token, control.now());
    }

    private Reason refusal(String token) {
        return ((Refused) verify(token)).reason();
    }

    private String made(String request) {
        return control.ask("CreateParticipantToken", "{'stageArn': '" + STAGE + "'" + request + "}")
                .at("/participantToken/token")
                .stringValue();
    }

    private Map<String, Object> claims() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iat", control.now().getEpochSecond());
        claims.put("exp", control.now().plusSeconds(60).getEpochSecond());
        claims.put("jti", "alice-1");
        claims.put("resource", STAGE);
        claims.put("topic", "AAAAAAAAAAAA");
        claims.put("events_url", "wss://example.org:8443/events");
        claims.put("whip_url", "https://example.org:8443/whip");
        claims.put("user_id", "alice");
        claims.put("attributes", Map.of("k", "v"));
        claims.put("capabilities", Map.of("allow_publish", true, "allow_subscribe", false));
        claims.put("version", "1.0");
        return claims;
    }

    private String signed(Map<String, ?> header, Map<String, ?> claims) {
        return Jwt.write(header, claims, signed -> Hashes.hmac(nodeKey, signed));
    }

    private String signed(Map<String, ?> claims) {
        return signed(Map.of("alg", "HS256", "typ", "JWT"), claims);
    }

    @Test
    void acceptsWhatItHasMade() {
        String token = made(", 'userId': 'bob', 'attributes': {'role': 'host'}, 'capabilities': ['SUBSCRIBE']");

        assertThat(((Accepted) verify(token)).claims())
                .isEqualTo(new ParticipantClaims(
                        "BBBBBBBBBBBB",
                        STAGE,
                        "bob",
                        Map.of("role", "host"),
                        false,
                        true,
                        Instant.parse("2026-11-01T10:30:00Z"),
                        Instant.parse("2026-11-01T22:30:00Z"),
                        "https://example.org:8443/whip",
                        "wss://example.org:8443/events",
                        ""));
    }

    /** What a request may ask for, at its bounds. */
    static Stream<Arguments> longest() {
        String emoji = "'userId': '" + "😀".repeat(128) + "'";
        String escapes = "'userId': '" + "\\u0001".repeat(128) + "'";
        String oneValue = "'attributes': {'k': '" + "\\u0001".repeat(1_023) + "'}";
        String quotes = "'attributes': {'k': '" + "\\\\".repeat(1_023) + "'}";
        return Stream.of(
                arguments("a user id beyond the first plane", emoji),
                arguments("a user id of escapes", escapes),
                arguments("a value of escapes", oneValue),
                arguments("a value of backslashes", quotes),
                arguments("all at once", escapes + ", " + shortNames() + ", 'duration': 20160"));
    }

    /** 1,024 bytes, made as long in a token as they can be: empty attributes with names of one or two escapes. */
    private static String shortNames() {
        Stream<String> ofOne = IntStream.range(0, 32).mapToObj(TokensTest::escape);
        Stream<String> ofTwo = IntStream.range(0, 496).mapToObj(i -> escape(i / 16) + escape(14 + i % 16));
        return Stream.concat(ofOne, ofTwo)
                .map(name -> "'" + name + "': ''")
                .collect(Collectors.joining(", ", "'attributes': {", "}"));
    }

    private static String escape(int character) {
        return String.format("\\u%04x", character);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("longest")
    void acceptsTheLongestThatItMakes(String name, String request) {
        String token = made(", " + request);

        assertThat(token).as(name).hasSizeLessThanOrEqualTo(Jwt.MAX_CHARS);
        assertThat(verify(token)).as(name).isInstanceOf(Accepted.class);
    }

    @Test
    void keepsTheOrderOfAttributes() {
        String token = made(", 'attributes': {'z': '1', 'y': '2', 'x': '3', 'a': '4', 'b': '5'}");

        assertThat(((Accepted) verify(token)).claims().attributes().keySet()).containsExactly("z", "y", "x", "a", "b");
    }

    @Test
    void carriesTheClaimsThatTheServiceDocuments() {
        String[] parts = made("").split("\\.", -1);

        assertThat(decoded(parts[0])).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
        assertThat(Control.json(decoded(parts[1]))).isEqualTo(Control.json("""
                        {'exp': 1793572200, 'iat': 1793529000, 'jti': 'BBBBBBBBBBBB',
                         'resource': 'arn:aws:ivs:us-east-1:123456789012:stage/AAAAAAAAAAAA', 'topic': 'AAAAAAAAAAAA',
                         'events_url': 'wss://example.org:8443/events', 'whip_url': 'https://example.org:8443/whip',
                         'attributes': {}, 'capabilities': {'allow_publish': true, 'allow_subscribe': true},
                         'version': '1.0'}"""));
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    @Test
    void countsAfterARestart() {
        String token = made("");
        control.close();
        control = new Control(directory);

        assertThat(verify(token)).isInstanceOf(Accepted.class);
    }

    @Test
    void countsUntilTheSecondInWhichItExpires() {
        String token = made(", 'duration': 1");

        control.pass(Duration.ofMillis(59_999));
        assertThat(verify(token)).isInstanceOf(Accepted.class);
        control.pass(Duration.ofMillis(1));
        assertThat(refusal(token)).isEqualTo(Reason.EXPIRED);
    }

    /** A change of the genuine claims, and what becomes of it. */
    static Stream<Arguments> changedClaims() {
        long now = Instant.parse("2026-11-01T10:30:00Z").getEpochSecond();
        return Stream.of(
                change("expires now", "exp", now, Reason.EXPIRED),
                change("issued within the skew of clocks", "iat", now + 300, null),
                change("issued in the future", "iat", now + 301, Reason.NOT_YET_VALID),
                change("lives 14 days", "exp", now + 14 * 86_400, null),
                change("lives longer", "exp", now + 14 * 86_400 + 1, Reason.LIVES_TOO_LONG),
                change("without exp", "exp", null, Reason.INVALID_CLAIM),
                change("exp as text", "exp", "1793529000", Reason.INVALID_CLAIM),
                change("exp with a fraction", "exp", now + 0.5, Reason.INVALID_CLAIM),
                change("exp beyond all time", "exp", Long.MAX_VALUE, Reason.INVALID_CLAIM),
                change("exp beyond 64 bits", "exp", new BigInteger("9".repeat(30)), Reason.INVALID_CLAIM),
                change("counts from now on", "nbf", now, null),
                change("counts within the skew of clocks", "nbf", now + 300, null),
                change("counts later", "nbf", now + 301, Reason.NOT_YET_VALID),
                change("nbf as text", "nbf", "now", Reason.INVALID_CLAIM),
                change("without nbf", "nbf", null, null),
                change("without iat", "iat", null, Reason.INVALID_CLAIM),
                change("iat before all time", "iat", Long.MIN_VALUE, Reason.INVALID_CLAIM),
                change("without jti", "jti", null, Reason.INVALID_CLAIM),
                change("empty jti", "jti", "", Reason.INVALID_CLAIM),
                change("jti of 64", "jti", "x".repeat(64), null),
                change("jti of 65", "jti", "x".repeat(65), Reason.INVALID_CLAIM),
                change("jti with a slash", "jti", "a/b", Reason.INVALID_CLAIM),
                change("user_id of 128", "user_id", "x".repeat(128), null),
                change("user_id of 129", "user_id", "x".repeat(129), Reason.INVALID_CLAIM),
                change("user_id of 128 beyond the first plane", "user_id", "😀".repeat(128), null),
                change("user_id of 129 beyond it", "user_id", "😀".repeat(129), Reason.INVALID_CLAIM),
                change("without user_id", "user_id", null, null),
                change("without attributes", "attributes", null, null),
                change("attributes of 1024 bytes", "attributes", Map.of("k", "x".repeat(1_023)), null),
                change("attributes of 1025 bytes", "attributes", Map.of("k", "x".repeat(1_024)), Reason.INVALID_CLAIM),
                change("1026 bytes of 515 letters", "attributes", Map.of("kk", "ü".repeat(512)), Reason.INVALID_CLAIM),
                change("attributes that are no strings", "attributes", Map.of("k", 1), Reason.INVALID_CLAIM),
                change("attributes that are no object", "attributes", "k", Reason.INVALID_CLAIM),
                change("without capabilities", "capabilities", null, Reason.INVALID_CLAIM),
                change("no capability", "capabilities", Map.of(), Reason.INVALID_CLAIM),
                change("capability as text", "capabilities", Map.of("allow_publish", "true"), Reason.INVALID_CLAIM),
                change("subscribe only", "capabilities", Map.of("allow_subscribe", true), null),
                change("whip_url too long", "whip_url", "x".repeat(2_049), Reason.INVALID_CLAIM),
                change("other whip_url", "whip_url", "https://old.example.org/whip", null),
                change("without resource", "resource", null, Reason.INVALID_CLAIM),
                change("topic of another stage", "topic", "BBBBBBBBBBBB", Reason.WRONG_STAGE),
                change("resource of another stage", "resource", ARN + "stage/x", Reason.WRONG_STAGE));
    }

    private static Arguments change(String name, String claim, Object value, Reason expected) {
        return arguments(name, claim, value, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changedClaims")
    void checksEveryClaim(String name, String claim, Object value, Reason expected) {
        Map<String, Object> claims = claims();
        claims.put(claim, value);

        Verdict verdict = verify(signed(claims));

        if (expected == null) {
            assertThat(verdict).as(name).isInstanceOf(Accepted.class);
        } else {
            assertThat(verdict).as(name).isInstanceOf(Refused.class);
            assertThat(((Refused) verdict).reason()).as(name).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "another region, arn:aws:ivs:eu-west-1:123456789012:stage/AAAAAAAAAAAA, WRONG_STAGE",
        "another account, arn:aws:ivs:us-east-1:999999999999:stage/AAAAAAAAAAAA, WRONG_STAGE",
        "no stage at all, arn:aws:ivs:us-east-1:123456789012:channel/AAAAAAAAAAAA, WRONG_STAGE",
        "no ARN, xx/AAAAAAAAAAAA, WRONG_STAGE",
        "a stage that is not there, arn:aws:ivs:us-east-1:123456789012:stage/Zz, STAGE_NOT_FOUND",
    })
    void checksTheStage(String name, String resource, Reason expected) {
        Map<String, Object> claims = claims();
        claims.put("resource", resource);
        claims.put("topic", resource.substring(resource.indexOf('/') + 1));

        assertThat(refusal(signed(claims))).as(name).isEqualTo(expected);
    }

    @Test
    void refusesATokenOfADeletedStage() {
        String token = made("");
        control.ask("DeleteStage", "{'arn': '" + STAGE + "'}");

        assertThat(refusal(token)).isEqualTo(Reason.STAGE_NOT_FOUND);
    }

    @Test
    void refusesATokenOfSomebodyDisconnected() {
        String token = made("");
        control.ask("DisconnectParticipant", "{'stageArn': '" + STAGE + "', 'participantId': 'BBBBBBBBBBBB'}");

        assertThat(refusal(token)).isEqualTo(Reason.DISCONNECTED);
        assertThat(verify(made(""))).isInstanceOf(Accepted.class);
        assertThat(control.planes).containsExactly("disconnect " + STAGE + " BBBBBBBBBBBB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "", "HS384", "HS512", "RS256", "ES256", "ES384", "KMS"})
    void refusesAnyOtherAlgorithmUnderItsOwnKey(String algorithm) {
        assertThat(refusal(signed(Map.of("alg", algorithm), claims()))).isEqualTo(Reason.WRONG_ALGORITHM);
    }

    @Test
    void refusesATokenWithoutAlgorithmOrSignature() {
        String token = signed(claims());
        String unsigned = token.substring(0, token.lastIndexOf('.') + 1);

        assertThat(refusal(signed(Map.of("typ", "JWT"), claims()))).isEqualTo(Reason.WRONG_ALGORITHM);
        assertThat(refusal(unsigned)).isEqualTo(Reason.WRONG_SIGNATURE);
    }

    @Test
    void refusesExtensionsThatItDoesNotKnow() {
        assertThat(refusal(signed(Map.of("alg", "HS256", "crit", List.of("b64"), "b64", false), claims())))
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void refusesAnotherNodesSignature() {
        UnaryOperator<byte[]> other = signed -> Hashes.hmac(new byte[32], signed);

        assertThat(refusal(Jwt.write(Map.of("alg", "HS256"), claims(), other))).isEqualTo(Reason.WRONG_SIGNATURE);
    }

    @Test
    void refusesEveryChangeOfASignedByte() {
        String token = made("");

        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(verify(token.substring(0, i) + other + token.substring(i + 1)))
                    .as("position " + i)
                    .isInstanceOf(Refused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "==", " ", "\n", "."})
    void refusesAnotherTextOfTheSameToken(String appended) {
        assertThat(refusal(made("") + appended)).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void refusesAClaimGivenTwice() {
        String header = "{\"alg\":\"HS256\"}";
        String claims = "{\"jti\":\"a\",\"jti\":\"b\"}";
        String signed = base64(header) + "." + base64(claims);
        byte[] mac = Hashes.hmac(nodeKey, signed.getBytes(StandardCharsets.US_ASCII));

        assertThat(refusal(
                        signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac)))
                .isEqualTo(Reason.MALFORMED);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(refusal("x".repeat(Jwt.MAX_CHARS + 1))).isEqualTo(Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a.b", "a.b.c.d", "e30.e30", "!.!.!", "W10.e30.", "e30.W10.", "MQ.e30.", "ew.e30."
            })
    void refusesWhatIsNoToken(String token) {
        assertThat(refusal(token)).isIn(Reason.MALFORMED, Reason.WRONG_ALGORITHM);
    }

    @RepeatedTest(500)
    void refusesHostileTextWithoutThrowing(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        StringBuilder token = new StringBuilder(made(""));
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            int at = random.nextInt(token.length());
            switch (random.nextInt(3)) {
                case 0 -> token.setCharAt(at, (char) random.nextInt(0, 300));
                case 1 -> token.setLength(at + 1);
                default -> token.insert(at, random.nextBoolean() ? "." : "eyI");
            }
        }

        assertThat(verify(token.toString())).isNotNull();
    }

    @Test
    void acceptsATokenThatACustomerHasSigned() throws Exception {
        KeyPair pair = keyPair("secp384r1");
        String key = imported(pair);

        assertThat(verify(es384(pair, key))).isInstanceOf(Accepted.class);
        assertThat(refusal(es384(keyPair("secp384r1"), key))).isEqualTo(Reason.WRONG_SIGNATURE);
        assertThat(refusal(es384(pair, ARN + "public-key/other"))).isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(refusal(signed(Map.of("alg", "HS256", "kid", key), claims())))
                .isEqualTo(Reason.WRONG_ALGORITHM);

        control.ask("DeletePublicKey", "{'arn': '" + key + "'}");
        assertThat(refusal(es384(pair, key))).isEqualTo(Reason.UNKNOWN_KEY);
    }

    @Test
    void acceptsATokenOfAKeyImportedInCompressedForm() throws Exception {
        KeyPair pair = keyPair("secp384r1");
        byte[] whole = pair.getPublic().getEncoded();
        byte[] der = HexFormat.of().parseHex("3046301006072a8648ce3d020106052b81040022033200" + "00".repeat(49));
        der[23] = (byte) (2 + (whole[whole.length - 1] & 1));
        System.arraycopy(whole, 24, der, 24, 48);

        assertThat(verify(es384(pair, imported(pem(der))))).isInstanceOf(Accepted.class);
    }

    @Test
    void refusesATokenSignedWithThePublicKeyAsASharedSecret() throws Exception {
        KeyPair pair = keyPair("secp384r1");
        String key = imported(pair);
        byte[] pem = pem(pair).getBytes(StandardCharsets.UTF_8);

        for (byte[] secret : List.of(pem, pair.getPublic().getEncoded())) {
            UnaryOperator<byte[]> mac = signed -> Hashes.hmac(secret, signed);
            assertThat(refusal(Jwt.write(Map.of("alg", "HS256", "kid", key), claims(), mac)))
                    .isEqualTo(Reason.WRONG_ALGORITHM);
            assertThat(refusal(Jwt.write(Map.of("alg", "ES384", "kid", key), claims(), mac)))
                    .isEqualTo(Reason.WRONG_SIGNATURE);
            assertThat(refusal(Jwt.write(Map.of("alg", "HS256"), claims(), mac)))
                    .isEqualTo(Reason.WRONG_SIGNATURE);
        }
    }

    @Test
    void refusesASignatureOfZeros() throws Exception {
        String key = imported(keyPair("secp384r1"));

        assertThat(refusal(Jwt.write(Map.of("alg", "ES384", "kid", key), claims(), _ -> new byte[96])))
                .isEqualTo(Reason.WRONG_SIGNATURE);
    }

    private String imported(KeyPair pair) {
        return imported(pem(pair));
    }

    private String imported(String pem) {
        return control.ask("ImportPublicKey", "{'publicKeyMaterial': '" + pem.replace("\n", "\\n") + "'}")
                .at("/publicKey/arn")
                .stringValue();
    }

    private String es384(KeyPair pair, String kid) {
        return Jwt.write(Map.of("alg", "ES384", "typ", "JWT", "kid", kid), claims(), signed -> {
            try {
                Signature signer = Signature.getInstance("SHA384withECDSAinP1363Format");
                signer.initSign(pair.getPrivate());
                signer.update(signed);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        });
    }

    static KeyPair keyPair(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    static String pem(KeyPair pair) {
        return pem(pair.getPublic().getEncoded());
    }

    private static String pem(byte[] der) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
    }
}
