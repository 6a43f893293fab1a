package dev.understudy.control.token;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Arn;
import dev.understudy.control.api.Hashes;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.store.Table;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes participant tokens and checks those that are presented. Thread-safe.
 *
 * <p>Tokens are JWTs with the claims that the service documents for tokens which customers sign themselves. Ours are
 * signed with HS256 and name no key; customers' are signed with ES384 and name the ARN of an imported public key. Which
 * algorithm counts follows from the key alone, never from the token, so that neither can be passed off as the other.
 * None is stored: a token counts by its signature.
 */
public final class Tokens {
    /** As the API's model says. */
    public static final int MAX_USER_ID_CHARS = 128;

    private static final Table<String> STAGES = new Table<>("stage", (row, _) -> row.getString("arn"));

    private static final int DEFAULT_MINUTES = 720;
    private static final List<String> ALL_CAPABILITIES = List.of("PUBLISH", "SUBSCRIBE");
    private static final String VERSION = "1.0";
    private static final String OUR_ALGORITHM = "HS256";

    /** What a token is to allow. */
    public record ParticipantTokenConfiguration(
            Optional<Integer> duration,
            Optional<String> userId,
            Map<String, String> attributes,
            List<String> capabilities) {}

    /** A token as the API shows it, this once. */
    public record ParticipantToken(
            String participantId,
            String token,
            Optional<String> userId,
            Optional<Map<String, String>> attributes,
            int duration,
            List<String> capabilities,
            Instant expirationTime) {

        /** Does not show the token. */
        @Override
        public String toString() {
            return "ParticipantToken[" + participantId + "]";
        }
    }

    public record CreateParticipantTokenRequest(
            String stageArn,
            Optional<Integer> duration,
            Optional<String> userId,
            Map<String, String> attributes,
            List<String> capabilities) {}

    public record CreateParticipantTokenResponse(ParticipantToken participantToken) {}

    private final Foundation base;
    private final byte[] key;

    public Tokens(Foundation base, NodeKey nodeKey) {
        this.base = base;
        this.key = nodeKey.derive("participant token");
    }

    public CreateParticipantTokenResponse create(CreateParticipantTokenRequest request) {
        base.home().check(request.stageArn());
        if (!base.store().readOne(h -> STAGES.has(h, request.stageArn()))) {
            throw ApiException.notFound(request.stageArn());
        }
        var configuration = new ParticipantTokenConfiguration(
                request.duration(), request.userId(), request.attributes(), request.capabilities());
        return new CreateParticipantTokenResponse(make(request.stageArn(), configuration));
    }

    /** Refuses attributes that together are too large to travel in tokens and events. */
    public static void checkAttributes(Map<String, String> attributes) {
        if (!Claims.fit(attributes)) {
            throw ApiException.invalid(
                    "attributes", "must have at most " + Claims.MAX_ATTRIBUTES_BYTES + " bytes in total");
        }
    }

    /** A token for a stage; whether there is such a stage is the caller's business. */
    public ParticipantToken make(String stageArn, ParticipantTokenConfiguration asked) {
        checkAttributes(asked.attributes());
        int minutes = asked.duration().orElse(DEFAULT_MINUTES);
        Instant issuedAt = base.now().truncatedTo(ChronoUnit.SECONDS);
        List<String> capabilities = asked.capabilities().isEmpty()
                ? ALL_CAPABILITIES
                : asked.capabilities().stream().distinct().toList();
        String participantId = base.ids().next();
        Instant expiresAt = issuedAt.plus(Duration.ofMinutes(minutes));
        String token = sign(claims(stageArn, participantId, asked, capabilities, issuedAt, expiresAt));
        return new ParticipantToken(
                participantId,
                token,
                asked.userId(),
                Optional.of(asked.attributes()).filter(a -> !a.isEmpty()),
                minutes,
                capabilities,
                expiresAt);
    }

    private Map<String, Object> claims(
            String stageArn,
            String participantId,
            ParticipantTokenConfiguration asked,
            List<String> capabilities,
            Instant issuedAt,
            Instant expiresAt) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("exp", expiresAt.getEpochSecond());
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("jti", participantId);
        claims.put("resource", stageArn);
        claims.put("topic", Home.id(stageArn));
        claims.put("events_url", base.endpoints().events());
        claims.put("whip_url", base.endpoints().whip());
        asked.userId().ifPresent(id -> claims.put("user_id", id));
        claims.put("attributes", asked.attributes());
        claims.put(
                "capabilities",
                Map.of(
                        "allow_publish", capabilities.contains("PUBLISH"),
                        "allow_subscribe", capabilities.contains("SUBSCRIBE")));
        claims.put("version", VERSION);
        return claims;
    }

    private String sign(Map<String, Object> claims) {
        var header = new LinkedHashMap<String, String>();
        header.put("alg", OUR_ALGORITHM);
        header.put("typ", "JWT");
        return Jwt.write(header, claims, signed -> Hashes.hmac(key, signed));
    }

    /** Whether a token counts at {@code now}, and what it says. What costs little is checked first. */
    public Verdict verify(String token, Instant now) {
        try {
            Jwt jwt = Jwt.parse(token);
            checkHeader(jwt);
            ParticipantClaims claims = new Claims(jwt).read(now);
            checkHome(claims);
            checkSignature(jwt);
            checkStage(claims);
            return new Verdict.Accepted(claims);
        } catch (Refusal refusal) {
            return refusal.verdict();
        }
    }

    private static void checkHeader(Jwt jwt) {
        if (jwt.header().has("crit")) {
            throw new Refusal(Verdict.Reason.MALFORMED, "the token's header asks for extensions (crit)");
        }
        String expected = isSelfSigned(jwt) ? PublicKeyMaterial.ALGORITHM : OUR_ALGORITHM;
        if (!jwt.header("alg").orElse("").equals(expected)) {
            throw new Refusal(Verdict.Reason.WRONG_ALGORITHM, "the token's key is for " + expected + " only");
        }
    }

    private static boolean isSelfSigned(Jwt jwt) {
        return jwt.header().has("kid");
    }

    private void checkSignature(Jwt jwt) {
        boolean isGenuine = isSelfSigned(jwt)
                ? isSignedByCustomer(jwt)
                : MessageDigest.isEqual(Hashes.hmac(key, jwt.signed()), jwt.signature());
        if (!isGenuine) {
            throw new Refusal(Verdict.Reason.WRONG_SIGNATURE, "the token's signature is wrong");
        }
    }

    private boolean isSignedByCustomer(Jwt jwt) {
        String arn = jwt.header("kid").orElse("");
        return base.store()
                .read(h -> PublicKeys.material(h, arn))
                .map(PublicKeyMaterial::parse)
                .orElseThrow(() -> new Refusal(Verdict.Reason.UNKNOWN_KEY, "the token's key (kid) is unknown"))
                .hasSigned(jwt.signed(), jwt.signature());
    }

    private void checkHome(ParticipantClaims claims) {
        Home home = base.home();
        boolean isOurs = Arn.parse(claims.stageArn())
                .filter(arn -> arn.type().equals("stage"))
                .filter(arn ->
                        arn.account().equals(home.account()) && arn.region().equals(home.region()))
                .isPresent();
        if (!isOurs) {
            throw new Refusal(Verdict.Reason.WRONG_STAGE, "the token is for no stage of this account and region");
        }
    }

    private void checkStage(ParticipantClaims claims) {
        base.store().read(h -> {
            if (!STAGES.has(h, claims.stageArn())) {
                throw new Refusal(Verdict.Reason.STAGE_NOT_FOUND, "the token's stage does not exist");
            }
            if (Disconnections.has(h, claims.stageArn(), claims.participantId())) {
                throw new Refusal(Verdict.Reason.DISCONNECTED, "the participant has been disconnected");
            }
            return true;
        });
    }
}
