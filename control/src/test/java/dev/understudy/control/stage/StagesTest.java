package dev.understudy.control.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class StagesTest {
    private static final String STAGE_A = "arn:aws:ivs:us-east-1:123456789012:stage/AAAAAAAAAAAA";
    private static final String STORAGE_A = "arn:aws:ivs:us-east-1:123456789012:storage-configuration/AAAAAAAAAAAA";
    private static final String NO_RECORDING = """
            {'storageConfigurationArn': '', 'mediaTypes': ['AUDIO_VIDEO'],
             'thumbnailConfiguration':
                 {'targetIntervalSeconds': 60, 'storage': ['SEQUENTIAL'], 'recordingMode': 'DISABLED'},
             'recordingReconnectWindowSeconds': 0,
             'hlsConfiguration': {'targetSegmentDurationSeconds': 6},
             'recordParticipantReplicas': true}""";
    private static final String ENDPOINTS = """
            {'events': 'wss://example.org:8443/events', 'whip': 'https://example.org:8443/whip',
             'rtmp': 'rtmp://example.org:1935/app/', 'rtmps': 'rtmps://example.org:443/app/'}""";

    @TempDir
    private Path directory;

    private Control control;

    @BeforeEach
    void open() {
        control = new Control(directory);
    }

    @AfterEach
    void close() {
        control.close();
    }

    private static String stage(String name, String tags, String recording) {
        return "{'arn': '" + STAGE_A + "', 'name': '" + name + "', 'activeSessionId': '', 'tags': " + tags
                + ", 'autoParticipantRecordingConfiguration': " + recording + ", 'endpoints': " + ENDPOINTS + "}";
    }

    @Test
    void createStageEchoesEveryDefault() {
        JsonNode answer = control.ask("CreateStage", "");

        assertThat(answer)
                .isEqualTo(Control.json("{'stage': " + stage("", "{}", NO_RECORDING) + ", 'participantTokens': []}"));
    }

    @Test
    void createStageMakesTheTokensThatItIsAskedFor() {
        JsonNode answer = control.ask("CreateStage", """
                {'participantTokenConfigurations':
                    [{}, {'duration': 5, 'userId': 'alice', 'attributes': {'k': 'v'}, 'capabilities': ['PUBLISH']}]}""");

        assertThat(answer.at("/participantTokens/0").properties().stream()
                        .filter(p -> !p.getKey().equals("token")))
                .extracting(Object::toString)
                .containsExactly(
                        "participantId=\"BBBBBBBBBBBB\"",
                        "duration=720",
                        "capabilities=[\"PUBLISH\",\"SUBSCRIBE\"]",
                        "expirationTime=\"2026-11-01T22:30:00Z\"");
        assertThat(answer.at("/participantTokens/1").properties().stream()
                        .filter(p -> !p.getKey().equals("token")))
                .extracting(Object::toString)
                .containsExactly(
                        "participantId=\"CCCCCCCCCCCC\"",
                        "userId=\"alice\"",
                        "attributes={\"k\":\"v\"}",
                        "duration=5",
                        "capabilities=[\"PUBLISH\"]",
                        "expirationTime=\"2026-11-01T10:35:00Z\"");
    }

    @Test
    void getStageShowsWhatCreateStageMade() {
        control.ask("CreateStage", "{'name': 'one', 'tags': {'a': 'b'}}");

        assertThat(control.ask("GetStage", "{'arn': '" + STAGE_A + "'}"))
                .isEqualTo(Control.json("{'stage': " + stage("one", "{'a': 'b'}", NO_RECORDING) + "}"));
    }

    @Test
    void recordingIsEchoedWithItsDefaults() {
        control.ask("CreateStorageConfiguration", "{'s3': {'bucketName': 'bucket'}}");

        JsonNode answer = control.ask(
                "CreateStage",
                "{'autoParticipantRecordingConfiguration': {'storageConfigurationArn': '" + STORAGE_A
                        + "', 'recordingReconnectWindowSeconds': 100, 'thumbnailConfiguration':"
                        + " {'recordingMode': 'INTERVAL'}, 'hlsConfiguration': {}}}");

        assertThat(answer.at("/stage/autoParticipantRecordingConfiguration"))
                .isEqualTo(Control.json("""
                        {'storageConfigurationArn': '%s', 'mediaTypes': ['AUDIO_VIDEO'],
                         'thumbnailConfiguration':
                             {'targetIntervalSeconds': 60, 'storage': ['SEQUENTIAL'], 'recordingMode': 'INTERVAL'},
                         'recordingReconnectWindowSeconds': 100,
                         'hlsConfiguration': {'targetSegmentDurationSeconds': 6},
                         'recordParticipantReplicas': true}""".formatted(STORAGE_A)));
    }

    @Test
    void updateStageChangesWhatItNamesAndResetsARecordingWithoutStorage() {
        control.ask("CreateStorageConfiguration", "{'s3': {'bucketName': 'bucket'}}");
        String arn = control.ask(
                        "CreateStage",
                        "{'name': 'old', 'autoParticipantRecordingConfiguration': {'storageConfigurationArn': '"
                                + STORAGE_A + "', 'mediaTypes': ['AUDIO_ONLY']}}")
                .at("/stage/arn")
                .stringValue();

        JsonNode renamed = control.ask("UpdateStage", "{'arn': '" + arn + "', 'name': 'new'}");
        JsonNode reset = control.ask(
                "UpdateStage",
                "{'arn': '" + arn + "', 'autoParticipantRecordingConfiguration': {'storageConfigurationArn': '',"
                        + " 'mediaTypes': ['NONE'], 'recordParticipantReplicas': false}}");

        assertThat(renamed.at("/stage/name").stringValue()).isEqualTo("new");
        assertThat(renamed.at("/stage/autoParticipantRecordingConfiguration/mediaTypes/0")
                        .stringValue())
                .isEqualTo("AUDIO_ONLY");
        assertThat(reset.at("/stage/name").stringValue()).isEqualTo("new");
        assertThat(reset.at("/stage/autoParticipantRecordingConfiguration")).isEqualTo(Control.json(NO_RECORDING));
    }

    @Test
    void listStagesShowsTheNewestFirst() {
        control.ask("CreateStage", "{'name': 'one'}");
        control.ask("CreateStage", "{'name': 'two', 'tags': {'a': 'b'}}");

        assertThat(control.ask("ListStages", "{}")).isEqualTo(Control.json("""
                        {'stages': [
                            {'arn': 'arn:aws:ivs:us-east-1:123456789012:stage/BBBBBBBBBBBB', 'name': 'two',
                             'activeSessionId': '', 'tags': {'a': 'b'}},
                            {'arn': 'arn:aws:ivs:us-east-1:123456789012:stage/AAAAAAAAAAAA', 'name': 'one',
                             'activeSessionId': '', 'tags': {}}]}"""));
    }

    @Test
    void aPageHasFiftyStagesUnlessAskedOtherwise() {
        for (int i = 0; i < 51; i++) {
            control.ask("CreateStage", "{}");
        }

        JsonNode first = control.ask("ListStages", "{}");
        JsonNode second = control.ask(
                "ListStages", "{'nextToken': '" + first.get("nextToken").stringValue() + "'}");

        assertThat(first.get("stages")).hasSize(50);
        assertThat(second.get("stages")).hasSize(1);
        assertThat(second.has("nextToken")).isFalse();
    }

    @Test
    void deleteStageClosesItAndStopsItsCompositions() {
        control.ask("CreateStage", "{}");

        assertThat(control.call("DeleteStage", "{'arn': '" + STAGE_A + "'}")).isEqualTo("200 {}");
        assertThat(control.planes).containsExactly("close " + STAGE_A);
        assertThat(control.call("GetStage", "{'arn': '" + STAGE_A + "'}"))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + STAGE_A + " not found");
    }

    @Test
    void everythingIsThereAfterARestart() {
        JsonNode made = control.ask("CreateStage", "{'name': 'one', 'tags': {'a': 'b'}}");
        control.close();
        control = new Control(directory);

        assertThat(control.ask("GetStage", "{'arn': '" + STAGE_A + "'}").get("stage"))
                .isEqualTo(made.get("stage"));
    }

    @Test
    void aTokenIsMadeForAStageThatExists() {
        control.ask("CreateStage", "{}");
        control.pass(Duration.ofMillis(1_999));

        JsonNode token = control.ask(
                        "CreateParticipantToken", "{'stageArn': '" + STAGE_A + "', 'duration': 20160, 'userId': 'bob'}")
                .get("participantToken");

        assertThat(token.get("expirationTime").stringValue()).isEqualTo("2026-11-15T10:30:01Z");
        assertThat(token.get("userId").stringValue()).isEqualTo("bob");
        assertThat(token.has("attributes")).isFalse();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GetStage    | {'arn': 'arn:aws:ivs:us-east-1:123456789012:stage/x'} | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:stage/x not found
            GetStage    | {'arn': 'arn:aws:ivs:eu-west-1:123456789012:stage/x'} | 404 ResourceNotFoundException: Resource: arn:aws:ivs:eu-west-1:123456789012:stage/x not found
            GetStage    | {'arn': 'arn:aws:ivs:us-east-1:999999999999:stage/x'} | 403 AccessDeniedException: Resource: arn:aws:ivs:us-east-1:999999999999:stage/x belongs to another account
            UpdateStage | {'arn': 'arn:aws:ivs:us-east-1:123456789012:stage/x'} | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:stage/x not found
            DeleteStage | {'arn': 'arn:aws:ivs:us-east-1:123456789012:stage/x'} | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:stage/x not found
            CreateStage | {'tags': {'AWS:x': 'y'}} | 400 ValidationException: 1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must not have a key that begins with aws:
            CreateStage | {'autoParticipantRecordingConfiguration': {'storageConfigurationArn': 'arn:aws:ivs:us-east-1:123456789012:storage-configuration/x'}} | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:storage-configuration/x not found
            CreateParticipantToken | {'stageArn': 'arn:aws:ivs:us-east-1:123456789012:stage/x'} | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:stage/x not found
            ListStages  | {'nextToken': 'AAAA'} | 400 ValidationException: 1 validation error detected: Value at 'nextToken' failed to satisfy constraint: Member must be a token that the same list returned
            """)
    void refuses(String operation, String request, String expected) {
        assertThat(control.call(operation, request)).isEqualTo(expected);
    }

    @Test
    void refusesAttributesOfMoreThanOneKilobyte() {
        control.ask("CreateStage", "{}");
        String fits = "{'stageArn': '" + STAGE_A + "', 'attributes': {'k': '" + "x".repeat(1_023) + "'}}";

        assertThat(control.call("CreateParticipantToken", fits)).startsWith("200 ");
        assertThat(control.call("CreateParticipantToken", fits.replace("'k'", "'kk'")))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'attributes' failed to"
                        + " satisfy constraint: Member must have at most 1024 bytes in total");
    }
}
