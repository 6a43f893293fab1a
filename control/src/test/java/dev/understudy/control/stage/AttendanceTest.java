package dev.understudy.control.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import dev.understudy.control.ControlApi;
import dev.understudy.control.stage.Participants.Joining;
import dev.understudy.control.stage.Participants.Joining.Joined;
import dev.understudy.control.stage.Participants.Joining.Refused;
import dev.understudy.control.stage.Participants.Joining.Unable;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who comes, publishes, changes their token and goes, beyond what {@link ParticipantsTest} tells of the everyday. */
class AttendanceTest {
    private static final String KEY = "arn:aws:ivs:us-east-1:123456789012:public-key/one";

    @TempDir
    private Path directory;

    private Control control;
    private Participants participants;
    private OnStage stage;

    @BeforeEach
    void open() {
        control = new Control(directory);
        participants = control.api.participants();
        stage = new OnStage(control);
    }

    @AfterEach
    void close() {
        control.close();
    }

    private ParticipantClaims selfSigned(String participantId, String keyArn) {
        return new ParticipantClaims(
                participantId,
                stage.arn,
                "alice",
                Map.of("role", "host"),
                true,
                true,
                control.now(),
                control.now().plus(Duration.ofHours(1)),
                "https://example.org:8443/whip",
                "wss://example.org:8443/events",
                keyArn);
    }

    private static ParticipantClaims with(ParticipantClaims claims, String userId, boolean mayPublish, Instant expiry) {
        return new ParticipantClaims(
                claims.participantId(),
                claims.stageArn(),
                userId,
                Map.of("role", "guest"),
                mayPublish,
                claims.maySubscribe(),
                claims.issuedAt().plusSeconds(1),
                expiry,
                claims.whipUrl(),
                claims.eventsUrl(),
                claims.keyArn());
    }

    private TokenExchange exchange(String participantId, ParticipantClaims next) {
        return participants.exchange(stage.arn, participantId, new Verdict.Accepted(next), control.now());
    }

    @Test
    void everyEventNameAndErrorCodeOfTheModelIsOurs() throws IOException {
        assertThat(EventName.values()).extracting(Enum::name).containsExactlyInAnyOrderElementsOf(values("EventName"));
        assertThat(EventErrorCode.values())
                .extracting(Enum::name)
                .containsExactlyInAnyOrderElementsOf(values("EventErrorCode"));
        assertThat(RecordingState.values())
                .extracting(Enum::name)
                .containsExactlyInAnyOrderElementsOf(values("ParticipantRecordingState"));
    }

    private static List<String> values(String enumeration) throws IOException {
        try (InputStream in =
                ControlApi.class.getResourceAsStream("/dev/understudy/control/api/ivs-realtime-2020-07-14.json")) {
            return new JsonMapper()
                    .readTree(in)
                    .at("/shapes/" + enumeration + "/enum")
                    .valueStream()
                    .map(JsonNode::stringValue)
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource(EventErrorCode.class)
    void everyErrorCodeIsListedAsItIs(EventErrorCode code) {
        ParticipantClaims claims = stage.token("");
        String session = stage.join(claims);

        participants.failed(session, claims.participantId(), EventName.PUBLISH_ERROR, code, control.now());

        assertThat(stage.events(session, claims.participantId())).startsWith("PUBLISH_ERROR " + code);
    }

    @Test
    void aSessionGoesOnWhileSomebodyIsConnectedAlsoWhenNobodyPublishes() {
        String publisher = stage.publisher("");
        ParticipantClaims viewer = stage.token("");
        String session = stage.join(viewer);

        stage.leave(publisher);
        control.api.elapsed(control.pass(Duration.ofHours(2)));
        assertThat(stage.activeSession()).isEqualTo(session);

        stage.leave(viewer.participantId());
        control.api.elapsed(control.now());
        assertThat(stage.activeSession()).isEmpty();
    }

    @Test
    void aSessionWithoutPublishersEndsSomeTimeAfterTheLastParticipant() {
        ParticipantClaims viewer = stage.token("");
        String session = stage.join(viewer);

        stage.leave(viewer.participantId());
        control.api.elapsed(control.pass(Duration.ofMillis(299_999)));
        assertThat(stage.activeSession()).isEqualTo(session);
        control.api.elapsed(control.pass(Duration.ofMillis(1)));
        assertThat(stage.activeSession()).isEmpty();
    }

    @Test
    void onlyTheNewestThousandEventsOfAParticipantAreKept() {
        ParticipantClaims claims = stage.token("");
        String session = stage.join(claims);
        for (int i = 0; i < EventRows.KEPT; i++) {
            participants.failed(
                    session,
                    claims.participantId(),
                    EventName.SUBSCRIBE_ERROR,
                    EventErrorCode.PUBLISHER_NOT_FOUND,
                    control.now());
        }

        int kept = control.base
                .store()
                .read(h -> h.createQuery("SELECT COUNT(*) FROM participant_event")
                        .mapTo(int.class)
                        .one());
        assertThat(kept).isEqualTo(EventRows.KEPT);
    }

    @Test
    void nobodyPublishesForMoreThanADayAtAStretch() {
        String publisher = stage.publisher("");

        control.api.elapsed(control.pass(Participants.LONGEST_STREAM.minusMillis(1)));
        assertThat(control.planes).isEmpty();
        control.api.elapsed(control.pass(Duration.ofMillis(1)));
        control.api.elapsed(control.now());

        assertThat(control.planes).containsExactly("disconnect " + stage.arn + " " + publisher);
        assertThat(stage.events(stage.activeSession(), publisher))
                .startsWith("PUBLISH_STOPPED", "PUBLISH_ERROR STREAM_DURATION_EXCEEDED", "PUBLISH_STARTED");
    }

    @Test
    void aParticipantIdBelongsToTheKeyThatUsedItFirst() {
        stage.publish(selfSigned("alice-1", KEY));
        stage.leave("alice-1");
        control.api.elapsed(control.pass(Duration.ofMinutes(5)));

        Joining thief = stage.joinToPublish(selfSigned("alice-1", KEY + "2"));
        assertThat(((Refused) thief).reason()).isEqualTo(Verdict.Reason.DUPLICATE_PARTICIPANT);
        assertThat(stage.joinToPublish(selfSigned("alice-1", "")))
                .isEqualTo(new Refused(
                        Verdict.Reason.DUPLICATE_PARTICIPANT, "the participant id belongs to somebody else"));
        assertThat(stage.joinToPublish(selfSigned("alice-1", KEY))).isInstanceOf(Joined.class);
    }

    @Test
    void aParticipantIdOfAnotherStageIsFree() {
        stage.publish(selfSigned("alice-1", KEY));
        stage = new OnStage(control);

        assertThat(stage.joinToPublish(selfSigned("alice-1", KEY + "2"))).isInstanceOf(Joined.class);
    }

    @Test
    void anotherTokenOfTheSameKeyTakesTheOldConnectionsPlaceWithWhatItSays() {
        ParticipantClaims first = selfSigned("alice-1", KEY);
        stage.publish(first);
        String session = stage.activeSession();

        assertThat(stage.joinToPublish(with(first, "bob", true, first.expiresAt())))
                .isEqualTo(new Joined(session, true));
        assertThat(stage.participant(session, "alice-1").get("userId").stringValue())
                .isEqualTo("bob");
    }

    @Test
    void whoeverCannotPublishTakesNoPlace() {
        ParticipantClaims viewer = stage.token(", 'capabilities': ['SUBSCRIBE']");
        assertThat(stage.joinToPublish(viewer))
                .isEqualTo(new Unable(
                        EventErrorCode.INSUFFICIENT_CAPABILITIES, "the token does not have the capability PUBLISH"));
        for (int i = 0; i < 12; i++) {
            stage.publisher("");
        }

        Joining thirteenth = stage.joinToPublish(stage.token(""));

        assertThat(((Unable) thirteenth).code()).isEqualTo(EventErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void aPublisherKeepsTheirPlaceWhenTheyConnectAgain() {
        ParticipantClaims claims = stage.token("");
        stage.publish(claims);
        for (int i = 0; i < 11; i++) {
            stage.publisher("");
        }

        assertThat(stage.joinToPublish(claims)).isEqualTo(new Joined(stage.activeSession(), true));
    }

    @Test
    void anExchangedTokenChangesWhatItMayAndIsAnEvent() {
        ParticipantClaims first = selfSigned("alice-1", KEY);
        stage.publish(first);
        ParticipantClaims next = with(first, "bob", true, first.expiresAt().plusSeconds(60));

        assertThat(exchange("alice-1", next)).isEqualTo(new TokenExchange.Exchanged(next, true));

        JsonNode shown = stage.participant(stage.activeSession(), "alice-1");
        assertThat(shown.get("userId").stringValue()).isEqualTo("bob");
        assertThat(shown.get("attributes")).isEqualTo(Control.json("{'role': 'guest'}"));
        assertThat(stage.eventNodes(stage.activeSession(), "alice-1").getFirst())
                .isEqualTo(Control.json("""
                        {'name': 'TOKEN_EXCHANGED', 'participantId': 'alice-1', 'eventTime': '2026-11-01T10:30:00Z',
                         'previousToken': {'capabilities': ['PUBLISH', 'SUBSCRIBE'], 'attributes': {'role': 'host'},
                             'userId': 'alice', 'expirationTime': '2026-11-01T11:30:00Z'},
                         'newToken': {'capabilities': ['PUBLISH', 'SUBSCRIBE'], 'attributes': {'role': 'guest'},
                             'userId': 'bob', 'expirationTime': '2026-11-01T11:31:00Z'}}"""));
        assertThat(control.planes).isEmpty();
    }

    @Test
    void thePreviousTokenOfASecondExchangeIsTheFirstOnesNew() {
        ParticipantClaims first = selfSigned("alice-1", KEY);
        stage.publish(first);
        exchange("alice-1", with(first, "bob", true, first.expiresAt()));
        exchange("alice-1", with(first, "carol", true, first.expiresAt()));

        assertThat(stage.eventNodes(stage.activeSession(), "alice-1")
                        .getFirst()
                        .at("/previousToken/userId")
                        .stringValue())
                .isEqualTo("bob");
    }

    @Test
    void whoPublishesAndMayNoLongerIsDisconnected() {
        ParticipantClaims first = selfSigned("alice-1", KEY);
        stage.publish(first);

        exchange("alice-1", with(first, "alice", false, first.expiresAt()));

        assertThat(control.planes).containsExactly("disconnect " + stage.arn + " alice-1");
        assertThat(stage.events(stage.activeSession(), "alice-1")).startsWith("TOKEN_EXCHANGED");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            another stage,       arn:aws:ivs:us-east-1:123456789012:stage/other, alice-1, https://example.org:8443/whip, wss://example.org:8443/events, one, claim resource must not change
            another participant, '',                                             alice-2, https://example.org:8443/whip, wss://example.org:8443/events, one, claim jti must not change
            another whip_url,    '',                                             alice-1, https://example.org/whip,      wss://example.org:8443/events, one, claim whip_url must not change
            another events_url,  '',                                             alice-1, https://example.org:8443/whip, '',                            one, claim events_url must not change
            another key,         '',                                             alice-1, https://example.org:8443/whip, wss://example.org:8443/events, two, the new token is signed with another key
            """)
    void aFailedExchangeEndsTheConnectionAndChangesNothing(
            String description, String resource, String jti, String whip, String events, String key, String message) {
        ParticipantClaims first = selfSigned("alice-1", KEY);
        stage.publish(first);
        var next = new ParticipantClaims(
                jti,
                resource.isEmpty() ? stage.arn : resource,
                "mallory",
                Map.of(),
                true,
                true,
                first.issuedAt(),
                first.expiresAt(),
                whip,
                events,
                KEY.replace("one", key));

        assertThat(exchange("alice-1", next)).as(description).isEqualTo(new TokenExchange.Refused(message));

        assertThat(control.planes).containsExactly("disconnect " + stage.arn + " alice-1");
        assertThat(stage.participant(stage.activeSession(), "alice-1")
                        .get("userId")
                        .stringValue())
                .isEqualTo("alice");
        assertThat(stage.events(stage.activeSession(), "alice-1")).doesNotContain("TOKEN_EXCHANGED");
    }

    @Test
    void onlySelfSignedTokensOfWhoIsConnectedAreExchanged() {
        ParticipantClaims ours = stage.token("");
        stage.publish(ours);
        assertThat(exchange(ours.participantId(), ours))
                .isEqualTo(new TokenExchange.Refused("only tokens signed with an imported key can be exchanged"));

        ParticipantClaims gone = selfSigned("alice-1", KEY);
        assertThat(exchange("alice-1", gone)).isEqualTo(new TokenExchange.Refused("the participant is not connected"));
        stage.publish(gone);
        stage.leave("alice-1");
        assertThat(exchange("alice-1", gone)).isEqualTo(new TokenExchange.Refused("the participant is not connected"));
    }

    @Test
    void aTokenThatDoesNotCountCannotBeExchangedFor() {
        stage.publish(selfSigned("alice-1", KEY));

        TokenExchange exchange = participants.exchange(
                stage.arn, "alice-1", new Verdict.Refused(Verdict.Reason.EXPIRED, "too late"), control.now());

        assertThat(exchange).isEqualTo(new TokenExchange.Refused("too late"));
        assertThat(control.planes).containsExactly("disconnect " + stage.arn + " alice-1");
    }

    @ParameterizedTest
    @CsvSource({
        "STARTING, STARTING",
        "STARTING ACTIVE, ACTIVE",
        "STARTING ACTIVE STARTING, ACTIVE",
        "STARTING ACTIVE STOPPING STOPPED, STOPPED",
        "STARTING FAILED, FAILED",
        "STARTING FAILED ACTIVE, FAILED",
        "STARTING ACTIVE STOPPED STARTING, STARTING",
        "ACTIVE, DISABLED",
        "STOPPED, DISABLED",
    })
    void aRecordingGoesForwards(String reports, String expected) {
        String publisher = stage.publisher("");
        for (String state : reports.split(" ", -1)) {
            report(publisher, RecordingState.valueOf(state));
        }

        assertThat(stage.participant(stage.activeSession(), publisher)
                        .get("recordingState")
                        .stringValue())
                .isEqualTo(expected);
    }

    private void report(String participantId, RecordingState state) {
        participants.recording(
                stage.activeSession(),
                participantId,
                new ParticipantRecording(state, "my-bucket", "stage/session/" + participantId),
                Optional.empty(),
                control.now());
    }

    @Test
    void aRecordingIsShownWithItsPlaceAndFound() {
        String recorded = stage.publisher("");
        stage.publisher("");
        report(recorded, RecordingState.STARTING);
        report(recorded, RecordingState.ACTIVE);

        JsonNode shown = stage.participant(stage.activeSession(), recorded);
        assertThat(shown.get("recordingS3BucketName").stringValue()).isEqualTo("my-bucket");
        assertThat(shown.get("recordingS3Prefix").stringValue()).isEqualTo("stage/session/" + recorded);
        JsonNode active = control.ask(
                        "ListParticipants",
                        "{'stageArn': '" + stage.arn + "', 'sessionId': '" + stage.activeSession()
                                + "', 'filterByRecordingState': 'ACTIVE'}")
                .get("participants");
        assertThat(active)
                .singleElement()
                .satisfies(p -> assertThat(p.get("participantId").stringValue()).isEqualTo(recorded));
    }

    @ParameterizedTest
    @CsvSource({"STARTING, true", "STARTING ACTIVE, true", "STARTING STOPPING, true", "STARTING STOPPED, false"})
    void whoIsRecordedKeepsTheStagesRecordingFromBeingChanged(String reports, boolean isRefused) {
        String publisher = stage.publisher("");
        String storage = control.ask("CreateStorageConfiguration", "{'s3': {'bucketName': 'bucket'}}")
                .at("/storageConfiguration/arn")
                .stringValue();
        for (String state : reports.split(" ", -1)) {
            report(publisher, RecordingState.valueOf(state));
        }

        String update = "{'arn': '" + stage.arn + "', 'autoParticipantRecordingConfiguration':"
                + " {'storageConfigurationArn': '" + storage + "'}}";
        assertThat(control.call("UpdateStage", update))
                .startsWith(
                        isRefused
                                ? "409 ConflictException: Resource: " + stage.arn
                                        + " has participants who are being recorded"
                                : "200 ");
        assertThat(control.call("UpdateStage", "{'arn': '" + stage.arn + "', 'name': 'new'}"))
                .startsWith("200 ");
    }

    @Test
    void whoPublishesByIngestConfigurationSaysWhich() {
        JsonNode ingest = control.ask(
                        "CreateIngestConfiguration",
                        "{'ingestProtocol': 'RTMPS', 'redundantIngest': true, 'stageArn': '" + stage.arn + "'}")
                .get("ingestConfiguration");
        String own = ingest.get("participantId").stringValue();
        String second = ingest.at("/redundantIngestCredentials/1/participantId").stringValue();
        stage.publish(selfSigned(own, ""));
        stage.publish(selfSigned(second, ""));

        assertThat(stage.participant(stage.activeSession(), own).get("ingestConfigurationArn"))
                .isEqualTo(ingest.get("arn"));
        assertThat(stage.participant(stage.activeSession(), own)
                        .get("redundantIngest")
                        .booleanValue())
                .isFalse();
        assertThat(stage.participant(stage.activeSession(), second)
                        .get("redundantIngest")
                        .booleanValue())
                .isTrue();
        assertThat(stage.participant(stage.activeSession(), stage.publisher("")).has("ingestConfigurationArn"))
                .isFalse();
    }
}
