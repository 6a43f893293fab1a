package dev.understudy.control.tag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest {
    private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:";
    private static final String STAGE = "/tags/" + ARN + "stage/AAAAAAAAAAAA";

    @TempDir
    private Path directory;

    private Control control;

    @BeforeEach
    void open() {
        control = new Control(directory);
        control.ask("CreateStage", "{'tags': {'a': '1', 'b': '2'}}");
    }

    @AfterEach
    void close() {
        control.close();
    }

    private static String tags(int from, int to) {
        return "{'tags': {"
                + IntStream.range(from, to).mapToObj(i -> "'k" + i + "': ''").collect(Collectors.joining(", ")) + "}}";
    }

    @Test
    void tagsAreAddedChangedAndTakenAway() {
        assertThat(control.call("POST", STAGE, "", "{'tags': {'b': 'changed', 'x y_.:/=+-@': 'new'}}"))
                .isEqualTo("200 {}");
        assertThat(control.call("DELETE", STAGE, "tagKeys=a&tagKeys=unknown", ""))
                .isEqualTo("200 {}");

        assertThat(control.call("GET", STAGE, "", ""))
                .isEqualTo("200 {\"tags\":{\"b\":\"changed\",\"x y_.:/=+-@\":\"new\"}}");
        assertThat(control.ask("GetStage", "{'arn': '" + ARN + "stage/AAAAAAAAAAAA'}")
                        .at("/stage/tags"))
                .isEqualTo(Control.json("{'b': 'changed', 'x y_.:/=+-@': 'new'}"));
    }

    @Test
    void moreThanFiftyInAllAreRefusedAndNothingIsStored() {
        assertThat(control.call("POST", STAGE, "", tags(0, 48))).isEqualTo("200 {}");

        assertThat(control.call("POST", STAGE, "", tags(48, 49)))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'tags' failed to satisfy"
                        + " constraint: Member must have length less than or equal to 50");
        assertThat(control.call("GET", STAGE, "", "")).doesNotContain("k48");
        assertThat(control.call("POST", STAGE, "", "{'tags': {'a': 'changed'}}"))
                .isEqualTo("200 {}");
    }

    @Test
    void keysThatAwsKeepsForItselfAreRefused() {
        assertThat(control.call("POST", STAGE, "", "{'tags': {'aws:x': ''}}"))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'tags' failed to satisfy"
                        + " constraint: Member must not have a key that begins with aws:");
        assertThat(control.call("DELETE", STAGE, "tagKeys=aws:x", ""))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'tagKeys' failed to satisfy"
                        + " constraint: Member must not have a key that begins with aws:");
    }

    @Test
    void onlyTheModelOfChannelsSaysWhichCharactersTagsHave() {
        String channel = control.ask("CreateChannel", "{}").at("/channel/arn").stringValue();

        assertThat(control.call("POST", STAGE, "", "{'tags': {'a!': '#'}}")).isEqualTo("200 {}");
        assertThat(control.call("POST", "/tags/" + channel, "", "{'tags': {'a!': ''}}"))
                .startsWith("400 ValidationException: 1 validation error detected: Value at 'tags' failed to satisfy"
                        + " constraint: Map keys must satisfy constraint: [");
        assertThat(control.call("POST", "/tags/" + channel, "", "{'tags': {'a': '#'}}"))
                .startsWith("400 ValidationException: 1 validation error detected: Value at 'tags' failed to satisfy"
                        + " constraint: Map value must satisfy constraint: [");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CreateEncoderConfiguration encoderConfiguration {'tags': {'a': 'b'}}",
                "CreateIngestConfiguration ingestConfiguration {'ingestProtocol': 'RTMPS', 'tags': {'a': 'b'}}",
                "CreateChannel channel {'tags': {'a': 'b'}}",
                "CreateRecordingConfiguration recordingConfiguration {'destinationConfiguration':"
                        + " {'s3': {'bucketName': 'bucket'}}, 'tags': {'a': 'b'}}",
                "CreatePlaybackRestrictionPolicy playbackRestrictionPolicy {'tags': {'a': 'b'}}",
                "CreateAdConfiguration adConfiguration {'mediaTailorPlaybackConfigurations': [{}],"
                        + " 'tags': {'a': 'b'}}",
                "CreateStorageConfiguration storageConfiguration {'s3': {'bucketName': 'bucket'}, 'tags': {'a': 'b'}}",
            })
    void everyKindHasTags(String call) {
        String[] parts = call.split(" ", 3);
        String arn = control.ask(parts[0], parts[2]).get(parts[1]).get("arn").stringValue();

        assertThat(control.call("GET", "/tags/" + arn, "", "")).isEqualTo("200 {\"tags\":{\"a\":\"b\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stage/x", "composition/x", "public-key/x", "stream-key/x", "playback-key/x"})
    void whatIsNotThereIsNotFound(String resource) {
        assertThat(control.call("GET", "/tags/" + ARN + resource, "", ""))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + ARN + resource + " not found");
    }

    @Test
    void anotherAccountsResourceIsDenied() {
        assertThat(control.call("GET", "/tags/arn:aws:ivs:us-east-1:999999999999:stage/AAAAAAAAAAAA", "", ""))
                .startsWith("403 AccessDeniedException");
    }
}
