package dev.understudy.control.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import dev.understudy.control.token.ParticipantClaims;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ReplicationsTest {
    @TempDir
    private Path directory;

    private Control control;
    private OnStage source;
    private OnStage destination;

    @BeforeEach
    void open() {
        control = new Control(directory);
        source = new OnStage(control);
        destination = new OnStage(control);
    }

    @AfterEach
    void close() {
        control.close();
    }

    private String request(String participantId, String more) {
        return "{'sourceStageArn': '" + source.arn + "', 'destinationStageArn': '" + destination.arn
                + "', 'participantId': '" + participantId + "'" + more + "}";
    }

    private String start(String participantId, String more) {
        return control.call("StartParticipantReplication", request(participantId, more));
    }

    private String stop(String participantId) {
        return control.call("StopParticipantReplication", request(participantId, ""));
    }

    /** Somebody publishes and is replicated. */
    private String replicated(String more) {
        String participant = source.publisher(", 'userId': 'bob', 'attributes': {'role': 'host', 'team': 'red'}");
        assertThat(start(participant, more)).isEqualTo("200 {}");
        return participant;
    }

    private JsonNode replica(String participant) {
        return destination.participant(destination.activeSession(), participant);
    }

    private List<String> replicas(String participant) {
        return control.ask(
                        "ListParticipantReplicas",
                        "{'sourceStageArn': '" + source.arn + "', 'participantId': '" + participant + "'}")
                .get("replicas")
                .valueStream()
                .map(r -> r.get("destinationStageArn").stringValue() + " "
                        + r.get("replicationState").stringValue())
                .toList();
    }

    @Test
    void aReplicaTakesPartInTheDestinationAndHasPublishedNothing() {
        String participant = replicated(", 'attributes': {'team': 'blue'}");

        assertThat(replica(participant))
                .isEqualTo(Control.json("""
                        {'participantId': '%s', 'userId': 'bob', 'state': 'CONNECTED',
                         'firstJoinTime': '2026-11-01T10:30:00Z', 'attributes': {'role': 'host', 'team': 'blue'},
                         'published': false, 'ispName': '', 'osName': '', 'osVersion': '', 'browserName': '',
                         'browserVersion': '', 'sdkVersion': '', 'recordingS3BucketName': '', 'recordingS3Prefix': '',
                         'recordingState': 'DISABLED', 'protocol': 'WHIP', 'replicationType': 'REPLICA',
                         'replicationState': 'ACTIVE', 'sourceStageArn': '%s', 'sourceSessionId': '%s'}""".formatted(participant, source.arn, source.activeSession())));
    }

    @Test
    void itsSourceSaysSo() {
        String participant = replicated("");

        JsonNode summary = control.ask(
                        "ListParticipants",
                        "{'stageArn': '" + source.arn + "', 'sessionId': '" + source.activeSession() + "'}")
                .at("/participants/0");

        assertThat(summary).isEqualTo(Control.json("""
                        {'participantId': '%s', 'userId': 'bob', 'state': 'CONNECTED',
                         'firstJoinTime': '2026-11-01T10:30:00Z', 'published': true, 'recordingState': 'DISABLED',
                         'replicationType': 'SOURCE', 'replicationState': 'ACTIVE', 'sourceStageArn': '',
                         'sourceSessionId': ''}""".formatted(participant)));
        stop(participant);
        assertThat(source.participant(source.activeSession(), participant).get("replicationState"))
                .isEqualTo(Control.json("'STOPPED'"));
    }

    @Test
    void bothSessionsAreToldOfStartAndStop() {
        String participant = replicated("");
        control.pass(Duration.ofSeconds(1));
        stop(participant);

        String detail = "'participantId': '" + participant + "', 'destinationStageArn': '" + destination.arn
                + "', 'destinationSessionId': '" + destination.activeSession() + "'";
        String started = "{'name': 'REPLICATION_STARTED', 'eventTime': '2026-11-01T10:30:00Z', " + detail;
        String stopped = "{'name': 'REPLICATION_STOPPED', 'eventTime': '2026-11-01T10:30:01Z', " + detail;
        assertThat(source.eventNodes(source.activeSession(), participant))
                .contains(Control.json(started + "}"))
                .first()
                .isEqualTo(Control.json(stopped + "}"));
        assertThat(destination.events(destination.activeSession(), participant))
                .containsExactly("LEFT", "REPLICATION_STOPPED", "REPLICATION_STARTED", "JOINED");
        assertThat(destination.eventNodes(destination.activeSession(), participant))
                .contains(Control.json(started + ", 'replica': true}"), Control.json(stopped + ", 'replica': true}"))
                .allSatisfy(
                        event -> assertThat(event.get("replica").booleanValue()).isTrue());
    }

    @Test
    void aReplicaBeginsASessionAndKeepsItAlive() {
        String participant = replicated("");
        String session = destination.activeSession();

        control.api.elapsed(control.pass(Duration.ofHours(1)));
        assertThat(destination.activeSession()).isEqualTo(session).isNotEmpty();

        stop(participant);
        control.api.elapsed(control.pass(Duration.ofMinutes(5)));
        assertThat(destination.activeSession()).isEmpty();
    }

    @Test
    void theSameReplicationTwiceIsOne() {
        String participant = replicated(", 'attributes': {'a': 'b'}, 'reconnectWindowSeconds': 5");

        assertThat(start(participant, ", 'attributes': {'a': 'b'}, 'reconnectWindowSeconds': 5"))
                .isEqualTo("200 {}");

        assertThat(replicas(participant)).containsExactly(destination.arn + " ACTIVE");
        assertThat(source.events(source.activeSession(), participant))
                .containsExactly("REPLICATION_STARTED", "PUBLISH_STARTED", "JOINED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ", 'attributes': {'a': 'c'}", ", 'attributes': {'a': 'b'}, 'reconnectWindowSeconds': 5"})
    void theSameReplicationWithOtherTermsIsAConflict(String more) {
        String participant = replicated(", 'attributes': {'a': 'b'}");

        assertThat(start(participant, more))
                .isEqualTo("409 ConflictException: Participant " + participant + " is replicated to " + destination.arn
                        + " with other attributes or another window");
    }

    @Test
    void aStoppedReplicationCanStartAgainWithOtherTerms() {
        String participant = replicated(", 'attributes': {'a': 'b'}");
        stop(participant);

        assertThat(start(participant, ", 'attributes': {'a': 'c'}")).isEqualTo("200 {}");

        assertThat(replica(participant).at("/attributes/a").stringValue()).isEqualTo("c");
        assertThat(replica(participant).get("state").stringValue()).isEqualTo("CONNECTED");
        assertThat(replicas(participant)).containsExactly(destination.arn + " ACTIVE");
    }

    @Test
    void stoppingTwiceIsNoMatterButWhatNeverWasIsNotFound() {
        String participant = replicated("");

        assertThat(stop(participant)).isEqualTo("200 {}");
        assertThat(stop(participant)).isEqualTo("200 {}");
        assertThat(replicas(participant)).containsExactly(destination.arn + " STOPPED");
        assertThat(stop("nobody")).isEqualTo("404 ResourceNotFoundException: Resource: nobody not found");
        assertThat(control.call(
                        "StopParticipantReplication",
                        request(participant, "").replace(destination.arn, destination.arn + "x")))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + destination.arn + "x not found");
    }

    @Test
    void stoppingWhatEndedWithItsDestinationIsNoMatter() {
        String participant = replicated("");
        control.ask("DeleteStage", "{'arn': '" + destination.arn + "'}");

        assertThat(stop(participant)).isEqualTo("200 {}");
    }

    @Test
    void refusesOneStageToItself() {
        String participant = source.publisher("");

        assertThat(control.call(
                        "StartParticipantReplication", request(participant, "").replace(destination.arn, source.arn)))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'destinationStageArn' failed"
                        + " to satisfy constraint: Member must be another stage than sourceStageArn");
    }

    @Test
    void refusesStagesThatAreNotThere() {
        String participant = source.publisher("");
        String request = request(participant, "");

        assertThat(control.call("StartParticipantReplication", request.replace(destination.arn, source.arn + "x")))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + source.arn + "x not found");
        assertThat(control.call("StartParticipantReplication", request.replace(source.arn, destination.arn + "x")))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + destination.arn + "x not found");
        assertThat(control.call(
                        "StartParticipantReplication",
                        request.replace(destination.arn, destination.arn.replace("123456789012", "999999999999"))))
                .startsWith("403 AccessDeniedException: ");
    }

    @Test
    void refusesWhoeverIsNotThereOrDoesNotPublishOrIsAReplica() {
        ParticipantClaims silent = source.token("");
        source.join(silent);
        assertThat(start("nobody", "")).isEqualTo("404 ResourceNotFoundException: Resource: nobody not found");
        assertThat(start(silent.participantId(), ""))
                .isEqualTo("409 ConflictException: Participant " + silent.participantId() + " is not publishing");

        String participant = replicated("");
        String third = new OnStage(control).arn;
        assertThat(control.call(
                        "StartParticipantReplication",
                        "{'sourceStageArn': '" + destination.arn + "', 'destinationStageArn': '" + third
                                + "', 'participantId': '" + participant + "'}"))
                .isEqualTo("409 ConflictException: Participant " + participant + " is itself a replica");
    }

    @Test
    void attributesHaveOneKilobyteInAllAlsoOnceTheyAreMerged() {
        String participant = source.publisher(", 'attributes': {'k': '" + "x".repeat(1_000) + "'}");
        String tooMany = "400 ValidationException: 1 validation error detected: Value at 'attributes' failed to satisfy"
                + " constraint: Member must have at most 1024 bytes in total";

        assertThat(start(participant, ", 'attributes': {'m': '" + "x".repeat(1_024) + "'}"))
                .isEqualTo(tooMany);
        assertThat(start(participant, ", 'attributes': {'m': '" + "x".repeat(23) + "'}"))
                .isEqualTo(tooMany);
        assertThat(start(participant, ", 'attributes': {'m': '" + "x".repeat(22) + "'}"))
                .isEqualTo("200 {}");
    }

    @Test
    void aParticipantHasFiveReplicasAtATime() {
        String participant = replicated("");
        for (int i = 0; i < 4; i++) {
            control.ask("StartParticipantReplication", to(new OnStage(control).arn, participant));
        }
        String sixth = to(new OnStage(control).arn, participant);

        assertThat(control.call("StartParticipantReplication", sixth))
                .isEqualTo(
                        "402 ServiceQuotaExceededException: Quota exceeded: at most 5 replications of a participant");
        stop(participant);
        assertThat(control.call("StartParticipantReplication", sixth)).isEqualTo("200 {}");
    }

    private String to(String stageArn, String participant) {
        return request(participant, "").replace(destination.arn, stageArn);
    }

    @Test
    void replicasAreListedInPagesOfAtMostFifty() {
        String participant = replicated("");
        List<String> expected = new ArrayList<>(List.of(destination.arn));
        for (int i = 0; i < 2; i++) {
            String stage = new OnStage(control).arn;
            control.ask("StartParticipantReplication", to(stage, participant));
            expected.addFirst(stage);
        }
        String list = "{'sourceStageArn': '" + source.arn + "', 'participantId': '" + participant + "', 'maxResults': ";

        JsonNode page = control.ask("ListParticipantReplicas", list + "2}");
        JsonNode rest = control.ask(
                "ListParticipantReplicas",
                list + "50, 'nextToken': '" + page.get("nextToken").stringValue() + "'}");

        List<String> listed = new ArrayList<>();
        page.get("replicas")
                .forEach(r -> listed.add(r.get("destinationStageArn").stringValue()));
        rest.get("replicas")
                .forEach(r -> listed.add(r.get("destinationStageArn").stringValue()));
        assertThat(listed).isEqualTo(expected);
        assertThat(rest.at("/replicas/0")).isEqualTo(Control.json("""
                        {'sourceStageArn': '%s', 'participantId': '%s', 'sourceSessionId': '%s',
                         'destinationStageArn': '%s', 'destinationSessionId': '%s', 'replicationState': 'ACTIVE'}""".formatted(
                source.arn, participant, source.activeSession(), destination.arn, destination.activeSession())));
        assertThat(control.call("ListParticipantReplicas", list + "51}")).startsWith("400 ValidationException");
    }

    @Test
    void endsWhenItsSourceStopsPublishing() {
        String participant = replicated("");

        source.leave(participant);

        assertThat(replica(participant).get("state").stringValue()).isEqualTo("DISCONNECTED");
        assertThat(replicas(participant)).containsExactly(destination.arn + " STOPPED");
        assertThat(source.events(source.activeSession(), participant))
                .startsWith("LEFT", "REPLICATION_STOPPED", "PUBLISH_STOPPED");
    }

    @Test
    void waitsForItsSourceAsLongAsItsWindowSays() {
        ParticipantClaims claims = source.token("");
        source.publish(claims);
        String participant = claims.participantId();
        start(participant, ", 'reconnectWindowSeconds': 300");

        source.leave(participant);
        control.api.elapsed(control.pass(Duration.ofMillis(299_999)));
        assertThat(replicas(participant)).containsExactly(destination.arn + " ACTIVE");

        source.publish(claims);
        control.api.elapsed(control.pass(Duration.ofHours(1)));
        assertThat(replicas(participant)).containsExactly(destination.arn + " ACTIVE");

        source.leave(participant);
        control.api.elapsed(control.pass(Duration.ofMinutes(5)));
        assertThat(replicas(participant)).containsExactly(destination.arn + " STOPPED");
    }

    @Test
    void endsWhenItsSourceIsDisconnectedForGood() {
        String participant = replicated(", 'reconnectWindowSeconds': 300");

        control.ask(
                "DisconnectParticipant", "{'stageArn': '" + source.arn + "', 'participantId': '" + participant + "'}");

        assertThat(replicas(participant)).containsExactly(destination.arn + " STOPPED");
    }

    @Test
    void endsWhenTheReplicaIsDisconnected() {
        String participant = replicated("");

        control.ask(
                "DisconnectParticipant",
                "{'stageArn': '" + destination.arn + "', 'participantId': '" + participant + "'}");

        assertThat(replica(participant).get("replicationState").stringValue()).isEqualTo("STOPPED");
        assertThat(source.participant(source.activeSession(), participant)
                        .get("state")
                        .stringValue())
                .isEqualTo("CONNECTED");
    }

    @Test
    void endsWithTheStageOfTheReplica() {
        String participant = replicated("");

        control.ask("DeleteStage", "{'arn': '" + destination.arn + "'}");

        assertThat(replicas(participant)).containsExactly(destination.arn + " STOPPED");
        assertThat(source.events(source.activeSession(), participant)).startsWith("REPLICATION_STOPPED");
    }

    @Test
    void endsWithTheStageOfItsSource() {
        String participant = replicated(", 'reconnectWindowSeconds': 300");

        control.ask("DeleteStage", "{'arn': '" + source.arn + "'}");

        assertThat(replica(participant).get("replicationState").stringValue()).isEqualTo("STOPPED");
        assertThat(replica(participant).get("sourceStageArn").stringValue()).isEqualTo(source.arn);
        assertThat(destination.events(destination.activeSession(), participant))
                .startsWith("LEFT", "REPLICATION_STOPPED");
    }

    @Test
    void waitsForItsSourceAlsoOverARestart() {
        String kept = replicated(", 'reconnectWindowSeconds': 10");
        String ended = replicated("");

        control.api.participants().recover(control.now());

        assertThat(replicas(kept)).containsExactly(destination.arn + " ACTIVE");
        assertThat(replicas(ended)).containsExactly(destination.arn + " STOPPED");
    }

    @Test
    void twoParticipantsOfOneIdDoNotMeetInOneStage() {
        String participant = replicated("");
        var other = new OnStage(control);
        ParticipantClaims namesake = other.token("");
        var claims = new ParticipantClaims(
                participant,
                other.arn,
                "",
                namesake.attributes(),
                true,
                true,
                namesake.issuedAt(),
                namesake.expiresAt(),
                "",
                "",
                "");
        other.publish(claims);

        assertThat(control.call(
                        "StartParticipantReplication", request(participant, "").replace(source.arn, other.arn)))
                .isEqualTo("409 ConflictException: Another participant " + participant
                        + " takes part in the destination stage");
    }
}
