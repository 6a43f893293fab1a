package dev.understudy.control.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import dev.understudy.control.event.Detail.ParticipantRecordingStateChange;
import dev.understudy.control.event.Detail.StageUpdate;
import dev.understudy.control.stage.ClientDescription;
import dev.understudy.control.stage.EventErrorCode;
import dev.understudy.control.stage.EventName;
import dev.understudy.control.stage.Participants;
import dev.understudy.control.stage.Participants.Joining.Joined;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole envelopes, as the operations and the media side make them. */
class EnvelopesTest {
    private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:";
    private static final String STAGE = ARN + "stage/AAAAAAAAAAAA";

    /** Stands where each envelope has an id of its own. */
    private static final String ID = "\"id\":\"11111111-2222-4333-8444-555555555555\"";

    @TempDir
    private Path directory;

    private Control control;
    private Participants participants;

    @BeforeEach
    void open() {
        control = new Control(directory);
        participants = control.api.participants();
        control.ask("CreateStage", "{}");
    }

    @AfterEach
    void close() {
        control.close();
    }

    private List<String> envelopes() {
        return control
                .base
                .store()
                .read(h -> h.createQuery("SELECT envelope FROM event ORDER BY seq")
                        .mapTo(String.class)
                        .list())
                .stream()
                .map(e -> e.replaceFirst("\"id\":\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"", ID))
                .toList();
    }

    private static String stageUpdate(String time, String detail) {
        return """
                {"version":"0","id":"11111111-2222-4333-8444-555555555555","detail-type":"IVS Stage Update",\
                "source":"aws.ivs","account":"123456789012","time":"%s","region":"us-east-1",\
                "resources":["arn:aws:ivs:us-east-1:123456789012:stage/AAAAAAAAAAAA"],"detail":%s}""".formatted(time, detail);
    }

    private ParticipantClaims token() {
        String token = control.ask("CreateParticipantToken", "{'stageArn': '" + STAGE + "', 'userId': 'bob'}")
                .at("/participantToken/token")
                .stringValue();
        return ((Verdict.Accepted) control.api.tokens().verify(token, control.now())).claims();
    }

    private String joined(ParticipantClaims claims) {
        return ((Joined) participants.join(claims, ClientDescription.UNKNOWN, "WHIP", control.now())).sessionId();
    }

    @Test
    void ofAParticipantWhoPublishesAndLeaves() {
        ParticipantClaims claims = token();
        String session = joined(claims);
        participants.published(session, claims.participantId(), control.now());
        participants.published(session, claims.participantId(), control.now());
        participants.left(session, claims.participantId(), control.pass(Duration.ofMillis(2_900)));

        assertThat(envelopes())
                .containsExactly(
                        stageUpdate("2026-11-01T10:30:00Z", """
                                {"session_id":"%s","event_name":"Participant Published",\
                                "event_time":"2026-11-01T10:30:00Z","user_id":"bob","participant_id":"%s"}""".formatted(session, claims.participantId())),
                        stageUpdate("2026-11-01T10:30:02Z", """
                                {"session_id":"%s","event_name":"Participant Unpublished",\
                                "event_time":"2026-11-01T10:30:02Z","user_id":"bob","participant_id":"%s"}""".formatted(session, claims.participantId())));
    }

    @Test
    void ofAParticipantWhoseStageIsDeleted() {
        ParticipantClaims claims = token();
        String session = joined(claims);
        participants.published(session, claims.participantId(), control.now());
        control.pass(Duration.ofSeconds(2));
        control.ask("DeleteStage", "{'arn': '" + STAGE + "'}");
        participants.left(session, claims.participantId(), control.now());

        assertThat(envelopes())
                .containsExactly(
                        stageUpdate("2026-11-01T10:30:00Z", """
                                {"session_id":"%s","event_name":"Participant Published",\
                                "event_time":"2026-11-01T10:30:00Z","user_id":"bob","participant_id":"%s"}""".formatted(session, claims.participantId())),
                        stageUpdate("2026-11-01T10:30:02Z", """
                                {"session_id":"%s","event_name":"Participant Unpublished",\
                                "event_time":"2026-11-01T10:30:02Z","user_id":"bob","participant_id":"%s"}""".formatted(session, claims.participantId())));
    }

    @Test
    void ofAParticipantWhoCannotPublish() {
        ParticipantClaims claims = token();
        String session = joined(claims);
        participants.failed(
                session,
                claims.participantId(),
                EventName.SUBSCRIBE_ERROR,
                EventErrorCode.PUBLISHER_NOT_FOUND,
                control.now());
        participants.failed(
                session,
                claims.participantId(),
                EventName.PUBLISH_ERROR,
                EventErrorCode.BITRATE_EXCEEDED,
                control.now());

        assertThat(envelopes())
                .containsExactly(stageUpdate("2026-11-01T10:30:00Z", """
                        {"session_id":"%s","event_name":"Participant Publish Error",\
                        "event_time":"2026-11-01T10:30:00Z","user_id":"bob","participant_id":"%s",\
                        "error_code":"BITRATE_EXCEEDED"}""".formatted(session, claims.participantId())));
    }

    @Test
    void ofACompositionThatFails() {
        String composition = startedComposition();
        var reports = control.api.compositionReports();
        reports.firstFrame(composition, control.now());
        reports.broke(composition, control.now(), "no disk");

        String stage = "\"stage_arn\":\"" + STAGE + "\"";
        String destination = stage + ",\"id\":\"EEEEEEEEEEEE\"";
        assertThat(envelopes())
                .containsExactly(
                        compositionChange("{\"event_name\":\"Session Start\"," + stage + "}"),
                        compositionChange("{\"event_name\":\"Destination Start\"," + destination + "}"),
                        compositionChange(
                                "{\"event_name\":\"Destination Failure\"," + destination + ",\"reason\":\"no disk\"}"),
                        compositionChange("{\"event_name\":\"Session Failure\"," + stage + ",\"reason\":\"no disk\"}"));
    }

    @Test
    void ofACompositionThatLosesItsOnlyDestination() {
        String composition = startedComposition();
        var reports = control.api.compositionReports();
        reports.firstFrame(composition, control.now());
        reports.destinationInterrupted(composition, "EEEEEEEEEEEE", control.now());
        reports.destinationBroke(composition, "EEEEEEEEEEEE", control.now(), "access denied");
        reports.destinationBroke(composition, "EEEEEEEEEEEE", control.now(), "access denied");

        assertThat(envelopes())
                .extracting(e -> e.replaceFirst(".*\"event_name\":\"([^\"]*)\".*", "$1"))
                .containsExactly(
                        "Session Start",
                        "Destination Start",
                        "Destination Reconnecting",
                        "Destination Failure",
                        "Session Failure");
    }

    private String startedComposition() {
        control.ask("CreateEncoderConfiguration", "{}");
        control.ask("CreateStorageConfiguration", "{'s3': {'bucketName': 'bucket'}}");
        return control.ask("StartComposition", """
                        {'stageArn': '%sstage/AAAAAAAAAAAA', 'destinations': [{'s3': {
                            'storageConfigurationArn': '%sstorage-configuration/CCCCCCCCCCCC',
                            'encoderConfigurationArns': ['%sencoder-configuration/BBBBBBBBBBBB']}}]}""".formatted(ARN, ARN, ARN))
                .at("/composition/arn")
                .stringValue();
    }

    private static String compositionChange(String detail) {
        return """
                {"version":"0","id":"11111111-2222-4333-8444-555555555555",\
                "detail-type":"IVS Composition State Change","source":"aws.ivs","account":"123456789012",\
                "time":"2026-11-01T10:30:00Z","region":"us-east-1",\
                "resources":["arn:aws:ivs:us-east-1:123456789012:composition/DDDDDDDDDDDD"],"detail":%s}""".formatted(detail);
    }

    @Test
    void ofARecordingAndOfAReplication() {
        var outbox = control.api.events().outbox();
        var recording = new ParticipantRecordingStateChange(
                "st-1234567890abc",
                "Recording End",
                "xYz1c2d3e4f",
                "bucket",
                "stage/session/participant/time",
                Optional.of(1_500L));
        var replication = new StageUpdate(
                        "st-1234567890abc", "Participant Replication Started", control.now(), "bob", "xYz1c2d3e4f")
                .withDestination(ARN + "stage/BBBBBBBBBBBB", "st-abc1234567890");
        control.base.store().update(h -> {
            outbox.add(h, control.now(), STAGE, recording);
            outbox.add(h, control.now(), STAGE, replication);
        });

        assertThat(envelopes()).containsExactly("""
                        {"version":"0","id":"11111111-2222-4333-8444-555555555555",\
                        "detail-type":"IVS Participant Recording State Change","source":"aws.ivs",\
                        "account":"123456789012","time":"2026-11-01T10:30:00Z","region":"us-east-1",\
                        "resources":["arn:aws:ivs:us-east-1:123456789012:stage/AAAAAAAAAAAA"],\
                        "detail":{"session_id":"st-1234567890abc","event_name":"Recording End",\
                        "participant_id":"xYz1c2d3e4f","recording_s3_bucket_name":"bucket",\
                        "recording_s3_key_prefix":"stage/session/participant/time",\
                        "recording_duration_ms":1500}}""", stageUpdate("2026-11-01T10:30:00Z", """
                                {"session_id":"st-1234567890abc","event_name":"Participant Replication Started",\
                                "event_time":"2026-11-01T10:30:00Z","user_id":"bob","participant_id":"xYz1c2d3e4f",\
                                "destination_stage_arn":"arn:aws:ivs:us-east-1:123456789012:stage/BBBBBBBBBBBB",\
                                "destination_session_id":"st-abc1234567890"}"""));
    }

    @Test
    void aChangeThatIsUndoneTellsNothing() {
        var outbox = control.api.events().outbox();
        try {
            control.base.store().update(h -> {
                outbox.add(
                        h, control.now(), STAGE, new StageUpdate("s", "Participant Published", control.now(), "", "p"));
                throw new IllegalStateException("undone");
            });
        } catch (IllegalStateException _) {
            // the change and its event are gone together
        }

        assertThat(envelopes()).isEmpty();
    }
}
