package dev.understudy.control.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationsTest {
    private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:";

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                            | {'width': 1280, 'height': 720, 'framerate': 30.0, 'bitrate': 2500000}
            {'video': {}}                 | {'width': 1280, 'height': 720, 'framerate': 30.0, 'bitrate': 2500000}
            {'video': {'bitrate': 1}}     | {'width': 1280, 'height': 720, 'framerate': 30.0, 'bitrate': 1}
            {'video': {'framerate': 29.97}} | {'width': 1280, 'height': 720, 'framerate': 29.97, 'bitrate': 2500000}
            {'video': {'width': 1080, 'height': 1920, 'framerate': 60, 'bitrate': 8500000}} | {'width': 1080, 'height': 1920, 'framerate': 60.0, 'bitrate': 8500000}
            {'video': {'width': 2, 'height': 2, 'framerate': 1}} | {'width': 2, 'height': 2, 'framerate': 1.0, 'bitrate': 2500000}
            """)
    void anEncoderConfigurationIsCompletedByTheDefaults(String asked, String video) {
        String configuration = "{'encoderConfiguration': {'arn': '" + ARN
                + "encoder-configuration/AAAAAAAAAAAA', 'name': '', 'video': " + video + ", 'tags': {}}}";

        assertThat(control.ask("CreateEncoderConfiguration", asked)).isEqualTo(Control.json(configuration));
        assertThat(control.ask("GetEncoderConfiguration", "{'arn': '" + ARN + "encoder-configuration/AAAAAAAAAAAA'}"))
                .isEqualTo(Control.json(configuration));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'width': 641, 'height': 360}   | 'video.width' failed to satisfy constraint: Member must be an even number
            {'width': 640, 'height': 361}   | 'video.height' failed to satisfy constraint: Member must be an even number
            {'width': 1920, 'height': 1082} | 'video' failed to satisfy constraint: Member must have a width times height less than or equal to 2073600 pixels
            {'width': 1920, 'height': 1920} | 'video' failed to satisfy constraint: Member must have a width times height less than or equal to 2073600 pixels
            """)
    void refusesWhatNoEncoderCanDo(String video, String expected) {
        assertThat(control.call("CreateEncoderConfiguration", "{'video': " + video + "}"))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at " + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'width': 1922}", "{'height': 0}", "{'framerate': 60.5}", "{'bitrate': 8500001}"})
    void refusesWhatTheModelForbids(String video) {
        assertThat(control.call("CreateEncoderConfiguration", "{'video': " + video + "}"))
                .startsWith("400 ValidationException");
    }

    @Test
    void whatAStageRecordsByIsNotDeletedBeforeTheStageLetsGoOfIt() {
        String storage = control.ask("CreateStorageConfiguration", "{'s3': {'bucketName': 'bucket'}}")
                .at("/storageConfiguration/arn")
                .stringValue();
        String recording = "'autoParticipantRecordingConfiguration': {'storageConfigurationArn': '%s'}";
        String stage = control.ask("CreateStage", "{" + recording.formatted(storage) + "}")
                .at("/stage/arn")
                .stringValue();
        String byArn = "{'arn': '" + storage + "'}";

        assertThat(control.call("DeleteStorageConfiguration", byArn))
                .isEqualTo("409 ConflictException: Resource: " + storage + " is in use by a stage");
        control.ask("UpdateStage", "{'arn': '" + stage + "', " + recording.formatted("") + "}");
        assertThat(control.call("DeleteStorageConfiguration", byArn)).isEqualTo("200 {}");
    }

    @Test
    void listsEncoderConfigurationsInShort() {
        control.ask("CreateEncoderConfiguration", "{'name': 'one', 'tags': {'a': 'b'}}");

        assertThat(control.ask("ListEncoderConfigurations", "{}"))
                .isEqualTo(Control.json("{'encoderConfigurations': [{'arn': '" + ARN
                        + "encoder-configuration/AAAAAAAAAAAA', 'name': 'one', 'tags': {'a': 'b'}}]}"));
    }

    @Test
    void anAccountHasTwentyEncoderConfigurationsAndFiveStorageConfigurations() {
        for (int i = 0; i < 20; i++) {
            control.ask("CreateEncoderConfiguration", "{}");
        }
        for (int i = 0; i < 5; i++) {
            control.ask("CreateStorageConfiguration", "{'s3': {'bucketName': 'bucket'}}");
        }

        assertThat(control.call("CreateEncoderConfiguration", "{}"))
                .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 20 encoder configurations");
        assertThat(control.call("CreateStorageConfiguration", "{'s3': {'bucketName': 'bucket'}}"))
                .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 5 storage configurations");
    }

    @Test
    void aStorageConfigurationIsEchoedGotAndListedAlike() {
        String configuration = "{'arn': '" + ARN + "storage-configuration/AAAAAAAAAAAA', 'name': 'n',"
                + " 's3': {'bucketName': 'my.bucket-1'}, 'tags': {'a': 'b'}}";

        assertThat(control.ask(
                        "CreateStorageConfiguration",
                        "{'name': 'n', 's3': {'bucketName': 'my.bucket-1'}, 'tags': {'a': 'b'}}"))
                .isEqualTo(Control.json("{'storageConfiguration': " + configuration + "}"));
        assertThat(control.ask("GetStorageConfiguration", "{'arn': '" + ARN + "storage-configuration/AAAAAAAAAAAA'}"))
                .isEqualTo(Control.json("{'storageConfiguration': " + configuration + "}"));
        assertThat(control.ask("ListStorageConfigurations", "{}"))
                .isEqualTo(Control.json("{'storageConfigurations': [" + configuration + "]}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "...", "a..b", ".ab", "ab.", "-ab", "ab-", "a.-b", "a-.b", "127.0.0.1", "1.2.3.4"})
    void refusesBucketNamesThatS3Refuses(String name) {
        assertThat(control.call("CreateStorageConfiguration", "{'s3': {'bucketName': '" + name + "'}}"))
                .startsWith("400 ValidationException: 1 validation error detected: Value at 's3.bucketName'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "a-b", "a.b.c", "1ab", "a--b", "1.2.3"})
    void takesBucketNamesThatS3Takes(String name) {
        assertThat(control.call("CreateStorageConfiguration", "{'s3': {'bucketName': '" + name + "'}}"))
                .startsWith("200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EncoderConfiguration", "StorageConfiguration"})
    void whatIsNotThereIsNotFound(String kind) {
        String type = kind.equals("EncoderConfiguration") ? "encoder-configuration" : "storage-configuration";
        String request = "{'arn': '" + ARN + type + "/x'}";
        String expected = "404 ResourceNotFoundException: Resource: " + ARN + type + "/x not found";

        assertThat(control.call("Get" + kind, request)).isEqualTo(expected);
        assertThat(control.call("Delete" + kind, request)).isEqualTo(expected);
    }
}
