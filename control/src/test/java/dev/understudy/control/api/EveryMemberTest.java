package dev.understudy.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import dev.understudy.control.api.ServiceModel.Operation;
import dev.understudy.control.api.Shape.Location;
import dev.understudy.control.api.Shape.Mapping;
import dev.understudy.control.api.Shape.Sequence;
import dev.understudy.control.api.Shape.Structure;
import dev.understudy.control.stage.ClientDescription;
import dev.understudy.control.stage.EventErrorCode;
import dev.understudy.control.stage.EventName;
import dev.understudy.control.stage.ParticipantRecording;
import dev.understudy.control.stage.Participants.Joining.Joined;
import dev.understudy.control.stage.RecordingState;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Verdict;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A whole life by all operations of {@code ivs-realtime}, in which every member of every request is sent and every member
 * of every answer comes back.
 */
class EveryMemberTest {
    /** Nobody subscribes yet. */
    private static final Set<String> NEVER_ANSWERED = Set.of("Event.remoteParticipantId");

    private static final String ATTRIBUTES = "'attributes': {'role': 'host'}";
    private static final String TAGS = "'tags': {'team': 'red'}";

    @TempDir
    private Path directory;

    private final Set<String> called = new TreeSet<>();
    private final Set<String> sent = new TreeSet<>();
    private final Set<String> answered = new TreeSet<>();
    private final ServiceModel model = ServiceModel.realTime();
    private Control control;

    @BeforeEach
    void open() {
        control = new Control(directory);
    }

    @AfterEach
    void close() {
        control.close();
    }

    @Test
    void everyMemberOfEveryOperationMakesTheRoundTrip() throws GeneralSecurityException {
        String storage =
                arn(ask("CreateStorageConfiguration", "{'name': 'n', 's3': {'bucketName': 'bucket'}, " + TAGS + "}"));
        String encoder = arn(ask(
                "CreateEncoderConfiguration",
                "{'name': 'n', 'video': {'width': 640, 'height': 360, 'framerate': 25, 'bitrate': 900000}, " + TAGS
                        + "}"));
        configurations(storage, encoder);
        keys();
        String stage = stages(storage);
        String ingest = ingests(stage);
        participants(stage);
        compositions(stage, storage, encoder);
        ask("DeleteIngestConfiguration", "{'arn': '" + ingest + "', 'force': true}");
        ask("DeleteStage", "{'arn': '" + stage + "'}");
        ask("DeleteStorageConfiguration", "{'arn': '" + storage + "'}");
        ask("DeleteEncoderConfiguration", "{'arn': '" + encoder + "'}");
        tags();

        assertThat(called).isEqualTo(model.operations().keySet());
        assertThat(without(members(true), sent)).as("never sent").isEmpty();
        assertThat(without(members(false), answered)).as("never answered").isEqualTo(NEVER_ANSWERED);
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private void configurations(String storage, String encoder) {
        ask("GetStorageConfiguration", "{'arn': '" + storage + "'}");
        ask("CreateStorageConfiguration", "{'s3': {'bucketName': 'bucket'}}");
        pages("ListStorageConfigurations", "");
        ask("GetEncoderConfiguration", "{'arn': '" + encoder + "'}");
        ask("CreateEncoderConfiguration", "{}");
        pages("ListEncoderConfigurations", "");
    }

    private void keys() throws GeneralSecurityException {
        String key = arn(ask("ImportPublicKey", "{'name': 'n', " + TAGS + ", 'publicKeyMaterial': '" + pem() + "'}"));
        ask("GetPublicKey", "{'arn': '" + key + "'}");
        ask("ImportPublicKey", "{'publicKeyMaterial': '" + pem() + "'}");
        pages("ListPublicKeys", "");
        ask("DeletePublicKey", "{'arn': '" + key + "'}");
    }

    private static String pem() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        String base64 = Base64.getEncoder()
                .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
        return "-----BEGIN PUBLIC KEY-----\\n" + base64 + "\\n-----END PUBLIC KEY-----\\n";
    }

    private String stages(String storage) {
        String recording = "'autoParticipantRecordingConfiguration': {'storageConfigurationArn': '" + storage
                + "', 'mediaTypes': ['AUDIO_ONLY'], 'recordingReconnectWindowSeconds': 5,"
                + " 'recordParticipantReplicas': false, 'hlsConfiguration': {'targetSegmentDurationSeconds': 4},"
                + " 'thumbnailConfiguration':"
                + " {'targetIntervalSeconds': 7, 'storage': ['LATEST'], 'recordingMode': 'INTERVAL'}}";
        String token = "'duration': 60, 'userId': 'bob', 'capabilities': ['PUBLISH'], " + ATTRIBUTES;
        String stage = arn(ask(
                "CreateStage",
                "{'name': 'n', 'participantTokenConfigurations': [{" + token + "}], " + TAGS + ", " + recording + "}"));
        ask("GetStage", "{'arn': '" + stage + "'}");
        ask("UpdateStage", "{'arn': '" + stage + "', 'name': 'm', " + recording + "}");
        ask("CreateParticipantToken", "{'stageArn': '" + stage + "', " + token + "}");
        ask("CreateStage", "{}");
        pages("ListStages", "");
        return stage;
    }

    private String ingests(String stage) {
        String ingest = arn(ask(
                "CreateIngestConfiguration",
                "{'name': 'n', 'stageArn': '" + stage + "', 'userId': 'obs', " + ATTRIBUTES
                        + ", 'ingestProtocol': 'RTMP', 'insecureIngest': true, 'redundantIngest': true, " + TAGS
                        + "}"));
        ask("GetIngestConfiguration", "{'arn': '" + ingest + "'}");
        ask(
                "UpdateIngestConfiguration",
                "{'arn': '" + ingest + "', 'stageArn': '" + stage + "', 'redundantIngest': true}");
        ask("CreateIngestConfiguration", "{'ingestProtocol': 'RTMPS'}");
        pages("ListIngestConfigurations", "");
        ask("ListIngestConfigurations", "{'filterByStageArn': '" + stage + "'}");
        ask("ListIngestConfigurations", "{'filterByState': 'INACTIVE'}");
        String participant = control.ask("GetIngestConfiguration", "{'arn': '" + ingest + "'}")
                .at("/ingestConfiguration/participantId")
                .stringValue();
        publish(claims(stage, participant, "obs", ""));
        return ingest;
    }

    private void participants(String stage) {
        ParticipantClaims alice = claims(stage, "alice-1", "alice", "arn:aws:ivs:us-east-1:123456789012:public-key/k");
        String session = publish(alice);
        control.api
                .participants()
                .recording(
                        session,
                        "alice-1",
                        new ParticipantRecording(RecordingState.STARTING, "bucket", "prefix"),
                        Optional.empty(),
                        control.now());
        control.api.participants().exchange(stage, "alice-1", new Verdict.Accepted(alice), control.now());
        control.api
                .participants()
                .failed(session, "alice-1", EventName.PUBLISH_ERROR, EventErrorCode.BITRATE_EXCEEDED, control.now());
        String destination = replicas(stage);
        String destinationSession = control.api.activeSession(destination);
        String inSession = "'stageArn': '" + stage + "', 'sessionId': '" + session + "'";
        ask("GetParticipant", "{" + inSession + ", 'participantId': 'alice-1'}");
        ask(
                "GetParticipant",
                "{'stageArn': '" + destination + "', 'sessionId': '" + destinationSession
                        + "', 'participantId': 'alice-1'}");
        pages("ListParticipants", inSession);
        for (String filter : new String[] {
            "'filterByPublished': true", "'filterByState': 'CONNECTED'", "'filterByRecordingState': 'STARTING'"
        }) {
            ask("ListParticipants", "{" + inSession + ", " + filter + "}");
        }
        String byIngest = ask("ListParticipants", "{" + inSession + ", 'filterByUserId': 'obs'}")
                .at("/participants/0/participantId")
                .stringValue();
        ask("GetParticipant", "{" + inSession + ", 'participantId': '" + byIngest + "'}");
        ask("ListParticipantEvents", "{" + inSession + ", 'participantId': 'alice-1'}");
        pages("ListParticipantEvents", inSession + ", 'participantId': 'alice-1'");
        ask(
                "ListParticipantEvents",
                "{'stageArn': '" + destination + "', 'sessionId': '" + destinationSession
                        + "', 'participantId': 'alice-1'}");
        ask("DisconnectParticipant", "{'stageArn': '" + stage + "', 'participantId': 'alice-1', 'reason': 'rude'}");
        sessions(stage, session);
    }

    private String replicas(String stage) {
        String destination = "";
        for (int i = 0; i < 2; i++) {
            destination = arn(control.ask("CreateStage", "{}"));
            ask(
                    "StartParticipantReplication",
                    "{'sourceStageArn': '" + stage + "', 'destinationStageArn': '" + destination
                            + "', 'participantId': 'alice-1', 'reconnectWindowSeconds': 9, " + ATTRIBUTES + "}");
        }
        pages("ListParticipantReplicas", "'sourceStageArn': '" + stage + "', 'participantId': 'alice-1'");
        ask(
                "StopParticipantReplication",
                "{'sourceStageArn': '" + stage + "', 'destinationStageArn': '" + destination
                        + "', 'participantId': 'alice-1'}");
        return destination;
    }

    /** The first session ends, and another begins. */
    private void sessions(String stage, String session) {
        control.api.participants().recover(control.now());
        control.api.elapsed(control.pass(Duration.ofMinutes(5)));
        publish(claims(stage, "carol-1", "carol", ""));
        ask("GetStageSession", "{'stageArn': '" + stage + "', 'sessionId': '" + session + "'}");
        pages("ListStageSessions", "'stageArn': '" + stage + "'");
    }

    private void compositions(String stage, String storage, String encoder) {
        String channel = control.ask("CreateChannel", "{}").at("/channel/arn").stringValue();
        String destinations = "'destinations': [{'name': 'live', 'channel': {'channelArn': '" + channel
                + "', 'encoderConfigurationArn': '" + encoder + "'}}, {'s3': {'storageConfigurationArn': '" + storage
                + "', 'encoderConfigurationArns': ['" + encoder + "'], 'recordingConfiguration': {'format': 'HLS',"
                + " 'hlsConfiguration': {'targetSegmentDurationSeconds': 3}}, 'thumbnailConfigurations':"
                + " [{'targetIntervalSeconds': 7, 'storage': ['LATEST']}]}}]";
        String common = "'omitStoppedVideo': true, 'videoFillMode': 'FILL', 'gridGap': 4,"
                + " 'featuredParticipantAttribute': 'f', 'participantOrderAttribute': 'o'";
        String grid = "'layout': {'grid': {" + common + ", 'videoAspectRatio': 'SQUARE'}}";
        String pip = "'layout': {'pip': {" + common + ", 'pipParticipantAttribute': 'p', 'pipBehavior': 'DYNAMIC',"
                + " 'pipOffset': 2, 'pipPosition': 'TOP_LEFT', 'pipWidth': 320, 'pipHeight': 180}}";
        String start = "{'stageArn': '" + stage + "', " + destinations + ", " + TAGS;
        String composition = arn(ask("StartComposition", start + ", " + grid + ", 'idempotencyToken': 't'}"));
        ask("StartComposition", start + ", " + pip + "}");
        control.api.compositionReports().firstFrame(composition, control.now());
        ask("StopComposition", "{'arn': '" + composition + "'}");
        control.api.compositionReports().drained(composition, control.now());
        ask("GetComposition", "{'arn': '" + composition + "'}");
        pages("ListCompositions", "");
        ask("ListCompositions", "{'filterByStageArn': '" + stage + "'}");
        ask("ListCompositions", "{'filterByEncoderConfigurationArn': '" + encoder + "'}");
        control.api.compositionReports().stopAll(control.now());
        control.specs.forEach(spec -> control.api.compositionReports().drained(spec.arn(), control.now()));
    }

    /** Their requests are paths and queries: there is no JSON to be held against the model. */
    private void tags() {
        String stage = arn(control.ask("CreateStage", "{" + TAGS + "}"));
        String path = "/tags/" + stage.replace(":", "%3A").replace("/", "%2F");
        assertThat(control.call("POST", path, "", "{'tags': {'a': 'b'}}")).isEqualTo("200 {}");
        assertThat(control.call("DELETE", path, "tagKeys=a", "")).isEqualTo("200 {}");
        assertThat(control.call("GET", path, "", "")).isEqualTo("200 {\"tags\":{\"team\":\"red\"}}");
        for (String operation : new String[] {"TagResource", "UntagResource", "ListTagsForResource"}) {
            called.add(operation);
            sent.addAll(members(model.operations().get(operation).input(), new TreeSet<>()));
            answered.addAll(members(model.operations().get(operation).output(), new TreeSet<>()));
        }
    }

    private ParticipantClaims claims(String stage, String participantId, String userId, String keyArn) {
        return new ParticipantClaims(
                participantId,
                stage,
                userId,
                Map.of("role", "host"),
                true,
                true,
                control.now(),
                control.now().plus(Duration.ofHours(1)),
                "",
                "",
                keyArn);
    }

    private String publish(ParticipantClaims claims) {
        var joined = (Joined)
                control.api.participants().joinToPublish(claims, ClientDescription.UNKNOWN, "WHIP", control.now());
        control.api.participants().published(joined.sessionId(), claims.participantId(), control.now());
        return joined.sessionId();
    }

    private JsonNode ask(String operation, String json) {
        Operation asked = model.operations().get(operation);
        JsonNode answer = control.ask(operation, json);
        called.add(operation);
        note(asked.input(), Control.json(json), sent);
        note(asked.output(), answer, answered);
        return answer;
    }

    /** Two pages of one each. */
    private void pages(String operation, String more) {
        String request = "{" + more + (more.isEmpty() ? "" : ", ") + "'maxResults': 1";
        String token = ask(operation, request + "}").get("nextToken").stringValue();
        ask(operation, request + ", 'nextToken': '" + token + "'}");
    }

    private static String arn(JsonNode answer) {
        return answer.valueStream()
                .filter(JsonNode::isObject)
                .findFirst()
                .orElseThrow()
                .get("arn")
                .stringValue();
    }

    private static void note(Shape shape, JsonNode json, Set<String> seen) {
        switch (shape) {
            case Structure structure ->
                structure.members().stream()
                        .filter(member -> json.has(member.wireName()))
                        .forEach(member -> {
                            seen.add(structure.name() + "." + member.name());
                            note(member.shape(), json.get(member.wireName()), seen);
                        });
            case Sequence sequence -> json.forEach(element -> note(sequence.element(), element, seen));
            case Mapping mapping -> json.forEach(value -> note(mapping.value(), value, seen));
            default -> {}
        }
    }

    private Set<String> members(boolean ofRequests) {
        Set<String> members = new TreeSet<>();
        model.operations()
                .values()
                .forEach(operation -> members(ofRequests ? operation.input() : operation.output(), members));
        return members;
    }

    /** Headers are the same on every answer, and tested with the dispatcher. */
    private static Set<String> members(Shape shape, Set<String> found) {
        switch (shape) {
            case Structure structure ->
                structure.members().stream()
                        .filter(member -> member.location() != Location.HEADER)
                        .filter(member -> found.add(structure.name() + "." + member.name()))
                        .forEach(member -> members(member.shape(), found));
            case Sequence sequence -> members(sequence.element(), found);
            case Mapping mapping -> members(mapping.value(), found);
            default -> {}
        }
        return found;
    }
}
