package dev.understudy.control.api;

import dev.understudy.control.api.ApiException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks AWS Signature Version 4 on requests, in the header and in the presigned query form.
 *
 * <p>The canonical request is rebuilt from the headers that the request itself lists as signed, so that any correct
 * signer passes: SDKs, the CLI, {@code curl --aws-sigv4}. The hash of the body is always computed from the bytes
 * received, so a signature for one body never passes with another. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a
 *     signed AWS API request</a>
 */
public final class SigV4Verifier {
    /** How far the caller's clock may be off; also how long a captured request can be replayed. */
    static final Duration MAX_SKEW = Duration.ofMinutes(5);

    private static final DateTimeFormatter AMZ_DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The signing name of both services. */
    private static final String SERVICE = "ivs";

    private final AccessKeys keys;
    private final String region;
    private final String service;
    private final InstantSource clock;
    private final SigningKeys signingKeys = new SigningKeys();

    /** Accepts what is signed for {@code region}; {@code clock} tells how old a signature is. */
    public SigV4Verifier(AccessKeys keys, String region, InstantSource clock) {
        this(keys, region, SERVICE, clock);
    }

    SigV4Verifier(AccessKeys keys, String region, String service, InstantSource clock) {
        this.keys = keys;
        this.region = region;
        this.service = service;
        this.clock = clock;
    }

    /** The key that signed the request; an {@link ApiException} says why the request is not to be trusted. */
    public AccessKey verify(Request request) {
        Signed signed = Signed.read(request);
        AccessKey key = keys.find(signed.accessKeyId())
                .filter(known -> isSessionOf(known, signed.sessionToken()))
                .orElseThrow(() -> new ApiException(
                        Kind.UNRECOGNIZED_CLIENT, "The security token included in the request is invalid."));
        checkScope(signed);
        checkTime(signed);
        String payloadHash = payloadHash(request);
        String canonical = CanonicalRequest.of(request, signed, payloadHash);
        byte[] signingKey = signingKeys.of(key, signed.day(), region, service);
        String expected = Hashes.hex(Hashes.hmac(signingKey, signed.stringToSign(Hashes.sha256(canonical))));
        if (!areEqual(expected, signed.signature())) {
            throw invalid("The request signature we calculated does not match the signature you provided. Check your"
                    + " AWS Secret Access Key and signing method. Consult the service documentation for details.");
        }
        return key;
    }

    private static boolean isSessionOf(AccessKey key, Optional<String> token) {
        return areEqual(key.sessionToken().orElse(""), token.orElse(""));
    }

    /** Takes as long for a near miss as for a far one. */
    private static boolean areEqual(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private void checkScope(Signed signed) {
        if (!signed.region().equals(region)) {
            throw invalid("Credential should be scoped to a valid region, not '" + signed.region() + "'.");
        }
        if (!signed.service().equals(service)) {
            throw invalid("Credential should be scoped to correct service: '" + service + "'.");
        }
        if (!signed.amzDate().startsWith(signed.day())) {
            throw invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                    + signed.day() + "' != '" + signed.amzDate().substring(0, 8) + "'.");
        }
    }

    private void checkTime(Signed signed) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Duration validFor = signed.validFor().orElse(MAX_SKEW);
        Instant earliest = now.minus(validFor);
        if (signed.signedAt().isBefore(earliest)) {
            throw invalid("Signature expired: " + signed.amzDate() + " is now earlier than " + AMZ_DATE.format(earliest)
                    + " (" + AMZ_DATE.format(now) + " - " + text(validFor) + ")");
        }
        Instant latest = now.plus(MAX_SKEW);
        if (signed.signedAt().isAfter(latest)) {
            throw invalid("Signature not yet current: " + signed.amzDate() + " is still later than "
                    + AMZ_DATE.format(latest) + " (" + AMZ_DATE.format(now) + " + " + text(MAX_SKEW) + ")");
        }
    }

    /** As AWS writes it: {@code 5 min.} */
    private static String text(Duration duration) {
        return duration.toSecondsPart() == 0 ? duration.toMinutes() + " min." : duration.toSeconds() + " sec.";
    }

    /** The hash of the bytes received. What the request claims of them must agree; claiming nothing of them is refused. */
    private static String payloadHash(Request request) {
        String actual = Hashes.hex(Hashes.sha256(request.body()));
        for (String claimed : request.headers().getOrDefault("x-amz-content-sha256", List.of())) {
            if (claimed.startsWith("UNSIGNED-PAYLOAD") || claimed.startsWith("STREAMING-")) {
                throw invalid("The payload must be signed: x-amz-content-sha256 " + claimed + " is not accepted.");
            }
            if (!areEqual(actual, claimed)) {
                throw invalid("The x-amz-content-sha256 header does not match the SHA-256 of the body.");
            }
        }
        return actual;
    }

    private static ApiException invalid(String message) {
        return new ApiException(Kind.INVALID_SIGNATURE, message);
    }
}
