package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.Composition;
import software.amazon.awssdk.services.ivsrealtime.model.CompositionState;
import software.amazon.awssdk.services.ivsrealtime.model.ConflictException;
import software.amazon.awssdk.services.ivsrealtime.model.DestinationConfiguration;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantTokenCapability;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.Stage;
import software.amazon.awssdk.services.ivsrealtime.model.ValidationException;

/** The AWS SDK for Java v2, unmodified, against a node as its user starts it. */
class SdkIT {
    @TempDir
    static Path data;

    private static Program node;
    private static IvsRealTimeClient ivs;
    private static java.net.URI endpoint;

    @BeforeAll
    static void startNode() {
        node = Program.node(data);
        endpoint = node.awaitReady();
        ivs = Clients.realTime(endpoint, data);
    }

    @AfterAll
    static void stopNode() {
        ivs.close();
        node.close();
    }

    @Test
    void aStageLivesThroughCreateGetListUpdateAndDelete() {
        Stage made = ivs.createStage(request -> request.name("rehearsal").tags(Map.of("team", "a")))
                .stage();

        assertThat(made.arn()).matches("arn:aws:ivs:us-east-1:000000000000:stage/[a-zA-Z0-9]{12}");
        assertThat(made.endpoints().whip()).startsWith(endpoint.toString());
        assertThat(ivs.getStage(request -> request.arn(made.arn())).stage()).isEqualTo(made);
        assertThat(ivs.listStages(request -> {}).stages())
                .anySatisfy(summary -> assertThat(summary.arn()).isEqualTo(made.arn()));

        Stage renamed = ivs.updateStage(request -> request.arn(made.arn()).name("premiere"))
                .stage();
        assertThat(renamed.name()).isEqualTo("premiere");
        assertThat(renamed.tags()).isEqualTo(Map.of("team", "a"));

        ivs.deleteStage(request -> request.arn(made.arn()));
        assertThatThrownBy(() -> ivs.getStage(request -> request.arn(made.arn())))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Resource: " + made.arn() + " not found");
    }

    @Test
    void aTokenSaysWhatWasAskedFor() {
        Stage stage = ivs.createStage(request -> {}).stage();

        var token = ivs.createParticipantToken(request -> request.stageArn(stage.arn())
                        .userId("ada")
                        .duration(60)
                        .attributes(Map.of("role", "host"))
                        .capabilities(ParticipantTokenCapability.PUBLISH))
                .participantToken();

        assertThat(token.userId()).isEqualTo("ada");
        assertThat(token.duration()).isEqualTo(60);
        assertThat(token.attributes()).isEqualTo(Map.of("role", "host"));
        assertThat(token.capabilities()).containsExactly(ParticipantTokenCapability.PUBLISH);
        assertThat(token.token().split("\\.")).hasSize(3);
    }

    @Test
    void aCompositionStartsIsListedAndStopsWithoutAnybodyPublishing() {
        Stage stage = ivs.createStage(request -> {}).stage();
        String storage = ivs.createStorageConfiguration(request -> request.s3(s3 -> s3.bucketName("sdk-recordings")))
                .storageConfiguration()
                .arn();
        assertThat(data.resolve("buckets/sdk-recordings")).isDirectory();
        String encoder = ivs.createEncoderConfiguration(request -> {})
                .encoderConfiguration()
                .arn();

        Composition started = ivs.startComposition(request -> request.stageArn(stage.arn())
                        .destinations(DestinationConfiguration.builder()
                                .s3(s3 -> s3.storageConfigurationArn(storage).encoderConfigurationArns(encoder))
                                .build()))
                .composition();

        assertThat(started.state()).isEqualTo(CompositionState.STARTING);
        assertThat(ivs.listCompositions(request -> request.filterByStageArn(stage.arn()))
                        .compositions())
                .singleElement()
                .satisfies(summary -> assertThat(summary.arn()).isEqualTo(started.arn()));
        assertThatThrownBy(() -> ivs.deleteEncoderConfiguration(request -> request.arn(encoder)))
                .isInstanceOf(ConflictException.class);

        ivs.stopComposition(request -> request.arn(started.arn()));

        assertThat(Await.value(
                        () -> ivs.getComposition(request -> request.arn(started.arn()))
                                .composition()
                                .state(),
                        CompositionState.STOPPED::equals))
                .isEqualTo(CompositionState.STOPPED);
        ivs.deleteEncoderConfiguration(request -> request.arn(encoder));
        ivs.deleteStorageConfiguration(request -> request.arn(storage));
    }

    @Test
    void twentyCompositionsThatWaitForAPublisherAreRowsAndNoProcesses() {
        String storage = ivs.createStorageConfiguration(request -> request.s3(s3 -> s3.bucketName("waiting")))
                .storageConfiguration()
                .arn();
        String encoder = ivs.createEncoderConfiguration(request -> {})
                .encoderConfiguration()
                .arn();
        DestinationConfiguration destination = DestinationConfiguration.builder()
                .s3(s3 -> s3.storageConfigurationArn(storage).encoderConfigurationArns(encoder))
                .build();

        List<String> started = new ArrayList<>();
        for (int stage = 0; stage < 4; stage++) {
            String stageArn = ivs.createStage(request -> {}).stage().arn();
            for (int i = 0; i < 5; i++) {
                started.add(ivs.startComposition(
                                request -> request.stageArn(stageArn).destinations(destination))
                        .composition()
                        .arn());
            }
        }

        assertThat(started).doesNotHaveDuplicates().hasSize(20);
        assertThat(node.handle().children()).isEmpty();
        started.forEach(arn -> ivs.stopComposition(request -> request.arn(arn)));
        started.forEach(arn -> assertThat(Await.value(
                        () -> ivs.getComposition(request -> request.arn(arn))
                                .composition()
                                .state(),
                        CompositionState.STOPPED::equals))
                .isEqualTo(CompositionState.STOPPED));
    }

    @Test
    void tagsComeAndGo() {
        String arn = ivs.createStage(request -> request.tags(Map.of("a", "1")))
                .stage()
                .arn();

        ivs.tagResource(request -> request.resourceArn(arn).tags(Map.of("b", "2", "c d", "+/=")));
        ivs.untagResource(request -> request.resourceArn(arn).tagKeys("a"));

        assertThat(ivs.listTagsForResource(request -> request.resourceArn(arn)).tags())
                .isEqualTo(Map.of("b", "2", "c d", "+/="));
    }

    @Test
    void aViolatedConstraintIsATypedExceptionThatNamesTheMember() {
        assertThatThrownBy(() -> ivs.createStage(request -> request.name("no spaces")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("'name'");
    }

    @Test
    void aWrongSecretGets403() {
        AwsCredentials known = Clients.credentials(data).resolveCredentials();
        var wrong = StaticCredentialsProvider.create(
                AwsBasicCredentials.create(known.accessKeyId(), known.secretAccessKey() + "x"));

        try (IvsRealTimeClient stranger = Clients.realTime(endpoint, wrong)) {
            assertThatThrownBy(() -> stranger.listStages(request -> {}))
                    .isInstanceOfSatisfying(IvsRealTimeException.class, refusal -> {
                        assertThat(refusal.statusCode()).isEqualTo(403);
                        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("InvalidSignatureException");
                    });
        }
    }

    @Test
    void pagesOfStagesAreWholeAndWithoutRepeats() {
        List<String> made = java.util.stream.IntStream.range(0, 7)
                .mapToObj(i -> ivs.createStage(request -> request.name("page-" + i))
                        .stage()
                        .arn())
                .toList();

        List<String> listed = ivs.listStagesPaginator(request -> request.maxResults(3)).stream()
                .flatMap(page -> page.stages().stream())
                .map(stage -> stage.arn())
                .toList();

        assertThat(listed).doesNotHaveDuplicates().containsAll(made);
    }
}
