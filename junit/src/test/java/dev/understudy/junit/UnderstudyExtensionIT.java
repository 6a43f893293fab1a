package dev.understudy.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.resource.Quota;
import dev.understudy.control.resource.Quotas;
import dev.understudy.control.resource.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
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
    void theSdkRetriesWhatIsThrottled(Understudy understudy) {
        understudy.failNext("CreateStage", "ThrottlingException", 2);

        assertThat(stage()).contains(":stage/");
    }

    @Test
    void aSimulatedParticipantCanBeAskedFor(Understudy understudy) {
        Participant ada = understudy.join(stage(), Optional.of("ada"), Map.of("seat", "4"));
        understudy.publish(ada);
        understudy.event(ada, "PUBLISH_ERROR", Optional.of("BITRATE_EXCEEDED"));
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
        assertThat(events)
                .extracting(Event::nameAsString)
                .containsExactly("LEFT", "PUBLISH_STOPPED", "PUBLISH_ERROR", "PUBLISH_STARTED", "JOINED");
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
                new UnderstudyExtension(config -> config.with(Rules.IVS.with(Quotas.IVS.with(Quota.STAGES, 0))));

        @Test
        void theNodeIsTheTestsOwnAndAsItsOptionsSay() {
            assertThat(own.node()).isNotSameAs(EXTENSION.node());
            try (IvsRealTimeClient full = client(own.node())) {
                assertThatThrownBy(() -> full.createStage(request -> {}))
                        .isInstanceOf(ServiceQuotaExceededException.class);
            }
        }
    }
}
