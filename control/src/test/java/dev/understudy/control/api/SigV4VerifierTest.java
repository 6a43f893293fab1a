package dev.understudy.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.control.api.ApiException.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** The verifier against the SDK's own signer, and against all that is not quite right. */
class SigV4VerifierTest {
    private static final Instant NOW = Calls.NOW;
    private static final String ARN_PATH = "/tags/arn%3Aaws%3Aivs%3Aus-east-1%3A123456789012%3Astage%2FAbCdEfGh1234";
    private static final AccessKey SESSION =
            new AccessKey("ASIASESSION", "default", "session secret", Optional.of("tok/en+1=="));

    private final SigV4Verifier verifier = verifierAt(NOW);

    private static SigV4Verifier verifierAt(Instant now) {
        return new SigV4Verifier(
                id -> Stream.of(Calls.KEY, SESSION)
                        .filter(key -> key.id().equals(id))
                        .findFirst(),
                Calls.REGION,
                InstantSource.fixed(now));
    }

    private static AwsCredentialsIdentity identity(AccessKey key) {
        return key.sessionToken()
                .<AwsCredentialsIdentity>map(
                        token -> AwsSessionCredentialsIdentity.create(key.id(), key.secret(), token))
                .orElseGet(() -> AwsCredentialsIdentity.create(key.id(), key.secret()));
    }

    /** What an SDK would send, signed at {@link #NOW}; presigned where it may be used for {@code validFor}. */
    private static Request sdk(
            AccessKey key, SdkHttpMethod method, String uri, String body, Optional<Duration> validFor) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(method)
                .uri(URI.create("http://localhost:8080" + uri))
                .putHeader("content-type", "application/json")
                .build();
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> {
                    sign.identity(identity(key))
                            .request(request)
                            .payload(ContentStreamProvider.fromUtf8String(body))
                            .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "ivs")
                            .putProperty(AwsV4HttpSigner.REGION_NAME, Calls.REGION)
                            .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC));
                    validFor.ifPresent(
                            duration -> sign.putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                                    .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, duration));
                })
                .request();
        Map<String, List<String>> headers = new HashMap<>();
        signed.forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        return new Request(
                method.name(),
                signed.encodedPath(),
                signed.encodedQueryParameters().orElse(""),
                headers,
                body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(textBlock = """
            POST   | /CreateStage | {"name":"a"} | false | false
            POST   | /CreateStage | ''           | false | true
            GET    | /tags/arn%3Aaws%3Aivs%3Aus-east-1%3A123456789012%3Astage%2FAbCdEfGh1234 | '' | false | false
            DELETE | /tags/arn%3Aaws%3Aivs%3Aus-east-1%3A123456789012%3Astage%2FA?tagKeys=b&tagKeys=a%20b&tagKeys=a%2Bb | '' | false | true
            POST   | /CreateStage | {"name":"a"} | true  | false
            POST   | /CreateStage | {"name":"a"} | true  | true
            GET    | /tags/arn%3Aaws%3Aivs%3Aus-east-1%3A123456789012%3Astage%2FAbCdEfGh1234?x=%C3%A9 | '' | true | true
            """, delimiter = '|')
    void acceptsWhatTheSdkSigns(SdkHttpMethod method, String uri, String body, boolean presigned, boolean session) {
        AccessKey key = session ? SESSION : Calls.KEY;
        Optional<Duration> validFor = presigned ? Optional.of(Duration.ofMinutes(15)) : Optional.empty();

        assertThat(verifier.verify(sdk(key, method, uri, body, validFor))).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "/tags/a:b/c, /tags/a%3Ab/c",
        "/tags/a%3Ab%2fc, /tags/a%253Ab%252fc",
        "/a/./b/../c/, /a/c/",
        "/../.., /",
    })
    void encodesThePathOnceMoreThanItWasSent(String raw, String canonical) {
        assertThat(CanonicalRequest.path(raw)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "b=2&a=1, a=1&b=2",
        "a=2&a=1&a=1, a=1&a=1&a=2",
        "a, a=",
        "a=b+c, a=b%2Bc",
        "a=b%20c&&, a=b%20c",
        "a=%7E%2a, a=~%2A",
        "a=b=c, a=b%3Dc",
        "a=100%, a=100%25",
        "X-Amz-Signature=1&x-amz-signature=2, x-amz-signature=2",
    })
    void writesTheQueryInItsCanonicalForm(String raw, String canonical) {
        assertThat(CanonicalRequest.query(raw)).isEqualTo(canonical);
    }

    /** As {@code curl --aws-sigv4 aws:amz:us-east-1:ivs} sends it: no content hash, content-type signed. */
    @Test
    void acceptsCurlWithoutAContentHash() {
        Request request = Calls.post("/CreateStage", "{}");

        assertThat(request.headers()).doesNotContainKey("x-amz-content-sha256");
        assertThat(verifier.verify(request)).isEqualTo(Calls.KEY);
    }

    static Stream<Arguments> tamperings() {
        return Stream.of(
                tampering("another method", r -> with(r, "PUT", r.rawPath(), r.rawQuery(), r.body())),
                tampering("another path", r -> with(r, r.method(), "/DeleteStage", r.rawQuery(), r.body())),
                tampering("another query", r -> with(r, r.method(), r.rawPath(), r.rawQuery() + "&a=b", r.body())),
                tampering("another body", r -> with(r, r.method(), r.rawPath(), r.rawQuery(), new byte[] {'{', '}'})),
                tampering("no body", r -> with(r, r.method(), r.rawPath(), r.rawQuery(), new byte[0])),
                tampering("another host", r -> header(r, "host", "evil.example")),
                tampering("a changed signed header", r -> header(r, "content-type", "text/plain")),
                tampering("an x-amz header added unsigned", r -> header(r, "x-amz-target", "Delete")),
                tampering("a signed header removed", r -> without(r, "content-type")));
    }

    private static Arguments tampering(String what, UnaryOperator<Request> change) {
        return Arguments.of(what, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tamperings")
    void refusesATamperedRequest(String what, UnaryOperator<Request> change) {
        String body = "{\"name\":\"a\"}";
        Request inHeader = sdk(Calls.KEY, SdkHttpMethod.POST, "/CreateStage?b=c", body, Optional.empty());
        Request inQuery =
                sdk(Calls.KEY, SdkHttpMethod.POST, "/CreateStage?b=c", body, Optional.of(Duration.ofHours(1)));

        assertThat(refusal(verifier, change.apply(inHeader)).kind()).as(what).isEqualTo(Kind.INVALID_SIGNATURE);
        assertThat(refusal(verifier, change.apply(inQuery)).kind()).as(what).isEqualTo(Kind.INVALID_SIGNATURE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            no authorization           | ''  | MISSING_AUTHENTICATION_TOKEN
            another scheme             | Bearer abc | INCOMPLETE_SIGNATURE
            another algorithm          | AWS4-HMAC-SHA1 Credential=K/20261101/us-east-1/ivs/aws4_request, SignedHeaders=host;x-amz-date, Signature=00 | INCOMPLETE_SIGNATURE
            no signature               | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/ivs/aws4_request, SignedHeaders=host;x-amz-date | INCOMPLETE_SIGNATURE
            no signed headers          | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/ivs/aws4_request, Signature=00 | INCOMPLETE_SIGNATURE
            no credential              | AWS4-HMAC-SHA256 SignedHeaders=host;x-amz-date, Signature=00 | INCOMPLETE_SIGNATURE
            credential of four parts   | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/ivs, SignedHeaders=host;x-amz-date, Signature=00 | INCOMPLETE_SIGNATURE
            a part repeated            | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/ivs/aws4_request, SignedHeaders=host;x-amz-date, Signature=00, Signature=00 | INCOMPLETE_SIGNATURE
            headers not sorted         | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/ivs/aws4_request, SignedHeaders=x-amz-date;host, Signature=00 | INCOMPLETE_SIGNATURE
            headers in upper case      | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/ivs/aws4_request, SignedHeaders=Host;x-amz-date, Signature=00 | INCOMPLETE_SIGNATURE
            host not signed            | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/ivs/aws4_request, SignedHeaders=x-amz-date, Signature=00 | INVALID_SIGNATURE
            date not signed            | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/ivs/aws4_request, SignedHeaders=host, Signature=00 | INVALID_SIGNATURE
            an absent header signed    | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/ivs/aws4_request, SignedHeaders=host;x-a;x-amz-date, Signature=00 | INVALID_SIGNATURE
            unknown key                | AWS4-HMAC-SHA256 Credential=NOBODY/20261101/us-east-1/ivs/aws4_request, SignedHeaders=host;x-amz-date, Signature=00 | UNRECOGNIZED_CLIENT
            session key without token  | AWS4-HMAC-SHA256 Credential=ASIASESSION/20261101/us-east-1/ivs/aws4_request, SignedHeaders=host;x-amz-date, Signature=00 | UNRECOGNIZED_CLIENT
            another region             | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/eu-west-1/ivs/aws4_request, SignedHeaders=host;x-amz-date, Signature=00 | INVALID_SIGNATURE
            another service            | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=00 | INVALID_SIGNATURE
            another day                | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261031/us-east-1/ivs/aws4_request, SignedHeaders=host;x-amz-date, Signature=00 | INVALID_SIGNATURE
            a wrong signature          | AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261101/us-east-1/ivs/aws4_request, SignedHeaders=host;x-amz-date, Signature=00 | INVALID_SIGNATURE
            """, delimiter = '|')
    void refusesAnAuthorizationWith(String what, String authorization, Kind kind) {
        Request request = Calls.post("/CreateStage", "{}");
        request = authorization.isEmpty()
                ? without(request, "authorization")
                : header(request, "authorization", authorization);

        assertThat(refusal(verifier, request).kind()).as(what).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "-301, INVALID_SIGNATURE",
        "-300, ''",
        "300, ''",
        "301, INVALID_SIGNATURE",
    })
    void allowsFiveMinutesOfSkew(int seconds, String kind) {
        Request request = Calls.post("/CreateStage", "{}");

        assertThat(outcome(verifierAt(NOW.plusSeconds(seconds)), request)).isEqualTo(kind);
    }

    @ParameterizedTest(name = "valid for {0} s, used after {1} s")
    @CsvSource({
        "60, 60, ''",
        "60, 61, INVALID_SIGNATURE",
        "604800, 604800, ''",
        "604800, 604801, INVALID_SIGNATURE",
        "60, -300, ''",
        "60, -301, INVALID_SIGNATURE",
    })
    void letsAPresignedRequestLiveAsLongAsItSays(int validSeconds, int afterSeconds, String kind) {
        Request request =
                sdk(Calls.KEY, SdkHttpMethod.GET, ARN_PATH, "", Optional.of(Duration.ofSeconds(validSeconds)));

        assertThat(outcome(verifierAt(NOW.plusSeconds(afterSeconds)), request)).isEqualTo(kind);
    }

    @ParameterizedTest(name = "valid for {0} s, used after {1} s")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -    | 301   | Signature expired: 20261101T103000Z is now earlier than 20261101T103001Z (20261101T103501Z - 5 min.)
            90   | 95    | Signature expired: 20261101T103000Z is now earlier than 20261101T103005Z (20261101T103135Z - 90 sec.)
            3600 | 86400 | Signature expired: 20261101T103000Z is now earlier than 20261102T093000Z (20261102T103000Z - 60 min.)
            -    | -301  | Signature not yet current: 20261101T103000Z is still later than 20261101T102959Z (20261101T102459Z + 5 min.)
            """)
    void tellsInTheWordsOfAwsWhenASignatureCounts(@Nullable Integer validSeconds, int afterSeconds, String message) {
        Request request = sdk(
                Calls.KEY,
                SdkHttpMethod.GET,
                ARN_PATH,
                "",
                Optional.ofNullable(validSeconds).map(Duration::ofSeconds));

        assertThat(refusal(verifierAt(NOW.plusSeconds(afterSeconds)), request)).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "604801", "-1", "1.5", "", "9999999"})
    void refusesAnExpiryOutOfRange(String expires) {
        Request request = sdk(Calls.KEY, SdkHttpMethod.GET, ARN_PATH, "", Optional.of(Duration.ofSeconds(77)));
        String query = request.rawQuery().replace("X-Amz-Expires=77", "X-Amz-Expires=" + expires);

        Request changed = with(request, "GET", ARN_PATH, query, new byte[0]);

        assertThat(outcome(verifier, changed)).isEqualTo("INCOMPLETE_SIGNATURE");
    }

    @Test
    void refusesBothFormsTogether() {
        Request inQuery = sdk(Calls.KEY, SdkHttpMethod.GET, ARN_PATH, "", Optional.of(Duration.ofMinutes(1)));
        Request inHeader = sdk(Calls.KEY, SdkHttpMethod.GET, ARN_PATH, "", Optional.empty());

        Request both = with(inHeader, "GET", ARN_PATH, inQuery.rawQuery(), new byte[0]);

        assertThat(outcome(verifier, both)).isEqualTo("INCOMPLETE_SIGNATURE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"})
    void refusesAPayloadThatIsNotSigned(String claim) {
        Request signed = sdk(Calls.KEY, SdkHttpMethod.POST, "/CreateStage", "{}", Optional.empty());

        ApiException refusal = refusal(verifier, header(signed, "x-amz-content-sha256", claim));

        assertThat(refusal.kind()).isEqualTo(Kind.INVALID_SIGNATURE);
        assertThat(refusal.text()).contains("must be signed");
    }

    @Test
    void refusesASessionTokenThatIsNotTheKeys() {
        Request request = sdk(SESSION, SdkHttpMethod.POST, "/CreateStage", "{}", Optional.empty());

        assertThat(outcome(verifier, header(request, "x-amz-security-token", "other")))
                .isEqualTo("UNRECOGNIZED_CLIENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20261101", "20261101T103000", "20261301T103000Z", "2026-11-01T10:30:00Z"})
    void refusesADateThatIsNone(String date) {
        assertThat(outcome(verifier, header(Calls.post("/CreateStage", "{}"), "x-amz-date", date)))
                .isEqualTo("INCOMPLETE_SIGNATURE");
    }

    @RepeatedTest(500)
    void refusesHostileAuthorizations(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        Request request = Calls.post("/CreateStage", "{}");
        StringBuilder authorization =
                new StringBuilder(request.header("authorization").orElseThrow());
        int at = random.nextInt(authorization.length());
        char before = authorization.charAt(at);
        char after = (char) random.nextInt(' ', 0x180);
        authorization.setCharAt(at, after);

        String outcome = outcome(verifier, header(request, "authorization", authorization.toString()));

        assertThat(outcome.isEmpty()).isEqualTo(before == after);
    }

    private static String outcome(SigV4Verifier verifier, Request request) {
        try {
            verifier.verify(request);
            return "";
        } catch (ApiException e) {
            return e.kind().name();
        }
    }

    private static ApiException refusal(SigV4Verifier verifier, Request request) {
        return catchThrowableOfType(ApiException.class, () -> verifier.verify(request));
    }

    private static Request with(Request r, String method, String path, String query, byte[] body) {
        return new Request(method, path, query, r.headers(), body);
    }

    private static Request header(Request r, String name, String value) {
        Map<String, List<String>> headers = new HashMap<>(r.headers());
        headers.put(name, List.of(value));
        return new Request(r.method(), r.rawPath(), r.rawQuery(), headers, r.body());
    }

    private static Request without(Request r, String name) {
        Map<String, List<String>> headers = new HashMap<>(r.headers());
        headers.remove(name);
        return new Request(r.method(), r.rawPath(), r.rawQuery(), headers, r.body());
    }
}
