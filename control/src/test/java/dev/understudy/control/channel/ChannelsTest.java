package dev.understudy.control.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.resource.Quotas;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ChannelsTest {
    private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:";
    private static final String CHANNEL_A = ARN + "channel/AAAAAAAAAAAA";
    private static final String KEY_B = ARN + "stream-key/BBBBBBBBBBBB";
    private static final String DEFAULT_CHANNEL = """
            {'arn': 'CHANNEL', 'name': '', 'latencyMode': 'LOW', 'type': 'STANDARD', 'recordingConfigurationArn': '',
             'ingestEndpoint': 'example.org',
             'playbackUrl':
                 'https://example.org:8443/api/video/v1/us-east-1.123456789012.channel.AAAAAAAAAAAA.m3u8',
             'authorized': false, 'tags': {}, 'insecureIngest': false, 'preset': '',
             'srt': {'endpoint': 'example.org', 'passphrase':
                 'DDDDDDDDDDDDEEEEEEEEEEEEFFFFFFFFFFFFGGGGGGGGGGGGHHHHHHHHHHHHIIIIIIIIII'},
             'playbackRestrictionPolicyArn': '',
             'multitrackInputConfiguration': {'enabled': false, 'policy': '', 'maximumResolution': ''},
             'containerFormat': 'TS', 'adConfigurationArn': ''}""".replace("CHANNEL", CHANNEL_A);
    private static final String DEFAULT_KEY = "{'arn': '" + KEY_B
            + "', 'value': 'sk_us-east-1_BBBBBBBBBBBB_CCCCCCCCCCCC', 'channelArn': '" + CHANNEL_A + "', 'tags': {}}";

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

    private JsonNode create(String request) {
        return control.ask("CreateChannel", request).get("channel");
    }

    private static String arn(JsonNode resource) {
        return resource.get("arn").stringValue();
    }

    @Test
    void createMakesAChannelAndItsStreamKeyAndEchoesEveryDefault() {
        assertThat(control.ask("CreateChannel", ""))
                .isEqualTo(Control.json("{'channel': " + DEFAULT_CHANNEL + ", 'streamKey': " + DEFAULT_KEY + "}"));
        assertThat(control.ask("GetChannel", "{'arn': '" + CHANNEL_A + "'}"))
                .isEqualTo(Control.json("{'channel': " + DEFAULT_CHANNEL + "}"));
        assertThat(control.ask("GetStreamKey", "{'arn': '" + KEY_B + "'}"))
                .isEqualTo(Control.json("{'streamKey': " + DEFAULT_KEY + "}"));
    }

    @Test
    void createEchoesWhatIsAskedFor() {
        String recording = arn(control.ask(
                        "CreateRecordingConfiguration",
                        "{'destinationConfiguration': {'s3': {'bucketName': 'bucket'}}}")
                .get("recordingConfiguration"));
        String policy = arn(control.ask("CreatePlaybackRestrictionPolicy", "{}").get("playbackRestrictionPolicy"));
        String ads = arn(control.ask("CreateAdConfiguration", "{'mediaTailorPlaybackConfigurations': [{}]}")
                .get("adConfiguration"));
        String asked = "'name': 'n', 'latencyMode': 'NORMAL', 'type': 'STANDARD', 'authorized': true,"
                + " 'recordingConfigurationArn': '" + recording + "', 'tags': {'a': 'b'}, 'insecureIngest': true,"
                + " 'playbackRestrictionPolicyArn': '" + policy + "', 'adConfigurationArn': '" + ads + "',"
                + " 'containerFormat': 'FRAGMENTED_MP4', 'multitrackInputConfiguration':"
                + " {'enabled': true, 'policy': 'ALLOW', 'maximumResolution': 'HD'}";

        JsonNode created = create("{" + asked + "}");

        assertThat(created)
                .isEqualTo(Control.json("{'arn': '" + arn(created) + "', 'preset': '',"
                        + " 'ingestEndpoint': 'example.org', 'srt': {'endpoint': 'example.org', 'passphrase': ''},"
                        + " 'playbackUrl': '" + created.get("playbackUrl").stringValue() + "', " + asked + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'type': 'BASIC'}       | ''
            {'type': 'ADVANCED_SD'} | 'HIGHER_BANDWIDTH_DELIVERY'
            {'type': 'ADVANCED_HD'} | 'HIGHER_BANDWIDTH_DELIVERY'
            {'type': 'ADVANCED_HD', 'preset': 'CONSTRAINED_BANDWIDTH_DELIVERY'} | 'CONSTRAINED_BANDWIDTH_DELIVERY'
            """)
    void onlyAdvancedTypesHaveAPreset(String request, String preset) {
        assertThat(create(request).get("preset"))
                .isEqualTo(Control.json("[" + preset + "]").get(0));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            preset of a standard channel | {'preset': 'HIGHER_BANDWIDTH_DELIVERY'} | 400 ValidationException: 1 validation error detected: Value at 'preset' failed to satisfy constraint: Member must not be set unless type is ADVANCED_SD or ADVANCED_HD
            multitrack and type | {'type': 'BASIC', 'containerFormat': 'FRAGMENTED_MP4', 'multitrackInputConfiguration': {'enabled': true, 'policy': 'ALLOW', 'maximumResolution': 'HD'}} | 400 ValidationException: 1 validation error detected: Value at 'type' failed to satisfy constraint: Member must be STANDARD when multitrack input is enabled
            multitrack and container | {'multitrackInputConfiguration': {'enabled': true, 'policy': 'ALLOW', 'maximumResolution': 'HD'}} | 400 ValidationException: 1 validation error detected: Value at 'containerFormat' failed to satisfy constraint: Member must be FRAGMENTED_MP4 when multitrack input is enabled
            multitrack without policy | {'containerFormat': 'FRAGMENTED_MP4', 'multitrackInputConfiguration': {'enabled': true, 'maximumResolution': 'HD'}} | 400 ValidationException: 1 validation error detected: Value at 'multitrackInputConfiguration.policy' failed to satisfy constraint: Member must be set when multitrack input is enabled
            multitrack without resolution | {'containerFormat': 'FRAGMENTED_MP4', 'multitrackInputConfiguration': {'enabled': true, 'policy': 'ALLOW'}} | 400 ValidationException: 1 validation error detected: Value at 'multitrackInputConfiguration.maximumResolution' failed to satisfy constraint: Member must be set when multitrack input is enabled
            no such recording configuration | {'recordingConfigurationArn': 'arn:aws:ivs:us-east-1:123456789012:recording-configuration/x'} | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:recording-configuration/x not found
            no such policy | {'playbackRestrictionPolicyArn': 'arn:aws:ivs:us-east-1:123456789012:playback-restriction-policy/x'} | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:playback-restriction-policy/x not found
            an ad configuration of others | {'adConfigurationArn': 'arn:aws:ivs:us-east-1:999999999999:ad-configuration/x'} | 403 AccessDeniedException: Resource: arn:aws:ivs:us-east-1:999999999999:ad-configuration/x belongs to another account
            """)
    void createRefuses(String description, String request, String expected) {
        assertThat(control.call("CreateChannel", request)).as(description).isEqualTo(expected);
        assertThat(control.ask("ListChannels", "{}")).isEqualTo(Control.json("{'channels': []}"));
    }

    @Test
    void updateChangesWhatItNamesAndNothingElse() {
        create("{'name': 'before', 'type': 'ADVANCED_HD', 'tags': {'a': 'b'}}");
        String before =
                control.ask("GetChannel", "{'arn': '" + CHANNEL_A + "'}").toString();

        JsonNode updated =
                control.ask("UpdateChannel", "{'arn': '" + CHANNEL_A + "', 'name': 'after', 'authorized': true}");
        control.ask("UpdateChannel", "{'arn': '" + CHANNEL_A + "', 'type': 'STANDARD'}");

        assertThat(updated.toString())
                .isEqualTo(before.replace("before", "after").replace("\"authorized\":false", "\"authorized\":true"));
        assertThat(control.ask("GetChannel", "{'arn': '" + CHANNEL_A + "'}").toString())
                .isEqualTo(
                        updated.toString().replace("ADVANCED_HD", "STANDARD").replace("HIGHER_BANDWIDTH_DELIVERY", ""));
    }

    @Test
    void updateIsHeldAgainstWhatTheChannelIs() {
        create("{'containerFormat': 'FRAGMENTED_MP4',"
                + " 'multitrackInputConfiguration': {'enabled': true, 'policy': 'ALLOW', 'maximumResolution': 'HD'}}");

        assertThat(control.call("UpdateChannel", "{'arn': '" + CHANNEL_A + "', 'type': 'BASIC'}"))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'type' failed to satisfy"
                        + " constraint: Member must be STANDARD when multitrack input is enabled");
        assertThat(control.call(
                        "UpdateChannel",
                        "{'arn': '" + CHANNEL_A
                                + "', 'type': 'BASIC', 'multitrackInputConfiguration': {'enabled': false}}"))
                .startsWith("200 ");
    }

    @Test
    void deletesAChannelWithItsKey() {
        create("{}");

        assertThat(control.status("DeleteChannel", "{'arn': '" + CHANNEL_A + "'}"))
                .isEqualTo("204");

        String notFound = "404 ResourceNotFoundException: Resource: ";
        assertThat(control.call("GetChannel", "{'arn': '" + CHANNEL_A + "'}"))
                .isEqualTo(notFound + CHANNEL_A + " not found");
        assertThat(control.call("GetStreamKey", "{'arn': '" + KEY_B + "'}")).isEqualTo(notFound + KEY_B + " not found");
        assertThat(control.call("DeleteChannel", "{'arn': '" + CHANNEL_A + "'}"))
                .isEqualTo(notFound + CHANNEL_A + " not found");
        assertThat(control.call("UpdateChannel", "{'arn': '" + CHANNEL_A + "'}"))
                .isEqualTo(notFound + CHANNEL_A + " not found");
    }

    @Test
    void aBatchAnswersWithWhatIsThereAndSaysWhatIsNot() {
        create("{}");
        String others = "arn:aws:ivs:us-east-1:999999999999:channel/x";

        assertThat(control.ask(
                        "BatchGetChannel",
                        "{'arns': ['" + ARN + "channel/x', '" + CHANNEL_A + "', '" + CHANNEL_A + "', '" + others
                                + "']}"))
                .isEqualTo(Control.json("{'channels': [" + DEFAULT_CHANNEL + "], 'errors': [{'arn': '" + ARN
                        + "channel/x', 'code': 'ResourceNotFoundException', 'message': 'Resource: " + ARN
                        + "channel/x not found'}, {'arn': '" + others + "', 'code': 'AccessDeniedException',"
                        + " 'message': 'Resource: " + others + " belongs to another account'}]}"));
        assertThat(control.ask("BatchGetStreamKey", "{'arns': ['" + KEY_B + "', '" + ARN + "stream-key/x']}"))
                .isEqualTo(Control.json("{'streamKeys': [" + DEFAULT_KEY + "], 'errors': [{'arn': '" + ARN
                        + "stream-key/x', 'code': 'ResourceNotFoundException', 'message': 'Resource: " + ARN
                        + "stream-key/x not found'}]}"));
    }

    @Test
    void listsChannelsInShortNewestFirstInPages() {
        create("{'name': 'one', 'tags': {'a': 'b'}}");
        JsonNode second = create("{}");

        JsonNode page = control.ask("ListChannels", "{'maxResults': 1}");
        JsonNode last = control.ask(
                "ListChannels",
                "{'maxResults': 1, 'nextToken': '" + page.get("nextToken").stringValue() + "'}");

        assertThat(page.at("/channels/0/arn")).isEqualTo(second.get("arn"));
        assertThat(last)
                .isEqualTo(Control.json("{'channels': [{'arn': '" + CHANNEL_A + "', 'name': 'one',"
                        + " 'latencyMode': 'LOW', 'authorized': false, 'recordingConfigurationArn': '',"
                        + " 'tags': {'a': 'b'}, 'insecureIngest': false, 'type': 'STANDARD', 'preset': '',"
                        + " 'playbackRestrictionPolicyArn': '', 'adConfigurationArn': ''}]}"));
    }

    @Test
    void listsChannelsByOneFilter() {
        String policy = arn(control.ask("CreatePlaybackRestrictionPolicy", "{}").get("playbackRestrictionPolicy"));
        String named = arn(create("{'name': 'one'}"));
        String restricted = arn(create("{'playbackRestrictionPolicyArn': '" + policy + "'}"));
        String byPolicy = "'filterByPlaybackRestrictionPolicyArn': '" + policy + "'";

        assertThat(listed("{'filterByName': 'one'}")).isEqualTo(named);
        assertThat(listed("{" + byPolicy + "}")).isEqualTo(restricted);
        assertThat(control.call("ListChannels", "{'filterByName': 'one', " + byPolicy + "}"))
                .isEqualTo("409 ConflictException: Only one of filterByName, filterByRecordingConfigurationArn,"
                        + " filterByPlaybackRestrictionPolicyArn and filterByAdConfigurationArn is allowed");
    }

    /** The only one that the filter leaves. */
    private String listed(String filter) {
        JsonNode channels = control.ask("ListChannels", filter).get("channels");
        assertThat(channels).hasSize(1);
        return arn(channels.get(0));
    }

    @Test
    void anAccountHasSoManyChannels(@TempDir Path other) {
        try (Control small = new Control(other, Quotas.IVS.with(Quota.CHANNELS, 2))) {
            small.ask("CreateChannel", "{}");
            small.ask("CreateChannel", "{}");

            assertThat(small.call("CreateChannel", "{}"))
                    .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 2 channels");
        }
    }

    @Test
    void aChannelHasOneStreamKeyAndGetsAnotherOnceThatIsDeleted() {
        create("{}");
        String ofChannel = "{'channelArn': '" + CHANNEL_A + "'";

        assertThat(control.call("CreateStreamKey", ofChannel + "}"))
                .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 1 stream key for a channel");
        assertThat(control.status("DeleteStreamKey", "{'arn': '" + KEY_B + "'}"))
                .isEqualTo("204");
        assertThat(control.call("DeleteStreamKey", "{'arn': '" + KEY_B + "'}"))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + KEY_B + " not found");
        assertThat(control.ask("ListStreamKeys", ofChannel + "}")).isEqualTo(Control.json("{'streamKeys': []}"));

        JsonNode key = control.ask("CreateStreamKey", ofChannel + ", 'tags': {'a': 'b'}}")
                .get("streamKey");
        assertThat(control.ask("ListStreamKeys", ofChannel + "}"))
                .isEqualTo(Control.json("{'streamKeys': [{'arn': '" + arn(key) + "', 'channelArn': '" + CHANNEL_A
                        + "', 'tags': {'a': 'b'}}]}"));
    }

    @Test
    void keysOfNoChannelAreNotFound() {
        String expected = "404 ResourceNotFoundException: Resource: " + CHANNEL_A + " not found";

        assertThat(control.call("CreateStreamKey", "{'channelArn': '" + CHANNEL_A + "'}"))
                .isEqualTo(expected);
        assertThat(control.call("ListStreamKeys", "{'channelArn': '" + CHANNEL_A + "'}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GetStream {'channelArn': 'CHANNEL'}",
                "StopStream {'channelArn': 'CHANNEL'}",
                "PutMetadata {'channelArn': 'CHANNEL', 'metadata': 'm'}",
                "InsertAdBreak {'channelArn': 'CHANNEL', 'durationSeconds': 1}",
            })
    void aChannelThatIsNotLiveIsNotBroadcasting(String call) {
        String[] parts = call.replace("CHANNEL", CHANNEL_A).split(" ", 2);

        assertThat(control.call(parts[0], parts[1]))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + CHANNEL_A + " not found");
        create("{}");
        assertThat(control.call(parts[0], parts[1]))
                .isEqualTo("404 ChannelNotBroadcasting: Channel: " + CHANNEL_A + " is not broadcasting");
    }

    @Test
    void metadataHaveOneKilobyte() {
        create("{}");
        String request = "{'channelArn': '" + CHANNEL_A + "', 'metadata': '";

        assertThat(control.call("PutMetadata", request + "x".repeat(1_024) + "'}"))
                .startsWith("404 ChannelNotBroadcasting");
        assertThat(control.call("PutMetadata", request + "x".repeat(1_023) + "é'}"))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'metadata' failed to"
                        + " satisfy constraint: Member must have at most 1024 bytes");
    }

    @Test
    void aChannelThatHasNeverBeenLiveHasNoStreams() {
        create("{}");
        String ofChannel = "{'channelArn': '" + CHANNEL_A + "'";
        String streamId = "st-" + "x".repeat(23);

        assertThat(control.ask("ListStreams", "{'filterBy': {'health': 'HEALTHY'}}"))
                .isEqualTo(Control.json("{'streams': []}"));
        assertThat(control.ask("ListStreamSessions", ofChannel + "}"))
                .isEqualTo(Control.json("{'streamSessions': []}"));
        assertThat(control.call("GetStreamSession", ofChannel + ", 'streamId': '" + streamId + "'}"))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + streamId + " not found");
        assertThat(control.call("GetStreamSession", ofChannel + "}")).startsWith("404 ResourceNotFoundException");
        assertThat(control.call("ListStreams", "{'nextToken': 'made-up'}")).startsWith("400 ValidationException");
    }
}
