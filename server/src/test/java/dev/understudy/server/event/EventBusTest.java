package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.event.Outcome;
import dev.understudy.control.event.Outcome.Delivered;
import dev.understudy.control.event.Outcome.Failed;
import dev.understudy.control.event.Outcome.Refused;
import dev.understudy.control.event.Outcome.Unreachable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EventBusTest {
    private static final String DENIED = "{'__type': 'com.amazonaws.eventbridge#AccessDeniedException'}";

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(
                        200,
                        "{'FailedEntryCount': 0, 'Entries': [{'EventId': 'a'}, {'EventId': 'b'}]}",
                        List.of(new Delivered(), new Delivered())),
                Arguments.of(
                        200,
                        "{'FailedEntryCount': 1, 'Entries': [{'ErrorCode': 'InternalFailure', 'ErrorMessage': 'm'},"
                                + " {'EventId': 'b'}]}",
                        List.of(new Failed("InternalFailure: m"), new Delivered())),
                Arguments.of(
                        200,
                        "{'FailedEntryCount': 1, 'Entries': [{'EventId': 'a'},"
                                + " {'ErrorCode': 'NotAuthorizedForSourceException', 'ErrorMessage': 'm'}]}",
                        List.of(new Delivered(), new Refused("NotAuthorizedForSourceException: m"))),
                Arguments.of(
                        200,
                        "{'Entries': [{'EventId': 'a'}]}",
                        List.of(
                                new Failed("the answer is none to PutEvents"),
                                new Failed("the answer is none to PutEvents"))),
                Arguments.of(
                        200,
                        "{'Entries': [null, 'taken']}",
                        List.of(
                                new Failed("the answer is none to PutEvents"),
                                new Failed("the answer is none to PutEvents"))),
                Arguments.of(
                        200,
                        "{'Entries': [{}, {'EventId': 'b', 'ErrorCode': null}]}",
                        List.of(new Failed("the answer is none to PutEvents"), new Delivered())),
                Arguments.of(
                        200,
                        "{'Entries': [{'EventId': null}, {'EventId': {}}]}",
                        List.of(
                                new Failed("the answer is none to PutEvents"),
                                new Failed("the answer is none to PutEvents"))),
                Arguments.of(
                        200,
                        "<html>",
                        List.of(
                                new Failed("the answer is none to PutEvents"),
                                new Failed("the answer is none to PutEvents"))),
                Arguments.of(
                        400,
                        DENIED,
                        List.of(
                                new Unreachable("answered 400 AccessDeniedException"),
                                new Unreachable("answered 400 AccessDeniedException"))),
                Arguments.of(503, "", List.of(new Unreachable("answered 503"), new Unreachable("answered 503"))));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void readsTheAnswerToTwoEntries(int status, String body, List<Outcome> outcomes) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);

        assertThat(EventBus.outcomes(new HttpAnswer(status, bytes), 2, true)).isEqualTo(outcomes);
    }

    /** An entry of so many bytes, half of them in a letter that has two. */
    private static ObjectNode entry(int bytes) {
        String empty = "{\"Detail\":\"\"}";
        int left = bytes - empty.length();
        return new JsonMapper()
                .createObjectNode()
                .put("Detail", "é".repeat(left / 4) + "x".repeat(left - left / 4 * 2));
    }

    @ParameterizedTest
    @CsvSource({
        "100, 1",
        "100 100 100, 3",
        "128000 128000, 2",
        "128000 128001, 1 1",
        "200000 50000 6000, 3",
        "200000 50000 6001, 2 1",
        "300000, 1",
        "100 300000 100, 1 1 1",
    })
    void noCallHasMoreThan256Kilobytes(String bytesOfEntries, String entriesOfCalls) {
        List<ObjectNode> entries = Stream.of(bytesOfEntries.split(" ", -1))
                .map(bytes -> entry(Integer.parseInt(bytes)))
                .toList();

        List<List<ObjectNode>> calls = EventBus.calls(entries);

        assertThat(calls.stream().flatMap(List::stream)).containsExactlyElementsOf(entries);
        assertThat(calls.stream().map(call -> "" + call.size()).collect(Collectors.joining(" ")))
                .isEqualTo(entriesOfCalls);
    }

    @ParameterizedTest(name = "{0} {1} to {2} entries, proven {3}")
    @CsvSource({
        "400, ValidationException, 2, true, Failed",
        "400, ValidationException, 1, true, Refused",
        "400, ValidationException, 2, false, Unreachable",
        "400, ValidationException, 1, false, Unreachable",
        "400, SerializationException, 1, true, Refused",
        "413, '', 2, true, Failed",
        "413, '', 1, true, Refused",
        "400, ThrottlingException, 1, true, Unreachable",
        "400, ResourceNotFoundException, 1, true, Unreachable",
        "400, '', 1, true, Unreachable",
        "500, InternalException, 2, true, Unreachable",
    })
    void anErrorOfTheWholeCallIsOfOneEntryOnlyWhereItIsAboutContent(
            int status, String type, int count, boolean isProven, String outcome) {
        byte[] body = ("{\"__type\": \"aws#" + type + "\"}").getBytes(StandardCharsets.UTF_8);

        assertThat(EventBus.outcomes(new HttpAnswer(status, body), count, isProven))
                .hasSize(count)
                .allSatisfy(o -> assertThat(o.getClass().getSimpleName()).isEqualTo(outcome))
                .allSatisfy(o -> assertThat(o.why()).isEqualTo(("answered " + status + " " + type).strip()));
    }
}
