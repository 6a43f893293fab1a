package dev.understudy.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.ControlApi;
import dev.understudy.control.api.Ids;
import dev.understudy.control.composition.CompositionPlane;
import dev.understudy.control.composition.CompositionSpec;
import dev.understudy.control.resource.Endpoints;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.resource.Rules;
import dev.understudy.control.stage.ParticipantOperations;
import dev.understudy.control.stage.ParticipantOperations.ListParticipantsRequest;
import dev.understudy.control.stage.ParticipantOperations.ListStageSessionsRequest;
import dev.understudy.control.stage.ParticipantOperations.ParticipantSummary;
import dev.understudy.control.stage.StagePlane;
import dev.understudy.control.stage.Stages;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Store;
import dev.understudy.control.token.NodeKey;
import dev.understudy.control.token.Tokens.ParticipantTokenConfiguration;
import dev.understudy.server.http.Admission;
import dev.understudy.server.net.LeaveReason;
import dev.understudy.server.net.SessionFacts;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageDoorTest {
    private static final Admission.ClientInfo CLIENT = new Admission.ClientInfo("127.0.0.1", "");

    /** Nobody is connected here, so there is nothing to command. */
    private static final StagePlane NO_CONNECTIONS = new StagePlane() {
        @Override
        public void disconnect(String stageArn, String participantId) {}

        @Override
        public void close(String stageArn) {}
    };

    private static final CompositionPlane NO_COMPOSITIONS = new CompositionPlane() {
        @Override
        public void start(CompositionSpec spec) {}

        @Override
        public void bucketNamed(String bucketName) {}

        @Override
        public void stop(String compositionArn) {}
    };

    @TempDir
    Path folder;

    private Store store;
    private Foundation foundation;
    private ControlApi control;
    private StageDoor door;
    private String stageArn;

    @BeforeEach
    void openDoor() {
        store = Store.open(folder.resolve("understudy.db"));
        NodeKey key = NodeKey.load(folder.resolve("node.key"), new Random(1));
        foundation = new Foundation(
                store,
                new Pages(key.derive("page token")),
                new Home("us-east-1", "000000000000"),
                new Ids(new Random(2)),
                InstantSource.system(),
                Endpoints.of(URI.create("http://127.0.0.1:8480")),
                Rules.IVS);
        control = new ControlApi(foundation, key, NO_CONNECTIONS, NO_COMPOSITIONS);
        door = new StageDoor(InstantSource.system(), () -> {});
        door.connect(control.tokens(), control.participants());
        stageArn = new Stages(
                        foundation,
                        control.tokens(),
                        NO_CONNECTIONS,
                        control.events().outbox())
                .create(new Stages.CreateStageRequest(Optional.empty(), List.of(), Map.of(), Optional.empty()))
                .stage()
                .arn();
    }

    @AfterEach
    void closeDoor() {
        door.close();
        store.close();
    }

    @Test
    void whoComesBackAtOnceIsInAndPublishes() throws Exception {
        List<String> tokens = new ArrayList<>();
        List<SessionFacts> first = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            tokens.add(token("PUBLISH"));
            first.add(enter(tokens.getLast()));
        }
        first.forEach(door::firstMedia);

        first.forEach(session -> door.left(session, LeaveReason.SILENT));
        for (String token : tokens) {
            door.firstMedia(enter(token));
        }
        door.close();

        assertThat(participants()).hasSize(12).allSatisfy(participant -> {
            assertThat(participant.state()).isEqualTo("CONNECTED");
            assertThat(participant.published()).isTrue();
        });
    }

    @Test
    void aSecondConnectionTakesThePlaceOfTheFirst() throws Exception {
        String token = token("PUBLISH");
        SessionFacts first = enter(token);
        SessionFacts second = enter(token);

        door.left(first, LeaveReason.REPLACED);
        door.firstMedia(second);
        door.close();

        assertThat(participants())
                .singleElement()
                .satisfies(participant -> assertThat(participant.state()).isEqualTo("CONNECTED"));
    }

    @Test
    void theLastConnectionTakesTheParticipantAlong() throws Exception {
        String token = token("PUBLISH");
        SessionFacts first = enter(token);
        SessionFacts second = enter(token);

        door.left(first, LeaveReason.REPLACED);
        door.left(second, LeaveReason.DELETED);
        door.close();

        assertThat(participants())
                .singleElement()
                .satisfies(participant -> assertThat(participant.state()).isEqualTo("DISCONNECTED"));
    }

    @Test
    void whoWasLetInAndGotNoSessionIsOutAgain() throws Exception {
        Admission.Admitted admitted = door.admit(token("PUBLISH"), CLIENT);

        door.withdrawn(admitted);
        door.close();

        assertThat(participants())
                .singleElement()
                .satisfies(participant -> assertThat(participant.state()).isEqualTo("DISCONNECTED"));
    }

    @Test
    void aTokenThatMayNotPublishStaysOutsideAndLeavesItsError() {
        assertThatThrownBy(() -> enter(token("SUBSCRIBE")))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Admission.Refused.Kind.NOT_PERMITTED))
                .hasMessage("the token does not have the capability PUBLISH");

        assertThat(events()).containsExactly("LEFT", "PUBLISH_ERROR INSUFFICIENT_CAPABILITIES", "JOINED");
    }

    @Test
    void theThirteenthPublisherOfAStageStaysOutsideAndLeavesItsError() throws Exception {
        for (int i = 0; i < 12; i++) {
            enter(token("PUBLISH"));
        }

        assertThatThrownBy(() -> enter(token("PUBLISH")))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Admission.Refused.Kind.CROWDED))
                .hasMessage("the stage has all the publishers that it may have: 12");

        assertThat(events()).containsExactly("LEFT", "PUBLISH_ERROR QUOTA_EXCEEDED", "JOINED");
    }

    @Test
    void aPublisherWhoLeavesMakesRoomForAnother() throws Exception {
        List<SessionFacts> inside = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            inside.add(enter(token("PUBLISH")));
        }

        door.left(inside.getFirst(), LeaveReason.DELETED);

        assertThat(enter(token("PUBLISH")).stageArn()).isEqualTo(stageArn);
    }

    @Test
    void anOfferThatCannotBeTakenIsTheParticipantsError() throws Exception {
        door.cannotPublish(token("PUBLISH"), CLIENT, Admission.Fault.VIDEO_CODEC, "no H.264");
        assertThat(events()).containsExactly("LEFT", "PUBLISH_ERROR INVALID_VIDEO_CODEC", "JOINED");

        door.cannotPublish(token("PUBLISH"), CLIENT, Admission.Fault.AUDIO_CODEC, "no Opus");
        assertThat(events()).containsExactly("LEFT", "PUBLISH_ERROR INVALID_AUDIO_CODEC", "JOINED");
    }

    @Test
    void anAttemptThatFailsDoesNotEndTheConnectionThatWorks() throws Exception {
        String token = token("PUBLISH");
        enter(token);

        door.cannotPublish(token, CLIENT, Admission.Fault.VIDEO_CODEC, "no H.264");

        assertThat(events()).containsExactly("PUBLISH_ERROR INVALID_VIDEO_CODEC", "JOINED");
        assertThat(participants())
                .singleElement()
                .satisfies(participant -> assertThat(participant.state()).isEqualTo("CONNECTED"));
    }

    @Test
    void anOfferThatCannotBeTakenWithoutATokenLeavesNothing() {
        assertThatThrownBy(() -> door.cannotPublish("nonsense", CLIENT, Admission.Fault.VIDEO_CODEC, "no H.264"))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Admission.Refused.Kind.INVALID));

        assertThat(new ParticipantOperations(foundation)
                        .listStageSessions(new ListStageSessionsRequest(stageArn, Optional.empty(), Optional.empty()))
                        .stageSessions())
                .isEmpty();
    }

    @Test
    void whatIsNoTokenStaysOutside() {
        assertThatThrownBy(() -> enter("nonsense"))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Admission.Refused.Kind.INVALID));
    }

    private String token(String capability) {
        return control.tokens()
                .make(
                        stageArn,
                        new ParticipantTokenConfiguration(
                                Optional.empty(), Optional.empty(), Map.of(), List.of(capability)))
                .token();
    }

    private SessionFacts enter(String token) throws Admission.Refused {
        Admission.Admitted admitted = door.admit(token, CLIENT);
        return new SessionFacts(
                "connection", admitted.stageArn(), admitted.participantId(), admitted.userId(), admitted.attributes());
    }

    /** What happened to the newest participant, newest first. */
    private List<String> events() {
        return new ParticipantOperations(foundation)
                        .listParticipantEvents(new ParticipantOperations.ListParticipantEventsRequest(
                                stageArn,
                                sessionId(),
                                participants().getFirst().participantId(),
                                Optional.empty(),
                                Optional.empty()))
                        .events()
                        .stream()
                        .map(event -> event.name()
                                + event.errorCode().map(code -> " " + code).orElse(""))
                        .toList();
    }

    private String sessionId() {
        return new ParticipantOperations(foundation)
                .listStageSessions(new ListStageSessionsRequest(stageArn, Optional.empty(), Optional.empty()))
                .stageSessions()
                .getFirst()
                .sessionId();
    }

    private List<ParticipantSummary> participants() {
        return new ParticipantOperations(foundation)
                .listParticipants(new ListParticipantsRequest(
                        stageArn,
                        sessionId(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .participants();
    }
}
