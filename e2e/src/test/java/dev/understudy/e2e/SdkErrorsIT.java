package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.Api;
import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.SigV4Verifier;
import dev.understudy.server.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.ConflictException;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.ivsrealtime.model.ValidationException;

/** The unmodified AWS SDK for Java against our HTTP server: answers are typed, and so are refusals. */
class SdkErrorsIT {
    private static final String STAGE = "arn:aws:ivs:us-east-1:123456789012:stage/AbCdEfGh1234";

    record CreateStageRequest(Optional<String> name, Map<String, String> tags) {}

    record CreateStageResponse(Stage stage, List<ParticipantToken> participantTokens) {}

    record Stage(String arn, String name, Map<String, String> tags) {}

    record ParticipantToken(String participantId, Instant expirationTime) {}

    record ArnRequest(String arn) {}

    record ResourceRequest(String resourceArn) {}

    record TagsResponse(Map<String, String> tags) {}

    record UntagRequest(String resourceArn, List<String> tagKeys) {}

    private HttpServer server;
    private IvsRealTimeClient client;
    private List<String> untagged = List.of();

    @BeforeEach
    void start() throws IOException {
        Api api = new Api()
                .operation("CreateStage", CreateStageRequest.class, SdkErrorsIT::createStage)
                .command("GetStage", ArnRequest.class, request -> {
                    throw ApiException.notFound(request.arn());
                })
                .command("DeleteStage", ArnRequest.class, _ -> {
                    throw ApiException.conflict("The stage is in use");
                })
                .operation(
                        "ListTagsForResource",
                        ResourceRequest.class,
                        request -> new TagsResponse(Map.of("arn", request.resourceArn())))
                .command("UntagResource", UntagRequest.class, request -> untagged = request.tagKeys());
        var key = new AccessKey("AKIDEXAMPLE", "default", "secret", Optional.empty());
        var verifier = new SigV4Verifier(
                id -> Optional.of(key).filter(k -> k.id().equals(id)), "us-east-1", InstantSource.system());
        var dispatcher = new Dispatcher(
                api,
                verifier,
                Dispatcher.Gates.OPEN,
                InstantSource.system(),
                () -> UUID.randomUUID().toString());
        server = HttpServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), dispatcher, _ -> {});
        client = client("secret");
    }

    private IvsRealTimeClient client(String secret) {
        return IvsRealTimeClient.builder()
                .endpointOverride(URI.create("http://localhost:" + server.port()))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", secret)))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static CreateStageResponse createStage(CreateStageRequest request) {
        if (request.tags().containsKey("full")) {
            throw ApiException.quotaExceeded("No more stages");
        }
        return new CreateStageResponse(
                new Stage(STAGE, request.name().orElse(""), request.tags()),
                List.of(new ParticipantToken("p1", Instant.parse("2023-11-01T06:25:37Z"))));
    }

    @Test
    void readsAnswers() {
        var answer = client.createStage(r -> r.name("show").tags(Map.of("k", "é")));

        assertThat(answer.stage().arn()).isEqualTo(STAGE);
        assertThat(answer.stage().name()).isEqualTo("show");
        assertThat(answer.stage().tags()).containsExactly(Map.entry("k", "é"));
        assertThat(answer.participantTokens().getFirst().expirationTime())
                .isEqualTo(Instant.parse("2023-11-01T06:25:37Z"));
        assertThat(answer.responseMetadata().requestId()).isNotEmpty();
    }

    @Test
    void throwsTheTypedExceptions() {
        assertThatThrownBy(() -> client.getStage(r -> r.arn(STAGE)))
                .isInstanceOfSatisfying(ResourceNotFoundException.class, e -> {
                    assertThat(e.exceptionMessage()).isEqualTo("Resource: " + STAGE + " not found");
                    assertThat(e.statusCode()).isEqualTo(404);
                    assertThat(e.xAmznErrorType()).isEqualTo("ResourceNotFoundException");
                });
        assertThatThrownBy(() -> client.deleteStage(r -> r.arn(STAGE))).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> client.createStage(r -> r.name("not a name")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Value at 'name' failed to satisfy constraint");
        assertThatThrownBy(() -> client.createStage(r -> r.tags(Map.of("full", ""))))
                .isInstanceOfSatisfying(
                        ServiceQuotaExceededException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(402));
    }

    @Test
    void passesResourceArnsAndTagKeysInPathAndQuery() {
        assertThat(client.listTagsForResource(r -> r.resourceArn(STAGE)).tags())
                .containsExactly(Map.entry("arn", STAGE));

        client.untagResource(r -> r.resourceArn(STAGE).tagKeys("a b", "c+d", "e/f"));

        assertThat(untagged).containsExactly("a b", "c+d", "e/f");
    }

    @Test
    void saysWhatIsNotServedAndWhoMayNotCall() {
        assertThatThrownBy(() -> client.listPublicKeys(r -> {}))
                .isInstanceOfSatisfying(IvsRealTimeException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(501);
                    assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NotImplementedException");
                });
        try (IvsRealTimeClient stranger = client("wrong")) {
            assertThatThrownBy(() -> stranger.createStage(r -> {}))
                    .isInstanceOfSatisfying(
                            IvsRealTimeException.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidSignatureException"));
        }
    }
}
