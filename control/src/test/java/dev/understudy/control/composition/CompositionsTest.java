package dev.understudy.control.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.control.Control;
import dev.understudy.control.configuration.Video;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.resource.Quotas;
import dev.understudy.control.resource.Rules;
import dev.understudy.control.stage.ClientDescription;
import dev.understudy.control.stage.Participants;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CompositionsTest {
    private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:";
    private static final String STAGE = ARN + "stage/AAAAAAAAAAAA";
    private static final String ENCODER = ARN + "encoder-configuration/BBBBBBBBBBBB";
    private static final String STORAGE = ARN + "storage-configuration/CCCCCCCCCCCC";
    private static final String COMPOSITION = ARN + "composition/DDDDDDDDDDDD";
    private static final String RECORDING =
            "{'s3': {'storageConfigurationArn': '" + STORAGE + "', 'encoderConfigurationArns': ['" + ENCODER + "']}}";
    private static final String GRID = """
            {'grid': {'featuredParticipantAttribute': '', 'gridGap': 2, 'omitStoppedVideo': false,
                'participantOrderAttribute': '', 'videoAspectRatio': 'VIDEO', 'videoFillMode': ''}}""";

    @TempDir
    private Path directory;

    private Control control;

    @BeforeEach
    void open() {
        open(directory, Rules.IVS.with(Quotas.IVS.with(Quota.COMPOSITIONS, 3).with(Quota.COMPOSITIONS_PER_STAGE, 2)));
    }

    private void open(Path folder, Rules rules) {
        control = new Control(folder, rules);
        control.ask("CreateStage", "{}");
        control.ask("CreateEncoderConfiguration", "{'video': {'width': 640, 'height': 360, 'framerate': 29.97}}");
        control.ask("CreateStorageConfiguration", "{'s3': {'bucketName': 'bucket'}}");
    }

    @AfterEach
    void close() {
        control.close();
    }

    private static String request(String more) {
        return "{'stageArn': '" + STAGE + "', 'destinations': [" + RECORDING + "]" + more + "}";
    }

    private JsonNode start(String more) {
        return control.ask("StartComposition", request(more)).get("composition");
    }

    private JsonNode get() {
        return control.ask("GetComposition", "{'arn': '" + COMPOSITION + "'}").get("composition");
    }

    private String state() {
        JsonNode composition = get();
        return composition.get("state").stringValue() + " "
                + composition.at("/destinations/0/state").stringValue();
    }

    @Test
    void startCompositionEchoesEveryDefault() {
        assertThat(start("")).isEqualTo(Control.json("""
                        {'arn': '%s', 'stageArn': '%s', 'state': 'STARTING', 'layout': %s,
                         'destinations': [{
                             'id': 'EEEEEEEEEEEE', 'state': 'STARTING',
                             'configuration': {'name': '', 's3': {
                                 'storageConfigurationArn': '%s', 'encoderConfigurationArns': ['%s'],
                                 'recordingConfiguration':
                                     {'format': 'HLS', 'hlsConfiguration': {'targetSegmentDurationSeconds': 2}}}},
                             'detail': {'s3': {'recordingPrefix':
                                 'AAAAAAAAAAAA/DDDDDDDDDDDD/EEEEEEEEEEEE/composite'}}}],
                         'tags': {}, 'startTime': '2026-11-01T10:30:00Z'}""".formatted(COMPOSITION, STAGE, GRID, STORAGE, ENCODER)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'grid': {}} | {'grid': {'featuredParticipantAttribute': '', 'gridGap': 2, 'omitStoppedVideo': false, 'participantOrderAttribute': '', 'videoAspectRatio': 'VIDEO', 'videoFillMode': ''}}
            {'grid': {'gridGap': 0, 'videoFillMode': 'CONTAIN', 'videoAspectRatio': 'SQUARE', 'omitStoppedVideo': true, 'featuredParticipantAttribute': 'f', 'participantOrderAttribute': 'o'}} | {'grid': {'featuredParticipantAttribute': 'f', 'gridGap': 0, 'omitStoppedVideo': true, 'participantOrderAttribute': 'o', 'videoAspectRatio': 'SQUARE', 'videoFillMode': 'CONTAIN'}}
            {'pip': {}} | {'pip': {'featuredParticipantAttribute': '', 'gridGap': 0, 'omitStoppedVideo': false, 'participantOrderAttribute': '', 'pipBehavior': 'STATIC', 'pipOffset': 0, 'pipParticipantAttribute': '', 'pipPosition': 'BOTTOM_RIGHT', 'videoFillMode': 'COVER'}}
            {'pip': {'pipWidth': 320, 'pipHeight': 180, 'pipBehavior': 'DYNAMIC', 'pipPosition': 'TOP_LEFT', 'pipOffset': 8, 'pipParticipantAttribute': 'p', 'videoFillMode': 'FILL', 'gridGap': 4}} | {'pip': {'featuredParticipantAttribute': '', 'gridGap': 4, 'omitStoppedVideo': false, 'participantOrderAttribute': '', 'pipBehavior': 'DYNAMIC', 'pipOffset': 8, 'pipParticipantAttribute': 'p', 'pipPosition': 'TOP_LEFT', 'pipWidth': 320, 'pipHeight': 180, 'videoFillMode': 'FILL'}}
            """)
    void echoesTheLayoutWithItsDefaults(String asked, String shown) {
        assertThat(start(", 'layout': " + asked).get("layout")).isEqualTo(Control.json(shown));
        assertThat(get().get("layout")).isEqualTo(Control.json(shown));
    }

    @Test
    void echoesThumbnailsOnlyWhereAskedFor() {
        JsonNode composition = control.ask(
                        "StartComposition",
                        request("")
                                .replace(
                                        "'s3': {",
                                        "'name': 'n', 's3': {'thumbnailConfigurations': [{}],"
                                                + " 'recordingConfiguration': {'hlsConfiguration': {'targetSegmentDurationSeconds': 5}},"))
                .get("composition");

        assertThat(composition.at("/destinations/0/configuration"))
                .isEqualTo(Control.json("""
                        {'name': 'n', 's3': {
                            'storageConfigurationArn': '%s', 'encoderConfigurationArns': ['%s'],
                            'recordingConfiguration':
                                {'format': 'HLS', 'hlsConfiguration': {'targetSegmentDurationSeconds': 5}},
                            'thumbnailConfigurations': [{'targetIntervalSeconds': 60, 'storage': ['SEQUENTIAL']}]}}""".formatted(STORAGE, ENCODER)));
    }

    @Test
    void handsAllThatRenderingNeedsToThePlane() {
        start("");

        assertThat(control.specs)
                .containsExactly(new CompositionSpec(
                        COMPOSITION,
                        "DDDDDDDDDDDD",
                        STAGE,
                        Layout.of(Optional.empty()),
                        List.of(new CompositionSpec.Recording(
                                "EEEEEEEEEEEE",
                                "BBBBBBBBBBBB",
                                new Video(640, 360, 29.97, 2_500_000),
                                "bucket",
                                "AAAAAAAAAAAA/DDDDDDDDDDDD/EEEEEEEEEEEE/composite",
                                2,
                                Optional.empty())),
                        control.now(),
                        false));
    }

    @Test
    void livesFromStartingToStoppedAndIsForgottenFiveMinutesLater() {
        CompositionReports reports = control.api.compositionReports();
        start("");
        assertThat(state()).isEqualTo("STARTING STARTING");

        reports.firstFrame(COMPOSITION, control.pass(Duration.ofSeconds(1)));
        assertThat(state()).isEqualTo("ACTIVE ACTIVE");

        control.pass(Duration.ofSeconds(10));
        assertThat(control.call("StopComposition", "{'arn': '" + COMPOSITION + "'}"))
                .isEqualTo("200 {}");
        assertThat(state()).isEqualTo("STOPPING STOPPING");
        assertThat(control.planes).containsExactly("start " + COMPOSITION, "stop " + COMPOSITION);

        reports.drained(COMPOSITION, control.pass(Duration.ofSeconds(2)));
        JsonNode ended = get();
        assertThat(state()).isEqualTo("STOPPED STOPPED");
        assertThat(ended.get("startTime").stringValue()).isEqualTo("2026-11-01T10:30:00Z");
        assertThat(ended.get("endTime").stringValue()).isEqualTo("2026-11-01T10:30:13Z");
        assertThat(ended.at("/destinations/0/startTime").stringValue()).isEqualTo("2026-11-01T10:30:01Z");
        assertThat(ended.at("/destinations/0/endTime").stringValue()).isEqualTo("2026-11-01T10:30:13Z");

        reports.elapsed(control.pass(Duration.ofSeconds(299)));
        assertThat(state()).isEqualTo("STOPPED STOPPED");
        reports.elapsed(control.pass(Duration.ofSeconds(1)));
        assertThat(control.call("GetComposition", "{'arn': '" + COMPOSITION + "'}"))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + COMPOSITION + " not found");
    }

    @Test
    void stoppingTwiceTellsThePlaneOnce() {
        start("");
        control.ask("StopComposition", "{'arn': '" + COMPOSITION + "'}");
        control.ask("StopComposition", "{'arn': '" + COMPOSITION + "'}");

        assertThat(control.planes).containsExactly("start " + COMPOSITION, "stop " + COMPOSITION);
    }

    @Test
    void failsWhenItBreaks() {
        start("");
        control.api.compositionReports().broke(COMPOSITION, control.now(), "bucket is gone");

        assertThat(state()).isEqualTo("FAILED FAILED");
        assertThat(get().get("endTime").stringValue()).isEqualTo("2026-11-01T10:30:00Z");
    }

    @Test
    void failsWithItsLastDestination() {
        CompositionReports reports = control.api.compositionReports();
        start("");
        reports.firstFrame(COMPOSITION, control.now());
        reports.destinationInterrupted(COMPOSITION, "EEEEEEEEEEEE", control.now());
        assertThat(state()).isEqualTo("ACTIVE RECONNECTING");

        reports.destinationResumed(COMPOSITION, "EEEEEEEEEEEE", control.now());
        assertThat(state()).isEqualTo("ACTIVE ACTIVE");

        reports.destinationBroke(COMPOSITION, "EEEEEEEEEEEE", control.now(), "access denied");
        assertThat(state()).isEqualTo("FAILED FAILED");
    }

    @Test
    void stopsSixtySecondsAfterItsStartWhenNobodyPublishes() {
        start("");

        control.api.elapsed(control.pass(Duration.ofMillis(59_999)));
        assertThat(state()).isEqualTo("STARTING STARTING");
        control.api.elapsed(control.pass(Duration.ofMillis(1)));
        assertThat(state()).isEqualTo("STOPPING STOPPING");
        assertThat(control.planes).containsExactly("start " + COMPOSITION, "stop " + COMPOSITION);
    }

    /** The session of the last publisher may be over by then. */
    @ParameterizedTest
    @ValueSource(strings = {"PT5S", "PT5M"})
    void stopsSixtySecondsAfterTheLastPublisherLeftHoweverLongSessionsAreKept(Duration sessionKept) throws IOException {
        control.close();
        Path other = Files.createDirectory(directory.resolve("other"));
        open(other, new Rules(Quotas.IVS, sessionKept, Duration.ofMinutes(5), false));
        start("");
        Participants participants = control.api.participants();
        String token = control.ask("CreateParticipantToken", "{'stageArn': '" + STAGE + "'}")
                .at("/participantToken/token")
                .stringValue();
        ParticipantClaims claims = ((Verdict.Accepted) control.api.tokens().verify(token, control.now())).claims();
        var joined = (Participants.Joining.Joined)
                participants.join(claims, ClientDescription.UNKNOWN, "WHIP", control.now());
        participants.published(joined.sessionId(), claims.participantId(), control.now());
        control.api.elapsed(control.pass(Duration.ofMinutes(2)));
        participants.left(joined.sessionId(), claims.participantId(), control.now());

        control.api.elapsed(control.pass(Duration.ofSeconds(5)));
        control.api.elapsed(control.pass(Duration.ofMillis(54_999)));
        assertThat(state()).isEqualTo("STARTING STARTING");
        control.api.elapsed(control.pass(Duration.ofMillis(1)));
        assertThat(state()).isEqualTo("STOPPING STOPPING");
    }

    @Test
    void stopsWhenItsStageIsDeleted() {
        start("");
        control.ask("DeleteStage", "{'arn': '" + STAGE + "'}");

        assertThat(state()).isEqualTo("STOPPING STOPPING");
        assertThat(control.planes).containsExactly("start " + COMPOSITION, "close " + STAGE, "stop " + COMPOSITION);
    }

    @Test
    void whatHadNotEndedGoesOnAfterARestart() {
        start("");
        start("");
        String second = ARN + "composition/FFFFFFFFFFFF";
        control.ask("StopComposition", "{'arn': '" + second + "'}");
        List<CompositionSpec> specs = List.copyOf(control.specs);
        control.close();
        control = new Control(directory);

        assertThat(control.api.compositionReports().unfinished())
                .extracting(CompositionSpec::arn, CompositionSpec::isStopping)
                .containsExactly(tuple(COMPOSITION, false), tuple(second, true));
        assertThat(control.api.compositionReports().unfinished().getFirst()).isEqualTo(specs.getFirst());
    }

    @Test
    void oneTokenStartsOneComposition() {
        JsonNode first = start(", 'idempotencyToken': 't'");
        JsonNode again = start(", 'idempotencyToken': 't', 'layout': {'grid': {'gridGap': 2}}");

        assertThat(again).isEqualTo(first);
        assertThat(control.planes).containsExactly("start " + COMPOSITION);
        assertThat(control.call("StartComposition", request(", 'idempotencyToken': 't', 'tags': {'a': 'b'}")))
                .isEqualTo("409 ConflictException: idempotencyToken has been used for another request");
        assertThat(start(", 'idempotencyToken': 'u'").get("arn")).isNotEqualTo(first.get("arn"));
    }

    @Test
    void oneTokenStartsOneCompositionAlsoWhenManyCallAtOnce() throws Exception {
        Callable<String> call = () -> control.call("StartComposition", request(", 'idempotencyToken': 't'"));
        List<Future<String>> answers;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = threads.invokeAll(Collections.nCopies(20, call));
        }

        assertThat(answers)
                .extracting(Future::resultNow)
                .containsOnly(answers.getFirst().resultNow());
        assertThat(control.planes).containsExactly("start " + COMPOSITION);
    }

    @Test
    void listsTheNewestFirstAndByStageOrEncoder() {
        start("");
        start("");
        String otherEncoder = control.ask("CreateEncoderConfiguration", "{}")
                .at("/encoderConfiguration/arn")
                .stringValue();
        JsonNode other = control.ask("CreateStage", "{}").at("/stage/arn");
        String third = control.call(
                "StartComposition",
                request("").replace(STAGE, other.stringValue()).replace(ENCODER, otherEncoder));
        assertThat(third).startsWith("200");

        assertThat(arns("{}")).containsExactly("JJJJJJJJJJJJ", "FFFFFFFFFFFF", "DDDDDDDDDDDD");
        assertThat(arns("{'filterByStageArn': '" + STAGE + "'}")).containsExactly("FFFFFFFFFFFF", "DDDDDDDDDDDD");
        assertThat(arns("{'filterByEncoderConfigurationArn': '" + otherEncoder + "'}"))
                .containsExactly("JJJJJJJJJJJJ");
        assertThat(control.ask("ListCompositions", "{'maxResults': 1}").at("/compositions/0"))
                .isEqualTo(Control.json("""
                        {'arn': '%scomposition/JJJJJJJJJJJJ', 'stageArn': %s, 'state': 'STARTING', 'tags': {},
                         'startTime': '2026-11-01T10:30:00Z',
                         'destinations': [{'id': 'KKKKKKKKKKKK', 'state': 'STARTING'}]}""".formatted(ARN, other)));
    }

    private List<String> arns(String request) {
        return control.ask("ListCompositions", request)
                .get("compositions")
                .valueStream()
                .map(c -> c.get("arn").stringValue().substring((ARN + "composition/").length()))
                .toList();
    }

    @Test
    void aPageTokenOfOneFilterIsRefusedByAnother() {
        start("");
        start("");
        String token = control.ask("ListCompositions", "{'maxResults': 1}")
                .get("nextToken")
                .stringValue();

        assertThat(control.call(
                        "ListCompositions", "{'nextToken': '" + token + "', 'filterByStageArn': '" + STAGE + "'}"))
                .startsWith("400 ValidationException");
    }

    @Test
    void aConfigurationInUseCannotBeDeleted() {
        start("");
        assertThat(control.call("DeleteEncoderConfiguration", "{'arn': '" + ENCODER + "'}"))
                .isEqualTo("409 ConflictException: Resource: " + ENCODER + " is in use by a composition");
        assertThat(control.call("DeleteStorageConfiguration", "{'arn': '" + STORAGE + "'}"))
                .isEqualTo("409 ConflictException: Resource: " + STORAGE + " is in use by a composition");

        control.api.compositionReports().broke(COMPOSITION, control.now(), "over");

        assertThat(control.call("DeleteEncoderConfiguration", "{'arn': '" + ENCODER + "'}"))
                .isEqualTo("200 {}");
        assertThat(control.call("DeleteStorageConfiguration", "{'arn': '" + STORAGE + "'}"))
                .isEqualTo("200 {}");
    }

    @Test
    void quotasHoldForAStageAndForTheAccount() {
        start("");
        start("");
        assertThat(control.call("StartComposition", request("")))
                .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 2 compositions of a stage");

        String other = control.ask("CreateStage", "{}").at("/stage/arn").stringValue();
        control.ask("StartComposition", request("").replace(STAGE, other));
        assertThat(control.call("StartComposition", request("").replace(STAGE, other)))
                .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 3 compositions");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            no such stage | stage/AAAAAAAAAAAA | stage/x | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:stage/x not found
            no such encoder | BBBBBBBBBBBB | x | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:encoder-configuration/x not found
            no such storage | CCCCCCCCCCCC | x | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:storage-configuration/x not found
            another account's storage | 123456789012:storage | 999999999999:storage | 403 AccessDeniedException: Resource: arn:aws:ivs:us-east-1:999999999999:storage-configuration/CCCCCCCCCCCC belongs to another account
            neither channel nor s3 | 's3': {'storage | 'name': 'x'}, {'s3': {'storage | 400 ValidationException: 1 validation error detected: Value at 'destinations' failed to satisfy constraint: Member must have exactly one of channel and s3 in each element
            no such channel | 's3': {'storage | 'channel': {'channelArn': 'arn:aws:ivs:us-east-1:123456789012:channel/x'}}, {'s3': {'storage | 404 ResourceNotFoundException: Resource: arn:aws:ivs:us-east-1:123456789012:channel/x not found
            two layouts | 'destinations' | 'layout': {'grid': {}, 'pip': {}}, 'destinations' | 400 ValidationException: 1 validation error detected: Value at 'layout' failed to satisfy constraint: Member must have only one of grid and pip
            """)
    void refuses(String fault, String target, String replacement, String expected) {
        assertThat(control.call("StartComposition", request("").replace(target, replacement)))
                .as(fault)
                .isEqualTo(expected);
        assertThat(control.planes).isEmpty();
    }

    /** A composition that goes to a channel and, when {@code and} is not empty, to {@code and}. */
    private String broadcast(String and) {
        String channel = control.ask("CreateChannel", "{}").at("/channel/arn").stringValue();
        return "{'stageArn': '" + STAGE + "', 'destinations': [{'name': 'live', 'channel': {'channelArn': '" + channel
                + "', 'encoderConfigurationArn': '" + ENCODER + "'}}" + and + "]}";
    }

    private List<String> events() {
        return control.base
                .store()
                .read(h -> h.createQuery("SELECT json_extract(envelope, '$.detail.event_name') || COALESCE(': ' ||"
                                + " json_extract(envelope, '$.detail.reason'), '') FROM event ORDER BY seq")
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void aChannelFailsAtOnceAndTheRecordingGoesOn() {
        JsonNode composition =
                control.ask("StartComposition", broadcast(", " + RECORDING)).get("composition");

        assertThat(composition.get("state").stringValue()).isEqualTo("STARTING");
        JsonNode channel = composition.at("/destinations/0");
        assertThat(channel.get("state").stringValue()).isEqualTo("FAILED");
        assertThat(channel.get("endTime").stringValue()).isEqualTo("2026-11-01T10:30:00Z");
        assertThat(channel.has("detail")).isFalse();
        assertThat(channel.at("/configuration/channel/encoderConfigurationArn").stringValue())
                .isEqualTo(ENCODER);
        assertThat(composition.at("/destinations/1/state").stringValue()).isEqualTo("STARTING");
        assertThat(control.specs)
                .singleElement()
                .satisfies(spec ->
                        assertThat(spec.outputs()).singleElement().isInstanceOf(CompositionSpec.Recording.class));
        assertThat(events()).containsExactly("Destination Failure: nothing can broadcast to a channel yet");
    }

    @Test
    void theRecordingBesideAChannelHasAWholeLife() {
        String arn = control.ask("StartComposition", broadcast(", " + RECORDING))
                .at("/composition/arn")
                .stringValue();
        control.api.compositionReports().firstFrame(arn, control.now());
        control.ask("StopComposition", "{'arn': '" + arn + "'}");
        control.api.compositionReports().drained(arn, control.now());

        JsonNode composition =
                control.ask("GetComposition", "{'arn': '" + arn + "'}").get("composition");
        assertThat(composition.get("state").stringValue()).isEqualTo("STOPPED");
        assertThat(composition.at("/destinations/0/state").stringValue()).isEqualTo("FAILED");
        assertThat(composition.at("/destinations/1/state").stringValue()).isEqualTo("STOPPED");
    }

    @Test
    void aCompositionToAChannelAloneFailsAtOnce() {
        JsonNode composition = control.ask("StartComposition", broadcast("")).get("composition");

        assertThat(composition.get("state").stringValue()).isEqualTo("FAILED");
        assertThat(composition.get("endTime").stringValue()).isEqualTo("2026-11-01T10:30:00Z");
        assertThat(control.planes).isEmpty();
        assertThat(events())
                .containsExactly(
                        "Destination Failure: nothing can broadcast to a channel yet",
                        "Session Failure: nothing can broadcast to a channel yet");
        control.ask("DeleteEncoderConfiguration", "{'arn': '" + ENCODER + "'}");
        control.api.elapsed(control.pass(Duration.ofMinutes(5)));
        assertThat(control.call(
                        "GetComposition", "{'arn': '" + composition.get("arn").stringValue() + "'}"))
                .startsWith("404 ");
    }

    @Test
    void aCompositionToAChannelIsFoundByItsEncoder() {
        control.ask("StartComposition", broadcast(""));

        assertThat(control.ask("ListCompositions", "{'filterByEncoderConfigurationArn': '" + ENCODER + "'}")
                        .get("compositions"))
                .hasSize(1);
    }

    @Test
    void refusesTwoRecordings() {
        assertThat(control.call(
                        "StartComposition",
                        "{'stageArn': '" + STAGE + "', 'destinations': [" + RECORDING + "," + RECORDING + "]}"))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'destinations' failed to"
                        + " satisfy constraint: Member must have at most one channel and at most one s3");
    }

    @Test
    void refusesTwoFilters() {
        assertThat(control.call(
                        "ListCompositions",
                        "{'filterByStageArn': '" + STAGE + "', 'filterByEncoderConfigurationArn': '" + ENCODER + "'}"))
                .isEqualTo("400 ValidationException: Only one of filterByStageArn and"
                        + " filterByEncoderConfigurationArn is allowed");
    }
}
