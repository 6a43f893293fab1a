package dev.understudy.control.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import dev.understudy.control.stage.Participants.Joining;
import dev.understudy.control.stage.Participants.Joining.Joined;
import dev.understudy.control.token.ParticipantClaims;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class IngestConfigurationsTest {
    private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:";
    private static final String INGEST_A = ARN + "ingest-configuration/AAAAAAAAAAAA";
    private static final String RTMPS = "{'ingestProtocol': 'RTMPS'}";

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

    private JsonNode create(String more) {
        return control.ask("CreateIngestConfiguration", "{'ingestProtocol': 'RTMPS'" + more + "}")
                .get("ingestConfiguration");
    }

    private JsonNode get(String arn) {
        return control.ask("GetIngestConfiguration", "{'arn': '" + arn + "'}").get("ingestConfiguration");
    }

    private String stage() {
        return control.ask("CreateStage", "{}").at("/stage/arn").stringValue();
    }

    /** Somebody publishes as the participant of this id. */
    private String publish(String stageArn, String participantId) {
        var claims = new ParticipantClaims(
                participantId,
                stageArn,
                "",
                Map.of(),
                true,
                false,
                control.now(),
                control.now().plus(Duration.ofHours(1)),
                "",
                "",
                "");
        Joining joining = control.api.participants().join(claims, ClientDescription.UNKNOWN, "RTMPS", control.now());
        String session = ((Joined) joining).sessionId();
        control.api.participants().published(session, participantId, control.now());
        return session;
    }

    private static String arn(JsonNode configuration) {
        return configuration.get("arn").stringValue();
    }

    private static String participant(JsonNode configuration) {
        return configuration.get("participantId").stringValue();
    }

    @Test
    void createEchoesEveryDefault() {
        String configuration = "{'ingestConfiguration': {'arn': '" + INGEST_A + "', 'name': '',"
                + " 'ingestProtocol': 'RTMPS',"
                + " 'streamKey': 'rt_123456789012_us-east-1_AAAAAAAAAAAA_CCCCCCCCCCCCDDDDDDDDDDDDEEEEEE',"
                + " 'stageArn': '', 'participantId': 'BBBBBBBBBBBB', 'state': 'INACTIVE', 'userId': '',"
                + " 'redundantIngest': false, 'attributes': {}, 'tags': {}}}";

        assertThat(control.ask("CreateIngestConfiguration", RTMPS)).isEqualTo(Control.json(configuration));
        assertThat(control.ask("GetIngestConfiguration", "{'arn': '" + INGEST_A + "'}"))
                .isEqualTo(Control.json(configuration));
    }

    @Test
    void createEchoesWhatIsAskedFor() {
        String stage = stage();

        JsonNode created = control.ask(
                "CreateIngestConfiguration",
                "{'name': 'n', 'stageArn': '" + stage + "', 'userId': 'obs', 'attributes': {'a': 'b'},"
                        + " 'ingestProtocol': 'RTMP', 'insecureIngest': true, 'redundantIngest': true,"
                        + " 'tags': {'c': 'd'}}");

        assertThat(created)
                .isEqualTo(Control.json(("{'ingestConfiguration': {'arn': '" + ARN
                                + "ingest-configuration/BBBBBBBBBBBB', 'name': 'n', 'ingestProtocol': 'RTMP',"
                                + " 'streamKey': 'KEY_DDDDDDDDDDDDEEEEEEEEEEEEFFFFFF', 'stageArn': '" + stage + "',"
                                + " 'participantId': 'CCCCCCCCCCCC', 'state': 'INACTIVE', 'userId': 'obs',"
                                + " 'redundantIngest': true, 'redundantIngestCredentials': ["
                                + "{'participantId': 'FFFFFFGGGGGG', 'streamKey': 'KEY_GGGGGGHHHHHHHHHHHHIIIIIIIIIIII'},"
                                + "{'participantId': 'JJJJJJJJJJJJ', 'streamKey': 'KEY_KKKKKKKKKKKKLLLLLLLLLLLLMMMMMM'}],"
                                + " 'attributes': {'a': 'b'}, 'tags': {'c': 'd'}}}")
                        .replace("KEY", "rt_123456789012_us-east-1_BBBBBBBBBBBB")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            insecure only by permission | {'ingestProtocol': 'RTMP'} | 400 ValidationException: 1 validation error detected: Value at 'insecureIngest' failed to satisfy constraint: Member must be true when ingestProtocol is RTMP
            no such stage | {'ingestProtocol': 'RTMPS', 'stageArn': 'arn:aws:ivs:us-east-1:123456789012:stage/x'} | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:stage/x not found
            a stage of others | {'ingestProtocol': 'RTMPS', 'stageArn': 'arn:aws:ivs:us-east-1:999999999999:stage/x'} | 403 AccessDeniedException: Resource: arn:aws:ivs:us-east-1:999999999999:stage/x belongs to another account
            a tag of AWS's | {'ingestProtocol': 'RTMPS', 'tags': {'aws:x': ''}} | 400 ValidationException: 1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must not have a key that begins with aws:
            """)
    void createRefuses(String description, String request, String expected) {
        assertThat(control.call("CreateIngestConfiguration", request))
                .as(description)
                .isEqualTo(expected);
    }

    @Test
    void attributesHaveOneKilobyteInAll() {
        String fits = "{'ingestProtocol': 'RTMPS', 'attributes': {'k': '" + "x".repeat(1_023) + "'}}";

        assertThat(control.call("CreateIngestConfiguration", fits)).startsWith("200 ");
        assertThat(control.call("CreateIngestConfiguration", fits.replace("'k'", "'kk'")))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'attributes' failed to"
                        + " satisfy constraint: Member must have at most 1024 bytes in total");
    }

    @Test
    void anAccountHasAHundred() {
        for (int i = 0; i < 100; i++) {
            create("");
        }

        assertThat(control.call("CreateIngestConfiguration", RTMPS))
                .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 100 ingest configurations");
    }

    @Test
    void updateLeadsToAnotherStageOrToNone() {
        String stage = stage();
        String arn = arn(create(""));

        JsonNode updated =
                control.ask("UpdateIngestConfiguration", "{'arn': '" + arn + "', 'stageArn': '" + stage + "'}");
        assertThat(updated.at("/ingestConfiguration/stageArn").stringValue()).isEqualTo(stage);
        assertThat(updated.get("ingestConfiguration")).isEqualTo(get(arn));

        control.ask("UpdateIngestConfiguration", "{'arn': '" + arn + "'}");
        assertThat(get(arn).get("stageArn").stringValue()).isEqualTo(stage);
        control.ask("UpdateIngestConfiguration", "{'arn': '" + arn + "', 'stageArn': ''}");
        assertThat(get(arn).get("stageArn").stringValue()).isEmpty();
        assertThat(control.call("UpdateIngestConfiguration", "{'arn': '" + arn + "', 'stageArn': '" + stage + "x'}"))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + stage + "x not found");
    }

    @Test
    void redundantIngestHasTwoCredentialsAndNoneOnceItIsTurnedOff() {
        JsonNode before = create("");
        String turn = "{'arn': '" + arn(before) + "', 'redundantIngest': ";

        control.ask("UpdateIngestConfiguration", turn + "true}");
        JsonNode credentials = get(arn(before)).get("redundantIngestCredentials");
        assertThat(credentials).hasSize(2);
        control.ask("UpdateIngestConfiguration", turn + "true}");
        assertThat(get(arn(before)).get("redundantIngestCredentials")).isEqualTo(credentials);
        control.ask("UpdateIngestConfiguration", turn + "false}");

        assertThat(get(arn(before))).isEqualTo(before);
    }

    @Test
    void isActiveWhileItsParticipantPublishesAndCannotBeChangedThen() {
        String stage = stage();
        JsonNode ingest = create(", 'stageArn': '" + stage + "'");
        String session = publish(stage, participant(ingest));

        assertThat(get(arn(ingest)).get("state").stringValue()).isEqualTo("ACTIVE");
        assertThat(control.call("UpdateIngestConfiguration", "{'arn': '" + arn(ingest) + "', 'stageArn': ''}"))
                .isEqualTo("409 ConflictException: Resource: " + arn(ingest) + " is active");
        assertThat(control.call("DeleteIngestConfiguration", "{'arn': '" + arn(ingest) + "'}"))
                .isEqualTo("409 ConflictException: Resource: " + arn(ingest)
                        + " is active; force deletes it all the same");

        control.api.participants().unpublished(session, participant(ingest), control.now());
        assertThat(get(arn(ingest)).get("state").stringValue()).isEqualTo("INACTIVE");
        assertThat(control.call("DeleteIngestConfiguration", "{'arn': '" + arn(ingest) + "'}"))
                .isEqualTo("200 {}");
        assertThat(control.planes).isEmpty();
    }

    @Test
    void forceDeletesAnActiveOneAndDisconnectsWhoPublishesByIt() {
        String stage = stage();
        JsonNode ingest = create(", 'stageArn': '" + stage + "', 'redundantIngest': true");
        String second = ingest.at("/redundantIngestCredentials/1/participantId").stringValue();
        publish(stage, second);

        control.ask("DeleteIngestConfiguration", "{'arn': '" + arn(ingest) + "', 'force': true}");

        assertThat(control.planes).contains("disconnect " + stage + " " + second);
        assertThat(control.call("GetIngestConfiguration", "{'arn': '" + arn(ingest) + "'}"))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + arn(ingest) + " not found");
        assertThat(control.call("DeleteIngestConfiguration", "{'arn': '" + arn(ingest) + "', 'force': true}"))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + arn(ingest) + " not found");
    }

    @Test
    void leadsNowhereOnceItsStageIsDeleted() {
        String stage = stage();
        JsonNode ingest = create(", 'stageArn': '" + stage + "'");

        control.ask("DeleteStage", "{'arn': '" + stage + "'}");

        assertThat(get(arn(ingest)).get("stageArn").stringValue()).isEmpty();
    }

    @Test
    void leadsNowhereOnceItsParticipantIsDisconnectedUntilItIsLedBack() {
        String stage = stage();
        JsonNode ingest = create(", 'stageArn': '" + stage + "'");
        JsonNode other = create(", 'stageArn': '" + stage + "'");
        String session = publish(stage, participant(ingest));

        control.ask(
                "DisconnectParticipant",
                "{'stageArn': '" + stage + "', 'participantId': '" + participant(ingest) + "'}");
        control.api.participants().left(session, participant(ingest), control.now());

        assertThat(get(arn(ingest)).get("stageArn").stringValue()).isEmpty();
        assertThat(get(arn(other))).isEqualTo(other);
        control.ask("UpdateIngestConfiguration", "{'arn': '" + arn(ingest) + "', 'stageArn': '" + stage + "'}");
        assertThat(publish(stage, participant(ingest))).isEqualTo(session);
    }

    @Test
    void listsInShortNewestFirstInPages() {
        JsonNode first = create(", 'name': 'one', 'userId': 'u', 'attributes': {'a': 'b'}");
        JsonNode second = create(", 'redundantIngest': true");

        JsonNode page = control.ask("ListIngestConfigurations", "{'maxResults': 1}");
        JsonNode last = control.ask(
                "ListIngestConfigurations",
                "{'maxResults': 1, 'nextToken': '" + page.get("nextToken").stringValue() + "'}");

        assertThat(page.at("/ingestConfigurations/0/arn")).isEqualTo(second.get("arn"));
        assertThat(page.at("/ingestConfigurations/0/redundantIngest").booleanValue())
                .isTrue();
        assertThat(last)
                .isEqualTo(Control.json("{'ingestConfigurations': [{'arn': '" + arn(first) + "', 'name': 'one',"
                        + " 'ingestProtocol': 'RTMPS', 'stageArn': '', 'participantId': '" + participant(first)
                        + "', 'state': 'INACTIVE', 'userId': 'u', 'redundantIngest': false}]}"));
    }

    @Test
    void listsByStageOrByStateButNotByBoth() {
        String stage = stage();
        JsonNode there = create(", 'stageArn': '" + stage + "'");
        JsonNode nowhere = create("");
        publish(stage, participant(there));
        String byStage = "'filterByStageArn': '" + stage + "'";

        assertThat(listed(byStage)).isEqualTo(arn(there));
        assertThat(listed("'filterByState': 'ACTIVE'")).isEqualTo(arn(there));
        assertThat(listed("'filterByState': 'INACTIVE'")).isEqualTo(arn(nowhere));
        assertThat(control.call("ListIngestConfigurations", "{" + byStage + ", 'filterByState': 'ACTIVE'}"))
                .isEqualTo("400 ValidationException: Only one of filterByStageArn and filterByState is allowed");
    }

    /** The only one that the filter leaves. */
    private String listed(String filter) {
        JsonNode list =
                control.ask("ListIngestConfigurations", "{" + filter + "}").get("ingestConfigurations");
        assertThat(list).hasSize(1);
        return arn(list.get(0));
    }
}
