package dev.understudy.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.ConflictException;
import software.amazon.awssdk.services.ivsrealtime.model.Event;
import software.amazon.awssdk.services.ivsrealtime.model.ServiceQuotaExceededException;

/** The extension as its users have it: the AWS SDK on one side, the controls on the other. */
class UnderstudyExtensionIT {
    @RegisterExtension
    static final UnderstudyExtension EXTENSION = new UnderstudyExtension();

    private IvsRealTimeClient ivs;

    @BeforeEach
    void connect() {
        ivs = client(EXTENSION.node());
    }

    @AfterEach
    void disconnect() {
        ivs.close();
    }

    private static IvsRealTimeClient client(Understudy understudy) {
        return IvsRealTimeClient.builder()
                .endpointOverride(understudy.endpoint())
                .region(Region.of(understudy.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(understudy.accessKeyId(), understudy.secretAccessKey())))
                .build();
    }

    private String stage() {
        return ivs.createStage(request -> {}).stage().arn();
    }

    /** The second time would find the stage of the first. */
    @RepeatedTest(2)
    void eachTestBeginsWithNothing() {
        assertThat(ivs.listStages(request -> {}).stages()).isEmpty();
        stage();
    }

    @Test
    void isAParameterOfTests(Understudy understudy) {
        assertThat(understudy).isSameAs(EXTENSION.node());
        assertThat(understudy.credentialsFile()).content().contains(understudy.accessKeyId());
    }

    @Test
    void orderedFailuresAreTyped(Understudy understudy) {
        understudy.failNext("CreateStage", "ServiceQuotaExceededException");

        assertThatThrownBy(this::stage).isInstanceOf(ServiceQuotaExceededException.class);
        assertThat(stage()).contains(":stage/");
    }

    @Test
    void anOrderedFailureSaysWhatTheTestSays(Understudy understudy) {
        understudy.failNext("CreateStage", "ConflictException", 1, "not today");

        assertThatThrownBy(this::stage).isInstanceOf(ConflictException.class).hasMessageContaining("not today");
    }

    @Test
    void theSdkRetriesWhatIsThrottled(Understudy understudy) {
        understudy.failNext("CreateStage", "ThrottlingException", 2);

        assertThat(stage()).contains(":stage/");
    }

    @Test
    void aSimulatedParticipantCanBeAskedFor(Understudy understudy) {
        Participant ada = understudy.join(
                stage(), Optional.of("ada"), Map.of("seat", "4"), "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        understudy.publish(ada);
        understudy.event(ada, "PUBLISH_ERROR", Optional.of("BITRATE_EXCEEDED"));
        understudy.event(ada, "SUBSCRIBE_STARTED", Map.of("remoteParticipantId", "grace"));
        understudy.unpublish(ada);
        understudy.leave(ada);

        var participant = ivs.getParticipant(request -> request.stageArn(ada.stageArn())
                        .sessionId(ada.sessionId())
                        .participantId(ada.participantId()))
                .participant();
        var events = ivs.listParticipantEvents(request -> request.stageArn(ada.stageArn())
                        .sessionId(ada.sessionId())
                        .participantId(ada.participantId()))
                .events();
        assertThat(participant.userId()).isEqualTo("ada");
        assertThat(participant.attributes()).containsEntry("seat", "4");
        assertThat(participant.browserName()).isEqualTo("Firefox");
        assertThat(events).extracting(Event::remoteParticipantId).contains("grace");
        assertThat(events)
                .extracting(Event::nameAsString)
                .containsExactly(
                        "LEFT", "PUBLISH_STOPPED", "SUBSCRIBE_STARTED", "PUBLISH_ERROR", "PUBLISH_STARTED", "JOINED");
    }

    @Test
    void aTokenOfTheApiLetsItsHolderIn(Understudy understudy) {
        String stageArn = stage();
        var token = ivs.createParticipantToken(
                        request -> request.stageArn(stageArn).duration(1))
                .participantToken();

        assertThat(understudy.joinWith(token.token()).participantId()).isEqualTo(token.participantId());
        assertThat(understudy.advance(Duration.ofDays(1))).isAfter(Instant.now().plus(Duration.ofHours(23)));
        assertThatThrownBy(() -> understudy.joinWith(token.token()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expired");
    }

    @Test
    void leavesNothingBehind() {
        Path folder;
        try (Understudy other = Understudy.start()) {
            folder = other.credentialsFile().getParent().getParent();
            assertThat(other.endpoint()).isNotEqualTo(EXTENSION.node().endpoint());
        }

        assertThat(Files.exists(folder)).isFalse();
    }

    @Test
    void oneThatDoesNotStartLeavesNothingBehind(@TempDir Path parent) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("understudy"));
        Files.createFile(folder.resolve("data"));

        assertThatThrownBy(() -> Understudy.start(Options.defaults(), folder))
                .hasMessageContaining("is a file and should be a folder");
        assertThat(folder).doesNotExist();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("wrongOptions")
    void saysWhichOptionIsWrong(Runnable wrong, String message) {
        assertThatThrownBy(wrong::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Stream<Arguments> wrongOptions() {
        Options options = Options.defaults();
        return Stream.of(
                wrong(() -> options.region("moon"), "region 'moon' is not of the form us-east-1"),
                wrong(() -> options.account("12"), "account '12' is not 12 digits"),
                wrong(() -> options.quota("stages", -1), "negative limit of stages: -1"),
                wrong(() -> options.quota("stage", 1), "no quota is called 'stage'"));
    }

    private static Arguments wrong(Runnable call, String message) {
        return Arguments.of(call, message);
    }

    @Nested
    class InANestedClass {
        @Test
        void theNodeIsTheSame(Understudy understudy) {
            assertThat(understudy).isSameAs(EXTENSION.node());
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_METHOD)
    class InAnInstanceField {
        @RegisterExtension
        final UnderstudyExtension own =
                new UnderstudyExtension(Options.defaults().quota("stages", 0).region("eu-west-1"));

        @Test
        void theNodeIsTheTestsOwnAndAsItsOptionsSay() {
            assertThat(own.node()).isNotSameAs(EXTENSION.node());
            assertThat(own.node().region()).isEqualTo("eu-west-1");
            try (IvsRealTimeClient full = client(own.node())) {
                assertThatThrownBy(() -> full.createStage(request -> {}))
                        .isInstanceOf(ServiceQuotaExceededException.class);
            }
        }
    }
}
