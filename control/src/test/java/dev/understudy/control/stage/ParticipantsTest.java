package dev.understudy.control.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import dev.understudy.control.stage.Participants.Joining;
import dev.understudy.control.stage.Participants.Joining.Joined;
import dev.understudy.control.stage.Participants.Joining.Refused;
import dev.understudy.control.token.ParticipantClaims;
import dev.understudy.control.token.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ParticipantsTest {
    private static final String STAGE = "arn:aws:ivs:us-east-1:123456789012:stage/AAAAAAAAAAAA";
    private static final String OF_STAGE = "'stageArn': '" + STAGE + "'";

    @TempDir
    private Path directory;

    private Control control;
    private Participants participants;

    @BeforeEach
    void open() {
        control = new Control(directory);
        participants = control.api.participants();
        control.ask("CreateStage", "{}");
    }

    @AfterEach
    void close() {
        control.close();
    }

    private ParticipantClaims token(String more) {
        String token = control.ask("CreateParticipantToken", "{" + OF_STAGE + more + "}")
                .at("/participantToken/token")
                .stringValue();
        return ((Verdict.Accepted) control.api.tokens().verify(token, control.now())).claims();
    }

    private Joining join(ParticipantClaims claims) {
        return participants.join(claims, ClientDescription.UNKNOWN, "WHIP", control.now());
    }

    private String joined(ParticipantClaims claims) {
        return ((Joined) join(claims)).sessionId();
    }

    private String activeSession() {
        return control.ask("GetStage", "{'arn': '" + STAGE + "'}")
                .at("/stage/activeSessionId")
                .stringValue();
    }

    private List<String> events(String session, String participant) {
        return control.ask(
                        "ListParticipantEvents",
                        "{" + OF_STAGE + ", 'sessionId': '" + session + "', 'participantId': '" + participant + "'}")
                .get("events")
                .valueStream()
                .map(e -> e.get("name").stringValue())
                .toList();
    }

    @Test
    void theFirstWhoJoinsBeginsASession() {
        assertThat(activeSession()).isEmpty();

        String session = joined(token(""));

        assertThat(session).matches("st-[a-zA-Z0-9]{13}");
        assertThat(activeSession()).isEqualTo(session);
        assertThat(joined(token(""))).isEqualTo(session);
    }

    @Test
    void getParticipantShowsWhatIsKnownAndBlanks() {
        ParticipantClaims claims = token(", 'userId': 'bob', 'attributes': {'role': 'host'}");
        var client = new ClientDescription("", "Linux", "6.1", "Chrome<script>", "116", "x".repeat(200));
        String session = ((Joined) participants.join(claims, client, "WHIP", control.now())).sessionId();
        participants.published(session, claims.participantId(), control.now());

        assertThat(control.ask(
                        "GetParticipant",
                        "{" + OF_STAGE + ", 'sessionId': '" + session + "', 'participantId': 'BBBBBBBBBBBB'}"))
                .isEqualTo(Control.json("""
                        {'participant': {'participantId': 'BBBBBBBBBBBB', 'userId': 'bob', 'state': 'CONNECTED',
                            'firstJoinTime': '2026-11-01T10:30:00Z', 'attributes': {'role': 'host'}, 'published': true,
                            'ispName': '', 'osName': 'Linux', 'osVersion': '6.1', 'browserName': 'Chromescript',
                            'browserVersion': '116', 'sdkVersion': '%s', 'recordingS3BucketName': '',
                            'recordingS3Prefix': '', 'recordingState': 'DISABLED', 'protocol': 'WHIP',
                            'replicationType': 'NONE'}}""".formatted("x".repeat(128))));
    }

    @Test
    void eventsAreListedNewestFirst() {
        ParticipantClaims claims = token("");
        String session = joined(claims);
        participants.published(session, claims.participantId(), control.pass(Duration.ofSeconds(1)));
        participants.published(session, claims.participantId(), control.now());
        participants.failed(
                session,
                claims.participantId(),
                EventName.SUBSCRIBE_ERROR,
                EventErrorCode.PUBLISHER_NOT_FOUND,
                control.now());
        participants.left(session, claims.participantId(), control.pass(Duration.ofSeconds(1)));
        participants.left(session, claims.participantId(), control.now());

        assertThat(control.ask(
                        "ListParticipantEvents",
                        "{" + OF_STAGE + ", 'sessionId': '" + session + "', 'participantId': 'BBBBBBBBBBBB'}"))
                .isEqualTo(Control.json("""
                        {'events': [
                            {'name': 'LEFT', 'participantId': 'BBBBBBBBBBBB', 'eventTime': '2026-11-01T10:30:02Z'},
                            {'name': 'PUBLISH_STOPPED', 'participantId': 'BBBBBBBBBBBB',
                             'eventTime': '2026-11-01T10:30:02Z'},
                            {'name': 'SUBSCRIBE_ERROR', 'participantId': 'BBBBBBBBBBBB',
                             'eventTime': '2026-11-01T10:30:01Z', 'errorCode': 'PUBLISHER_NOT_FOUND'},
                            {'name': 'PUBLISH_STARTED', 'participantId': 'BBBBBBBBBBBB',
                             'eventTime': '2026-11-01T10:30:01Z'},
                            {'name': 'JOINED', 'participantId': 'BBBBBBBBBBBB',
                             'eventTime': '2026-11-01T10:30:00Z'}]}"""));
    }

    @Test
    void theSameTokenTakesTheOldConnectionsPlace() {
        ParticipantClaims claims = token("");
        String session = joined(claims);

        assertThat(join(claims)).isEqualTo(new Joined(session, true));
        participants.left(session, claims.participantId(), control.now());
        assertThat(join(claims)).isEqualTo(new Joined(session, false));
        assertThat(events(session, claims.participantId())).containsExactly("JOINED", "LEFT", "JOINED");
    }

    @Test
    void anotherKeysTokenCannotTakeAParticipantsId() {
        ParticipantClaims claims = token("");
        joined(claims);
        var thief = new ParticipantClaims(
                claims.participantId(),
                claims.stageArn(),
                "mallory",
                claims.attributes(),
                true,
                true,
                claims.issuedAt(),
                claims.expiresAt(),
                claims.whipUrl(),
                claims.eventsUrl(),
                "arn:aws:ivs:us-east-1:123456789012:public-key/mallorys");

        assertThat(((Refused) join(thief)).reason()).isEqualTo(Verdict.Reason.DUPLICATE_PARTICIPANT);
    }

    @Test
    void whoeverIsDisconnectedOrWhoseStageIsGoneStaysOut() {
        ParticipantClaims first = token("");
        ParticipantClaims second = token("");
        control.ask("DisconnectParticipant", "{" + OF_STAGE + ", 'participantId': '" + first.participantId() + "'}");
        assertThat(((Refused) join(first)).reason()).isEqualTo(Verdict.Reason.DISCONNECTED);

        control.ask("DeleteStage", "{'arn': '" + STAGE + "'}");
        assertThat(((Refused) join(second)).reason()).isEqualTo(Verdict.Reason.STAGE_NOT_FOUND);
    }

    @Test
    void aSessionEndsFiveMinutesAfterTheLastHasLeft() {
        ParticipantClaims claims = token("");
        String session = joined(claims);
        control.api.elapsed(control.pass(Duration.ofHours(1)));
        assertThat(activeSession()).isEqualTo(session);

        participants.left(session, claims.participantId(), control.now());
        control.api.elapsed(control.pass(Duration.ofMillis(299_999)));
        assertThat(activeSession()).isEqualTo(session);
        control.api.elapsed(control.pass(Duration.ofMillis(1)));
        assertThat(activeSession()).isEmpty();

        assertThat(control.ask("GetStageSession", "{" + OF_STAGE + ", 'sessionId': '" + session + "'}"))
                .isEqualTo(Control.json("{'stageSession': {'sessionId': '" + session
                        + "', 'startTime': '2026-11-01T10:30:00Z', 'endTime': '2026-11-01T11:30:00Z'}}"));
        assertThat(joined(claims)).isNotEqualTo(session);
        assertThat(control.ask("ListStageSessions", "{" + OF_STAGE + "}").get("stageSessions"))
                .hasSize(2);
    }

    @Test
    void aRestartEndsEveryConnectionAndKeepsTheSession() {
        ParticipantClaims claims = token("");
        String session = joined(claims);
        participants.published(session, claims.participantId(), control.now());
        control.close();
        control = new Control(directory);

        control.api.participants().recover(control.pass(Duration.ofSeconds(5)));

        assertThat(events(session, claims.participantId()))
                .containsExactly("LEFT", "PUBLISH_STOPPED", "PUBLISH_STARTED", "JOINED");
        assertThat(activeSession()).isEqualTo(session);
    }

    @Test
    void reportsAboutWhoIsGoneChangeNothing() {
        ParticipantClaims claims = token("");
        String session = joined(claims);
        control.ask("DeleteStage", "{'arn': '" + STAGE + "'}");

        participants.published(session, claims.participantId(), control.now());
        participants.unpublished(session, claims.participantId(), control.now());
        participants.left(session, claims.participantId(), control.now());
        participants.left("st-unknown", "nobody", control.now());

        assertThat(control.call("ListStageSessions", "{" + OF_STAGE + "}")).startsWith("404 ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            -                               | DDDDDDDDDDDD CCCCCCCCCCCC BBBBBBBBBBBB
            'filterByUserId': 'bob'         | CCCCCCCCCCCC BBBBBBBBBBBB
            'filterByUserId': ''            | DDDDDDDDDDDD CCCCCCCCCCCC BBBBBBBBBBBB
            'filterByUserId': '', 'filterByState': 'DISCONNECTED' | DDDDDDDDDDDD
            'filterByPublished': true       | CCCCCCCCCCCC
            'filterByPublished': false      | DDDDDDDDDDDD BBBBBBBBBBBB
            'filterByState': 'CONNECTED'    | CCCCCCCCCCCC BBBBBBBBBBBB
            'filterByState': 'DISCONNECTED' | DDDDDDDDDDDD
            'filterByRecordingState': 'ACTIVE' | ``
            """)
    void listsParticipantsByOneFilter(String filter, String expected) {
        List<ParticipantClaims> claims =
                List.of(token(", 'userId': 'bob'"), token(", 'userId': 'bob'"), token(", 'userId': 'eve'"));
        String session = claims.stream().map(this::joined).toList().getFirst();
        participants.published(session, "CCCCCCCCCCCC", control.now());
        participants.left(session, "DDDDDDDDDDDD", control.now());

        JsonNode answer = control.ask(
                "ListParticipants",
                "{" + OF_STAGE + ", 'sessionId': '" + session + "'" + (filter == null ? "" : ", " + filter) + "}");

        assertThat(answer.get("participants")
                        .valueStream()
                        .map(p -> p.get("participantId").stringValue()))
                .containsExactly(expected.isEmpty() ? new String[0] : expected.split(" "));
    }

    @Test
    void aSummaryShowsItsMembers() {
        String session = joined(token(""));

        assertThat(control.ask("ListParticipants", "{" + OF_STAGE + ", 'sessionId': '" + session + "'}"))
                .isEqualTo(Control.json("""
                        {'participants': [{'participantId': 'BBBBBBBBBBBB', 'userId': '', 'state': 'CONNECTED',
                            'firstJoinTime': '2026-11-01T10:30:00Z', 'published': false,
                            'recordingState': 'DISABLED', 'replicationType': 'NONE'}]}"""));
    }

    @Test
    void refusesTwoFilters() {
        String session = joined(token(""));

        assertThat(control.call(
                        "ListParticipants",
                        "{" + OF_STAGE + ", 'sessionId': '" + session
                                + "', 'filterByPublished': true, 'filterByState': 'CONNECTED'}"))
                .isEqualTo("400 ValidationException: Only one of filterByUserId, filterByPublished, filterByState and"
                        + " filterByRecordingState is allowed");
    }

    private String disconnect(String participantId) {
        return control.call("DisconnectParticipant", "{" + OF_STAGE + ", 'participantId': '" + participantId + "'}");
    }

    private void disconnectedBefore(int count) {
        control.base
                .store()
                .update(h -> h.createUpdate("""
                        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :count)
                        INSERT INTO disconnected_participant SELECT :stage, 'unused-' || n, :now FROM number""")
                        .bind("count", count)
                        .bind("stage", STAGE)
                        .bind("now", control.now().toEpochMilli())
                        .execute());
    }

    @Test
    void disconnectingNobodyIsRefused() {
        assertThat(disconnect(""))
                .isEqualTo("400 ValidationException: 1 validation error detected: Value at 'participantId' failed to"
                        + " satisfy constraint: Member must have length greater than or equal to 1");
    }

    @Test
    void unusedTokensAreDisconnectedUpToABoundUntilTheyHaveExpired() {
        disconnectedBefore(Participants.UNUSED_TOKENS_DISCONNECTED - 1);

        assertThat(disconnect("the-last")).isEqualTo("200 {}");
        assertThat(disconnect("the-last")).isEqualTo("200 {}");
        assertThat(disconnect("one-more"))
                .isEqualTo("402 ServiceQuotaExceededException: Quota exceeded: at most 10000 unused tokens of a stage"
                        + " disconnected in 15 days");
        control.pass(Duration.ofDays(15).plusMillis(1));
        assertThat(disconnect("one-more")).isEqualTo("200 {}");
    }

    @Test
    void whoeverHasTakenPartIsDisconnectedBeyondThatBound() {
        ParticipantClaims claims = token("");
        joined(claims);
        disconnectedBefore(Participants.UNUSED_TOKENS_DISCONNECTED);

        assertThat(disconnect(claims.participantId())).isEqualTo("200 {}");
        assertThat(join(claims)).isInstanceOf(Refused.class);
    }

    @Test
    void refusesASessionOfAnotherStage() {
        String session = joined(token(""));
        String other = control.ask("CreateStage", "{}").at("/stage/arn").stringValue();

        assertThat(control.call("GetStageSession", "{'stageArn': '" + other + "', 'sessionId': '" + session + "'}"))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + session + " not found");
    }
}
