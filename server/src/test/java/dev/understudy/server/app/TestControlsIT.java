package dev.understudy.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.resource.Rules;
import dev.understudy.server.testing.Reach;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The test controls of a whole node, each seen from the API. */
class TestControlsIT {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path folder;

    private static Node node;
    private static ApiClient api;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        node = Node.start(Config.defaults(folder.resolve("data")).onFreePorts().withTestControls(Reach.LOOPBACK));
        api = node.client();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        api.close();
        node.close();
    }

    @BeforeEach
    void reset() throws Exception {
        assertThat(control("reset", "{}")).isEqualTo("200 {}");
    }

    /** Status and body; the JSON is written with single quotes. */
    private static String control(String name, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(node.url() + "/_test/" + name))
                .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"'))));
        return answer.statusCode() + " " + answer.body();
    }

    private static JsonNode done(String name, String json) throws IOException, InterruptedException {
        String answer = control(name, json);
        assertThat(answer).startsWith("200 ");
        return JSON.readTree(answer.substring(4));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String stage() throws IOException, InterruptedException {
        return api.call("CreateStage", Map.of()).at("/stage/arn").stringValue();
    }

    private static String composition(String stageArn) throws IOException, InterruptedException {
        String storage = api.call("CreateStorageConfiguration", Map.of("s3", Map.of("bucketName", "recordings")))
                .at("/storageConfiguration/arn")
                .stringValue();
        String encoder = api.call("CreateEncoderConfiguration", Map.of())
                .at("/encoderConfiguration/arn")
                .stringValue();
        var s3 = Map.of("storageConfigurationArn", storage, "encoderConfigurationArns", List.of(encoder));
        return api.call("StartComposition", Map.of("stageArn", stageArn, "destinations", List.of(Map.of("s3", s3))))
                .at("/composition/arn")
                .stringValue();
    }

    private static JsonNode eventsOf(String stageArn, JsonNode participant) throws IOException, InterruptedException {
        return api.call(
                        "ListParticipantEvents",
                        Map.of(
                                "stageArn", stageArn,
                                "sessionId", participant.get("sessionId").stringValue(),
                                "participantId",
                                        participant.get("participantId").stringValue()))
                .get("events");
    }

    private static JsonNode participant(String stageArn, JsonNode joined) throws IOException, InterruptedException {
        return api.call(
                        "GetParticipant",
                        Map.of(
                                "stageArn", stageArn,
                                "sessionId", joined.get("sessionId").stringValue(),
                                "participantId", joined.get("participantId").stringValue()))
                .get("participant");
    }

    private static List<String> names(JsonNode events) {
        return events.valueStream()
                .map(event -> event.get("name").stringValue())
                .toList();
    }

    private static String who(String stageArn, JsonNode participant) {
        return "{'stageArn': '" + stageArn + "', 'participantId': '"
                + participant.get("participantId").stringValue() + "'}";
    }

    @Test
    void resetDeletesEverythingButTheAccessKeys() throws Exception {
        String stageArn = stage();
        done("participants/join", "{'stageArn': '" + stageArn + "'}");
        composition(stageArn);
        done("fail-next", "{'operation': 'ListStages', 'error': 'ConflictException', 'times': 5}");
        done("clock/advance", "{'seconds': 60}");

        done("reset", "{}");

        for (String list : List.of("Stages", "Compositions", "StorageConfigurations", "EncoderConfigurations")) {
            assertThat(api.call("List" + list, Map.of())
                            .valueStream()
                            .findFirst()
                            .orElseThrow())
                    .as(list)
                    .isEmpty();
        }
        assertThat(composition(stage())).contains(":composition/");
    }

    @Test
    void advancingEndsWhatEndsByItself() throws Exception {
        String stageArn = stage();
        JsonNode ada = done("participants/join", "{'stageArn': '" + stageArn + "', 'userId': 'ada'}");
        done("participants/leave", who(stageArn, ada));
        String compositionArn = composition(stageArn);
        assertThat(activeSession(stageArn)).isEqualTo(ada.get("sessionId").stringValue());

        done("clock/advance", "{'seconds': 301}");

        assertThat(activeSession(stageArn)).isEmpty();
        assertThat(api.call("GetComposition", Map.of("arn", compositionArn))
                        .at("/composition/state")
                        .stringValue())
                .isIn("STOPPING", "STOPPED");
    }

    private static String activeSession(String stageArn) throws IOException, InterruptedException {
        return api.call("GetStage", Map.of("arn", stageArn))
                .at("/stage/activeSessionId")
                .stringValue();
    }

    @Test
    void advancingLetsTokensExpireAndLeavesSignaturesAndDatesAlone() throws Exception {
        String stageArn = stage();
        String token = api.call("CreateParticipantToken", Map.of("stageArn", stageArn, "duration", 1))
                .at("/participantToken/token")
                .stringValue();

        Instant now = Instant.parse(
                done("clock/advance", "{'seconds': 86400}").get("now").stringValue());

        assertThat(now).isAfter(Instant.now().plus(Duration.ofHours(23)));
        assertThat(control("participants/join", "{'token': '" + token + "'}"))
                .startsWith("400 ")
                .contains("expired");
        String date = send(HttpRequest.newBuilder(URI.create(node.url() + "/ListStages")))
                .headers()
                .firstValue("date")
                .orElseThrow();
        assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .isBefore(Instant.now().plus(Duration.ofHours(1)));
        assertThat(stage()).contains(":stage/");
    }

    @Test
    void orderedFailuresComeInOrderAndEnd() throws Exception {
        done("fail-next", "{'operation': 'CreateStage', 'error': 'ThrottlingException', 'times': 2}");
        done(
                "fail-next",
                "{'operation': 'CreateStage', 'error': 'ServiceQuotaExceededException', 'message': 'no more'}");

        for (String answer : List.of("429", "429", "402: {\"exceptionMessage\":\"no more\"")) {
            assertThatThrownBy(TestControlsIT::stage).hasMessageContaining("CreateStage was answered " + answer);
        }
        assertThat(stage()).contains(":stage/");
    }

    @Test
    void aSimulatedParticipantHasTheLifeOfARealOne() throws Exception {
        String stageArn = stage();
        JsonNode ada = done("participants/join", """
                {'stageArn': '%s', 'userId': 'ada', 'attributes': {'seat': '4'}}""".formatted(stageArn));
        done("participants/publish", who(stageArn, ada));
        done("participants/unpublish", who(stageArn, ada));
        done("participants/leave", who(stageArn, ada));

        JsonNode participant = participant(stageArn, ada);
        assertThat(participant.get("userId").stringValue()).isEqualTo("ada");
        assertThat(participant.at("/attributes/seat").stringValue()).isEqualTo("4");
        assertThat(participant.get("state").stringValue()).isEqualTo("DISCONNECTED");
        assertThat(participant.get("published").booleanValue()).isTrue();
        assertThat(names(eventsOf(stageArn, ada)))
                .containsExactly("LEFT", "PUBLISH_STOPPED", "PUBLISH_STARTED", "JOINED");
    }

    @Test
    void anEventCanBeMadeUp() throws Exception {
        String stageArn = stage();
        JsonNode ada = done("participants/join", "{'stageArn': '" + stageArn + "'}");
        String who = who(stageArn, ada).replace("}", "");

        done("participants/event", who + ", 'name': 'PUBLISH_ERROR', 'errorCode': 'BITRATE_EXCEEDED'}");
        done("participants/event", who + ", 'name': 'SUBSCRIBE_STARTED', 'remoteParticipantId': 'grace'}");

        JsonNode events = eventsOf(stageArn, ada);
        assertThat(names(events)).containsExactly("SUBSCRIBE_STARTED", "PUBLISH_ERROR", "JOINED");
        assertThat(events.get(0).get("remoteParticipantId").stringValue()).isEqualTo("grace");
        assertThat(events.get(1).get("errorCode").stringValue()).isEqualTo("BITRATE_EXCEEDED");
        assertThat(control("participants/event", who + ", 'name': 'WON'}"))
                .startsWith("400 ")
                .contains("'name' is 'WON' and not one of JOINED, LEFT,");
        assertThat(control("participants/event", who + ", 'name': 'JOIN_ERROR', 'errorCode': 'BAD_LUCK'}"))
                .contains("'errorCode' is 'BAD_LUCK' and not one of INSUFFICIENT_CAPABILITIES,");
        assertThat(control(
                        "participants/event",
                        "{'stageArn': '" + stageArn + "', 'participantId': 'nobody', 'name': 'LEFT'}"))
                .startsWith("404 ");
    }

    @Test
    void aReplicationAndAnExchangeCanBeMadeUp() throws Exception {
        String stageArn = stage();
        JsonNode ada = done("participants/join", "{'stageArn': '" + stageArn + "'}");
        String who = who(stageArn, ada).replace("}", "");

        done(
                "participants/event",
                who + ", 'name': 'REPLICATION_STARTED', 'destinationStageArn': '" + stageArn
                        + "', 'destinationSessionId': 'st-AbCdEfGh12345'}");
        done("participants/event", who + """
                , 'name': 'TOKEN_EXCHANGED',
                'previousToken': {'capabilities': ['PUBLISH'], 'expirationTime': '2026-11-01T10:30:00Z'},
                'newToken': {'capabilities': ['PUBLISH', 'SUBSCRIBE'], 'attributes': {'seat': '4'}, 'userId': 'ada',
                    'expirationTime': '2026-11-01T11:30:00Z'}}""");

        JsonNode events = eventsOf(stageArn, ada);
        assertThat(names(events)).containsExactly("TOKEN_EXCHANGED", "REPLICATION_STARTED", "JOINED");
        assertThat(events.get(1).get("destinationStageArn").stringValue()).isEqualTo(stageArn);
        assertThat(events.get(1).get("destinationSessionId").stringValue()).isEqualTo("st-AbCdEfGh12345");
        assertThat(events.get(0).get("previousToken")).isEqualTo(JSON.readTree("""
                {"capabilities": ["PUBLISH"], "attributes": {}, "userId": "",
                    "expirationTime": "2026-11-01T10:30:00Z"}"""));
        assertThat(events.get(0).get("newToken")).isEqualTo(JSON.readTree("""
                {"capabilities": ["PUBLISH", "SUBSCRIBE"], "attributes": {"seat": "4"}, "userId": "ada",
                    "expirationTime": "2026-11-01T11:30:00Z"}"""));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            JOINED              | 'errorCode': 'BITRATE_EXCEEDED'            | 'errorCode' does not go with JOINED
            PUBLISH_STARTED     | 'remoteParticipantId': 'grace'             | 'remoteParticipantId' does not go with PUBLISH_STARTED
            PUBLISH_ERROR       |                                            | 'errorCode' is missing
            SUBSCRIBE_STARTED   |                                            | 'remoteParticipantId' is missing
            SUBSCRIBE_STOPPED   | 'remoteParticipantId': 'z z!'              | 'remoteParticipantId' is not 1 to 64 letters, digits, '-' and '_'
            SUBSCRIBE_ERROR     | 'errorCode': 'QUOTA_EXCEEDED'              | 'remoteParticipantId' is missing
            REPLICATION_STARTED | 'destinationSessionId': 'st-AbCdEfGh12345' | 'destinationStageArn' is missing
            REPLICATION_STOPPED | 'destinationStageArn': 'arn:aws:ivs:us-east-1:1:stage/a' | 'destinationSessionId' is missing
            REPLICATION_STARTED | 'destinationSessionId': 'st-AbCdEfGh12345', 'destinationStageArn': 'x' | 'destinationStageArn' is not the ARN of a stage
            REPLICATION_STARTED | 'destinationSessionId': 'st-1', 'destinationStageArn': 'arn:aws:ivs:us-east-1:1:stage/a' | 'destinationSessionId' is not of the form st-AbCdEfGh12345
            TOKEN_EXCHANGED     |                                            | 'previousToken' is missing
            TOKEN_EXCHANGED     | 'previousToken': {}, 'newToken': {}        | 'previousToken.capabilities' is not a list of PUBLISH, SUBSCRIBE
            TOKEN_EXCHANGED     | 'previousToken': {'capabilities': ['PUBLISH']}, 'newToken': {} | 'previousToken.expirationTime' is missing
            TOKEN_EXCHANGED     | 'previousToken': {'capabilities': ['PUBLISH'], 'expirationTime': 'soon'}, 'newToken': {} | 'previousToken.expirationTime' is not a time such as 2026-11-01T10:30:00Z
            TOKEN_EXCHANGED     | 'previousToken': {'jti': 'a'}, 'newToken': {} | 'previousToken.jti' is no member of 'previousToken'; it has capabilities, attributes, userId, expirationTime
            JOINED              | 'sessionId': 'st-of-another'               | Resource: st-of-another not found
            """)
    void refusesAnEventThatTheApiCouldNotShow(String name, @Nullable String members, String message) throws Exception {
        String stageArn = stage();
        JsonNode ada = done("participants/join", "{'stageArn': '" + stageArn + "'}");

        String answer = control(
                "participants/event",
                who(stageArn, ada).replace("}", "") + ", 'name': '" + name + "'"
                        + (members == null ? "" : ", " + members) + "}");

        assertThat(JSON.readTree(answer.substring(4)).get("message").stringValue())
                .isEqualTo(message);
        assertThat(names(eventsOf(stageArn, ada))).containsExactly("JOINED");
    }

    @Test
    void whoMayOnlyWatchJoinsAndDoesNotPublish() throws Exception {
        String stageArn = stage();
        String token = api.call(
                        "CreateParticipantToken",
                        Map.of("stageArn", stageArn, "userId", "eve", "capabilities", List.of("SUBSCRIBE")))
                .at("/participantToken/token")
                .stringValue();

        JsonNode eve = done("participants/join", "{'token': '" + token + "'}");

        JsonNode participant = participant(stageArn, eve);
        assertThat(participant.get("userId").stringValue()).isEqualTo("eve");
        assertThat(participant.get("state").stringValue()).isEqualTo("CONNECTED");
        assertThat(participant.get("protocol").stringValue()).isEqualTo("UNKNOWN");
        assertThat(control("participants/publish", who(stageArn, eve)))
                .isEqualTo("400 {\"message\":\"the token of '"
                        + eve.get("participantId").stringValue() + "' does not have the capability PUBLISH\"}");
        done("participants/leave", who(stageArn, eve));
        assertThat(names(eventsOf(stageArn, eve))).containsExactly("LEFT", "JOINED");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            stageArn,   'x'
            userId,     'ada'
            attributes, {}
            """)
    void aTokenSaysAllAboutWhoJoinsByIt(String member, String value) throws Exception {
        assertThat(control("participants/join", "{'token': 'a.b.c', '" + member + "': " + value + "}"))
                .isEqualTo("400 {\"message\":\"'" + member + "' is part of the token; leave one of them out\"}");
    }

    @Test
    void aUserIdHas128CharactersAtMost() throws Exception {
        String stageArn = stage();

        done("participants/join", "{'stageArn': '" + stageArn + "', 'userId': '" + "\uD83C\uDFAD".repeat(128) + "'}");

        assertThat(control(
                        "participants/join", "{'stageArn': '" + stageArn + "', 'userId': '" + "x".repeat(129) + "'}"))
                .isEqualTo("400 {\"message\":\"'userId' has more than 128 characters\"}");
    }

    @Test
    void resetLetsCallsComeAsAfterAPause(@TempDir Path other) throws Exception {
        Config config = Config.defaults(other.resolve("data"))
                .onFreePorts()
                .with(Rules.IVS.throttled())
                .withTestControls(Reach.LOOPBACK);
        try (Node slow = Node.start(config);
                ApiClient client = slow.client()) {
            for (int round = 0; round < 20; round++) {
                client.call("ListStages", Map.of());
                send(HttpRequest.newBuilder(URI.create(slow.url() + "/_test/reset"))
                        .POST(HttpRequest.BodyPublishers.ofString("{}")));
            }
        }
    }

    @Test
    void disconnectingASimulatedParticipantEndsThemForGood() throws Exception {
        String stageArn = stage();
        String token = api.call("CreateParticipantToken", Map.of("stageArn", stageArn))
                .at("/participantToken/token")
                .stringValue();
        JsonNode ada = done("participants/join", "{'token': '" + token + "'}");

        api.call(
                "DisconnectParticipant",
                Map.of(
                        "stageArn",
                        stageArn,
                        "participantId",
                        ada.get("participantId").stringValue()));

        assertThat(control("participants/publish", who(stageArn, ada)))
                .startsWith("400 ")
                .contains("no simulated participant");
        assertThat(control("participants/join", "{'token': '" + token + "'}"))
                .startsWith("400 ")
                .contains("disconnected");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            reset                | {'now': 1}               | 400 | 'now' is no member of this control; it has none
            reset                | []                       | 400 | The request body is not valid JSON: not an object
            clock/advance        | {                        | 400 | The request body is not valid JSON: malformed, near line 1, column 2
            clock/advance        | {}                       | 400 | 'seconds' is missing
            clock/advance        | {'seconds': -1}          | 400 | 'seconds' is not a whole number from 1 to 315360000
            clock/advance        | {'seconds': 1.5}         | 400 | 'seconds' is not a whole number from 1 to 315360000
            clock/advance        | {'seconds': 1e99}        | 400 | 'seconds' is not a whole number from 1 to 315360000
            clock/advance        | {'minutes': 1}           | 400 | 'minutes' is no member of this control; it has seconds
            fail-next            | {'operation': 'Nothing', 'error': 'ConflictException'} | 400 | 'operation' is 'Nothing' and not one of BatchGetChannel, BatchGetStreamKey, BatchStart
            fail-next            | {'operation': 'GetStage', 'error': 'Nothing'}          | 400 | 'error' is 'Nothing' and not one of ValidationException,
            fail-next            | {'operation': 'GetStage', 'error': 'ConflictException', 'times': 0} | 400 | 'times' is not a whole number from 1 to 1000
            participants/join    | {}                       | 400 | 'stageArn' is missing
            participants/join    | {'token': 'a.b.c'}       | 400 | the parts of the token must be in base64url
            participants/join    | {'stageArn': 'x'}        | 404 | Resource: x not found
            participants/join    | {'stageArn': 'x', 'attributes': 5} | 404 | Resource: x not found
            participants/leave   | {'stageArn': 'x', 'participantId': 'p'} | 400 | no simulated participant 'p' is on the stage x
            participants/event   | {'stageArn': 'x', 'participantId': 'p', 'name': 'JOINED'} | 404 | Resource: x not found
            nothing              | {}                       | 404 | no control 'nothing'; there are reset, clock/advance, fail-next,
            """)
    void saysWhatIsWrong(String name, String json, int status, String message) throws Exception {
        String answer = control(name, json);

        assertThat(JSON.readTree(answer.substring(4)).get("message").stringValue())
                .startsWith(message);
        assertThat(answer).startsWith(status + " ");
    }

    @Test
    void theClockGoesTenYearsAheadAtMost() throws Exception {
        done("clock/advance", "{'seconds': 315360000}");

        assertThat(control("clock/advance", "{'seconds': 86400}"))
                .isEqualTo("400 {\"message\":\"the clock would be 3651 days ahead; at most 3650\"}");
    }

    @Test
    void refusesBrowsersAndNamesThatOnlyPointHere() throws Exception {
        HttpRequest.Builder reset = HttpRequest.newBuilder(URI.create(node.url() + "/_test/reset"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"));

        assertThat(send(reset.copy().header("Origin", "http://localhost")).body())
                .contains("not for browsers: the request has a header Origin");
        assertThat(send(reset.copy().header("Sec-Fetch-Site", "same-origin")).statusCode())
                .isEqualTo(403);
        assertThat(send(reset.copy().GET()).statusCode()).isEqualTo(405);
        for (String host : List.of("rebound.example:80", "localhost.example", "", "127.0.0.1.example", "10.0.0.1")) {
            assertThat(raw("POST /_test/reset HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 2\r\n"
                            + "Connection: close\r\n\r\n{}"))
                    .as(host)
                    .doesNotStartWith("HTTP/1.1 200");
        }
        assertThat(raw("POST /_test/reset HTTP/1.1\r\nHost: LocalHost\r\nContent-Length: 2\r\n"
                        + "Connection: close\r\n\r\n{}"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void boundsItsBodies() throws Exception {
        assertThat(control("reset", "{'a': '" + "x".repeat(70_000) + "'}"))
                .startsWith("400 ")
                .contains("the body has more than 65536 bytes");
        assertThat(control("reset", "{'a':".repeat(40) + "1" + "}".repeat(40))).startsWith("400 ");
    }

    @RepeatedTest(50)
    void answersHostileBodies(RepetitionInfo run) throws Exception {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] body = "{\"stageArn\": \"arn:aws:ivs:us-east-1:000000000000:stage/a\", \"attributes\": {\"a\": \"b\"}}"
                .getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }

        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(node.url() + "/_test/participants/join"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));

        assertThat(answer.statusCode()).isIn(400, 403, 404);
        assertThat(JSON.readTree(answer.body()).get("message").stringValue()).isNotEmpty();
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(node.url().getHost(), node.url().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void thereAreNoneUnlessTheOperatorSaysSo(@TempDir Path other) throws Exception {
        try (Node closed = Node.start(Config.defaults(other.resolve("data")).onFreePorts())) {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(closed.url() + "/_test/reset"))
                    .POST(HttpRequest.BodyPublishers.ofString("{}")));

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().firstValue("x-amzn-errortype")).contains("UnknownOperationException");
        }
    }
}
