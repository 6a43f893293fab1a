package dev.understudy.control.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ChannelConfigurationsTest {
    private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:";
    private static final String BUCKET = "'destinationConfiguration': {'s3': {'bucketName': 'bucket'}}";
    private static final String TAILOR = "arn:aws:mediatailor:us-east-1:123456789012:playbackConfiguration/x";

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

    private static String keyRequest(String more) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        String body = Base64.getEncoder()
                .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
        return "{'publicKeyMaterial': '-----BEGIN PUBLIC KEY-----\\n" + body + "\\n-----END PUBLIC KEY-----'" + more
                + "}";
    }

    @Test
    void aRecordingConfigurationIsCompletedByTheDefaults() {
        String head = "'arn': '" + ARN + "recording-configuration/AAAAAAAAAAAA', 'name': '', " + BUCKET
                + ", 'state': 'ACTIVE', 'tags': {}";
        String whole = "{'recordingConfiguration': {" + head + ", 'thumbnailConfiguration': {'recordingMode':"
                + " 'INTERVAL', 'targetIntervalSeconds': 60, 'storage': ['SEQUENTIAL']},"
                + " 'recordingReconnectWindowSeconds': 0,"
                + " 'renditionConfiguration': {'renditionSelection': 'ALL', 'renditions': []}}}";

        assertThat(control.ask("CreateRecordingConfiguration", "{" + BUCKET + "}"))
                .isEqualTo(Control.json(whole));
        assertThat(control.ask(
                        "GetRecordingConfiguration", "{'arn': '" + ARN + "recording-configuration/AAAAAAAAAAAA'}"))
                .isEqualTo(Control.json(whole));
        assertThat(control.ask("ListRecordingConfigurations", "{}"))
                .isEqualTo(Control.json("{'recordingConfigurations': [{" + head + "}]}"));
    }

    @Test
    void aRecordingConfigurationIsEchoed() {
        String asked = "'name': 'n', " + BUCKET + ", 'tags': {'a': 'b'}, 'thumbnailConfiguration':"
                + " {'recordingMode': 'DISABLED', 'targetIntervalSeconds': 5, 'resolution': 'HD', 'storage':"
                + " ['LATEST', 'SEQUENTIAL']}, 'recordingReconnectWindowSeconds': 300, 'renditionConfiguration':"
                + " {'renditionSelection': 'CUSTOM', 'renditions': ['HD', 'SD']}";

        JsonNode created = control.ask("CreateRecordingConfiguration", "{" + asked + "}");

        assertThat(created)
                .isEqualTo(Control.json("{'recordingConfiguration': {'arn': '" + ARN
                        + "recording-configuration/AAAAAAAAAAAA', 'state': 'ACTIVE', " + asked + "}}"));
        assertThat(control.ask(
                        "GetRecordingConfiguration", "{'arn': '" + ARN + "recording-configuration/AAAAAAAAAAAA'}"))
                .isEqualTo(created);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'destinationConfiguration': {}} | 'destinationConfiguration.s3' failed to satisfy constraint: Member must not be null
            {'destinationConfiguration': {'s3': {'bucketName': '1.2.3.4'}}} | 'destinationConfiguration.s3.bucketName' failed to satisfy constraint: Member must not be formatted as an IP address
            {'destinationConfiguration': {'s3': {'bucketName': 'bucket'}}, 'renditionConfiguration': {'renditionSelection': 'CUSTOM'}} | 'renditionConfiguration.renditions' failed to satisfy constraint: Member must be set when renditionSelection is CUSTOM
            """)
    void refusesWhatCannotBeRecorded(String request, String expected) {
        assertThat(control.call("CreateRecordingConfiguration", request))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at " + expected);
    }

    @Test
    void aPlaybackKeyPairIsEchoedGotAndListedWithoutItsMaterial() throws GeneralSecurityException {
        JsonNode created = control.ask("ImportPlaybackKeyPair", keyRequest(", 'name': 'n', 'tags': {'a': 'b'}"));
        String fingerprint = created.at("/keyPair/fingerprint").stringValue();
        String arn = ARN + "playback-key/AAAAAAAAAAAA";

        assertThat(fingerprint).matches("([0-9a-f]{2}:){15}[0-9a-f]{2}");
        assertThat(created)
                .isEqualTo(Control.json("{'keyPair': {'arn': '" + arn + "', 'name': 'n', 'fingerprint': '" + fingerprint
                        + "', 'tags': {'a': 'b'}}}"));
        assertThat(control.ask("GetPlaybackKeyPair", "{'arn': '" + arn + "'}")).isEqualTo(created);
        assertThat(control.ask("ListPlaybackKeyPairs", "{}"))
                .isEqualTo(Control.json("{'keyPairs': [{'arn': '" + arn + "', 'name': 'n', 'tags': {'a': 'b'}}]}"));
        assertThat(control.call("DeletePlaybackKeyPair", "{'arn': '" + arn + "'}"))
                .isEqualTo("200 {}");
    }

    @Test
    void aKeyIsImportedOnceAndThreeInAll() throws GeneralSecurityException {
        String first = keyRequest("");
        control.ask("ImportPlaybackKeyPair", first);

        assertThat(control.call("ImportPlaybackKeyPair", first)).startsWith("409 ConflictException: The public key ");
        assertThat(control.call("ImportPlaybackKeyPair", "{'publicKeyMaterial': 'none'}"))
                .startsWith("400 ValidationException: 1 validation error detected: Value at 'publicKeyMaterial'");
        control.ask("ImportPlaybackKeyPair", keyRequest(""));
        control.ask("ImportPlaybackKeyPair", keyRequest(""));
        assertThat(control.call("ImportPlaybackKeyPair", keyRequest("")))
                .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 3 playback key pairs");
    }

    @Test
    void aPlaybackRestrictionPolicyIsCompletedByTheDefaultsAndUpdated() {
        String arn = ARN + "playback-restriction-policy/AAAAAAAAAAAA";
        String policy = "{'arn': '" + arn + "', 'allowedCountries': [], 'allowedOrigins': [],"
                + " 'enableStrictOriginEnforcement': false, 'name': '', 'tags': {}}";

        assertThat(control.ask("CreatePlaybackRestrictionPolicy", "{}"))
                .isEqualTo(Control.json("{'playbackRestrictionPolicy': " + policy + "}"));

        JsonNode updated = control.ask(
                "UpdatePlaybackRestrictionPolicy",
                "{'arn': '" + arn + "', 'allowedCountries': ['DE', 'US'], 'allowedOrigins': ['https://a.example'],"
                        + " 'enableStrictOriginEnforcement': true, 'name': 'n'}");
        assertThat(updated)
                .isEqualTo(Control.json("{'playbackRestrictionPolicy': {'arn': '" + arn + "', 'allowedCountries':"
                        + " ['DE', 'US'], 'allowedOrigins': ['https://a.example'],"
                        + " 'enableStrictOriginEnforcement': true, 'name': 'n', 'tags': {}}}"));
        assertThat(control.ask("UpdatePlaybackRestrictionPolicy", "{'arn': '" + arn + "', 'allowedCountries': []}")
                        .at("/playbackRestrictionPolicy/allowedOrigins"))
                .isEqualTo(Control.json("['https://a.example']"));
        assertThat(control.ask("GetPlaybackRestrictionPolicy", "{'arn': '" + arn + "'}")
                        .at("/playbackRestrictionPolicy/allowedCountries"))
                .isEmpty();
    }

    @Test
    void aCountryIsOneOfTheList() {
        String expected = "400 ValidationException: 1 validation error detected: Value at 'allowedCountries' failed to"
                + " satisfy constraint: Member must consist of officially assigned ISO 3166-1 alpha-2 codes";

        assertThat(control.call("CreatePlaybackRestrictionPolicy", "{'allowedCountries': ['DE', 'XX']}"))
                .isEqualTo(expected);
        assertThat(control.call(
                        "UpdatePlaybackRestrictionPolicy",
                        "{'arn': '" + ARN + "playback-restriction-policy/x', 'allowedCountries': ['de']}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "**",
                "not an origin",
                "a.example",
                "https://",
                "https://a.example/",
                "https://a@b",
                "a://b?c"
            })
    void anOriginIsWhatABrowserSends(String origin) {
        String expected = "400 ValidationException: 1 validation error detected: Value at 'allowedOrigins' failed to"
                + " satisfy constraint: Member must consist of origins, as in https://example.org or"
                + " https://example.org:8443";
        String request = "'allowedOrigins': ['https://a.example', '" + origin + "']}";

        assertThat(control.call("CreatePlaybackRestrictionPolicy", "{" + request))
                .isEqualTo(expected);
        assertThat(control.call(
                        "UpdatePlaybackRestrictionPolicy",
                        "{'arn': '" + ARN + "playback-restriction-policy/x', " + request))
                .isEqualTo(expected);
    }

    @Test
    void originsOfEveryFormAreTaken() {
        String origins =
                "['*', 'null', 'http://localhost:8080', 'https://[::1]:8443', 'https://*.a.example', 'app+x://id']";

        assertThat(control.ask("CreatePlaybackRestrictionPolicy", "{'allowedOrigins': " + origins + "}")
                        .at("/playbackRestrictionPolicy/allowedOrigins"))
                .isEqualTo(Control.json(origins));
    }

    @Test
    void aRenditionIsRecordedOnce() {
        assertThat(control.ask(
                                "CreateRecordingConfiguration",
                                "{" + BUCKET + ", 'renditionConfiguration': {'renditionSelection': 'CUSTOM',"
                                        + " 'renditions': ['HD', 'SD', 'HD']}}")
                        .at("/recordingConfiguration/renditionConfiguration/renditions"))
                .isEqualTo(Control.json("['HD', 'SD']"));
    }

    @Test
    void policiesAreListedOneByOneUnlessMoreAreAskedFor() {
        control.ask("CreatePlaybackRestrictionPolicy", "{'name': 'one'}");
        control.ask("CreatePlaybackRestrictionPolicy", "{'name': 'two'}");

        JsonNode page = control.ask("ListPlaybackRestrictionPolicies", "{}");
        assertThat(page.get("playbackRestrictionPolicies")).hasSize(1);
        assertThat(page.at("/playbackRestrictionPolicies/0/name").stringValue()).isEqualTo("two");
        assertThat(page.has("nextToken")).isTrue();
        assertThat(control.ask("ListPlaybackRestrictionPolicies", "{'maxResults': 9}")
                        .get("playbackRestrictionPolicies"))
                .hasSize(2);
    }

    @Test
    void anAdConfigurationIsEchoedGotListedAndUpdated() {
        String arn = ARN + "ad-configuration/AAAAAAAAAAAA";
        String configuration = "{'arn': '" + arn + "', 'name': '', 'mediaTailorPlaybackConfigurations':"
                + " [{'playbackConfigurationArn': '" + TAILOR + "'}], 'tags': {}}";

        assertThat(control.ask(
                        "CreateAdConfiguration",
                        "{'mediaTailorPlaybackConfigurations': [{'playbackConfigurationArn': '" + TAILOR + "'}]}"))
                .isEqualTo(Control.json("{'adConfiguration': " + configuration + "}"));
        assertThat(control.ask("GetAdConfiguration", "{'arn': '" + arn + "'}"))
                .isEqualTo(Control.json("{'adConfiguration': " + configuration + "}"));
        assertThat(control.ask("ListAdConfigurations", "{}"))
                .isEqualTo(Control.json("{'adConfigurations': [" + configuration + "]}"));

        String changes = "'name': 'n', 'postRollConfiguration': {'durationSeconds': 30, 'enabled': true}";
        assertThat(control.ask("UpdateAdConfiguration", "{'arn': '" + arn + "', " + changes + "}"))
                .isEqualTo(Control.json("{'adConfiguration': " + configuration.replace("'name': ''", changes) + "}"));
        assertThat(control.ask("UpdateAdConfiguration", "{'arn': '" + arn + "'}"))
                .isEqualTo(Control.json("{'adConfiguration': " + configuration.replace("'name': ''", changes) + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            RecordingConfiguration    | recordingConfiguration    | {'destinationConfiguration': {'s3': {'bucketName': 'bucket'}}}
            PlaybackRestrictionPolicy | playbackRestrictionPolicy | {}
            AdConfiguration           | adConfiguration           | {'mediaTailorPlaybackConfigurations': [{}]}
            """)
    void whatAChannelRefersToIsNotDeletedBeforeTheChannelLetsGoOfIt(String kind, String member, String request) {
        String arn =
                control.ask("Create" + kind, request).get(member).get("arn").stringValue();
        String byArn = "{'arn': '" + arn + "'}";
        String channel = control.ask("CreateChannel", "{'" + member + "Arn': '" + arn + "'}")
                .at("/channel/arn")
                .stringValue();

        assertThat(control.call("Delete" + kind, byArn))
                .isEqualTo("409 ConflictException: Resource: " + arn + " is in use by a channel");
        control.ask("UpdateChannel", "{'arn': '" + channel + "', '" + member + "Arn': ''}");
        assertThat(control.status("Delete" + kind, byArn)).isEqualTo("204");
        assertThat(control.call("Get" + kind, byArn))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + arn + " not found");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            RecordingConfiguration    | {'destinationConfiguration': {'s3': {'bucketName': 'bucket'}}} | recording configurations
            PlaybackRestrictionPolicy | {}                                                             | playback restriction policies
            AdConfiguration           | {'mediaTailorPlaybackConfigurations': [{}]}                    | ad configurations
            """)
    void anAccountHasTwentyOfEach(String kind, String request, String plural) {
        for (int i = 0; i < 20; i++) {
            control.ask("Create" + kind, request);
        }

        assertThat(control.call("Create" + kind, request))
                .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 20 " + plural);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "recording-configuration RecordingConfiguration",
                "playback-key PlaybackKeyPair",
                "playback-restriction-policy PlaybackRestrictionPolicy",
                "ad-configuration AdConfiguration",
            })
    void whatIsNotThereIsNotFound(String typeAndKind) {
        String arn = ARN + typeAndKind.split(" ", 2)[0] + "/x";
        String kind = typeAndKind.split(" ", 2)[1];
        String expected = "404 ResourceNotFoundException: Resource: " + arn + " not found";

        assertThat(control.call("Get" + kind, "{'arn': '" + arn + "'}")).isEqualTo(expected);
        assertThat(control.call("Delete" + kind, "{'arn': '" + arn + "'}")).isEqualTo(expected);
        if (!kind.startsWith("Recording") && !kind.startsWith("PlaybackKey")) {
            String update = "{'arn': '" + arn + "', 'name': 'n'}";
            assertThat(control.call("Update" + kind, update)).isEqualTo(expected);
        }
    }
}
