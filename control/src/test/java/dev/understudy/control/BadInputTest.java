package dev.understudy.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.api.Api;
import dev.understudy.control.api.Calls;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way a call can be wrong has its message, and leaves the database as it was. */
class BadInputTest {
    private static final String STAGE = "arn:aws:ivs:us-east-1:123456789012:stage/AAAAAAAAAAAA";

    @TempDir
    private Path directory;

    private Control control;
    private Dispatcher dispatcher;
    private String before;

    @BeforeEach
    void open() {
        control = new Control(directory);
        dispatcher = Calls.dispatcher(control.api.register(new Api()));
        assertThat(control.ask("CreateStage", "{'name': 'kept'}")
                        .at("/stage/arn")
                        .stringValue())
                .isEqualTo(STAGE);
        before = rows();
    }

    @AfterEach
    void close() {
        assertThat(rows()).isEqualTo(before);
        control.close();
    }

    /** How many rows each table has. */
    private String rows() {
        return control.base.store().read(h -> {
            List<String> tables = h.createQuery("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
                    .mapTo(String.class)
                    .list();
            StringBuilder rows = new StringBuilder();
            for (String table : tables) {
                int count = h.createQuery("SELECT COUNT(*) FROM " + table)
                        .mapTo(int.class)
                        .one();
                rows.append(table).append(' ').append(count).append('\n');
            }
            return rows.toString();
        });
    }

    private String call(String operation, byte[] body) {
        Response response = dispatcher.handle(Calls.signed("POST", "/" + operation, "", body));
        return response.status() + " " + response.headers().get("x-amzn-errortype") + " " + response.text();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            an unknown operation   | MakeStage   | {}                            | 404 UnknownOperationException | No operation at POST /MakeStage
            broken JSON            | CreateStage | {'name': 'a'                  | 400 SerializationException    | not valid JSON: malformed
            no JSON                | CreateStage | name=a                        | 400 SerializationException    | not valid JSON: malformed
            a list                 | CreateStage | ['name']                      | 400 SerializationException    | not valid JSON: not an object
            more than one value    | CreateStage | {'name': 'a'} {}              | 400 SerializationException    | not valid JSON: malformed
            a name repeated        | CreateStage | {'name': 'a', 'name': 'b'}    | 400 SerializationException    | not valid JSON: a name repeated, near line 1, column
            a name repeated below  | CreateStage | {'tags': {'a': '1', 'a': '2'}} | 400 SerializationException   | not valid JSON: a name repeated, near line 1, column
            not a number           | CreateStage | {'maxResults': NaN}           | 400 SerializationException    | not valid JSON: malformed
            a wrong type           | CreateStage | {'name': 5}                   | 400 ValidationException       | Value at 'name' failed to satisfy constraint: Member must be a string
            a wrong type of 32 bits | ListStages | {'maxResults': '5'}           | 400 ValidationException       | Value at 'maxResults' failed to satisfy constraint: Member must be an integer of 32 bits
            a number beyond 64 bits | ListStages | {'maxResults': 99999999999999999999} | 400 ValidationException | Value at 'maxResults' failed to satisfy constraint: Member must be an integer of 32 bits
            a number beyond 32 bits | ListStages | {'maxResults': 4294967297}    | 400 ValidationException       | Value at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100
            a wrong type below     | CreateStage | {'tags': {'a': 5}}            | 400 ValidationException       | Value at 'tags' failed to satisfy constraint: Map value must be a string
            a null in a list       | CreateStage | {'participantTokenConfigurations': [null]} | 400 ValidationException | Value at 'participantTokenConfigurations.1.member' failed to satisfy constraint: Member must not be null
            half a letter          | CreateStage | {'name': '\\ud800'}            | 400 ValidationException       | Value at 'name' failed to satisfy constraint: Member must be a string of Unicode characters
            a good and a bad tag   | CreateStage | {'tags': {'a': 'b', 'aws:c': 'd'}} | 400 ValidationException  | Value at 'tags' failed to satisfy constraint: Member must not have a key that begins with aws:
            a good and a bad token | CreateStage | {'participantTokenConfigurations': [{}, {'duration': 0}]} | 400 ValidationException | Value at 'participantTokenConfigurations.2.member.duration' failed
            an ARN missing         | GetStage    | {}                            | 400 ValidationException       | Value at 'arn' failed to satisfy constraint: Member must not be null
            no ARN                 | GetStage    | {'arn': 'AAAAAAAAAAAA'}       | 400 ValidationException       | Value at 'arn' failed to satisfy constraint: Member must satisfy regular expression pattern
            another type's ARN     | GetStage    | {'arn': 'arn:aws:ivs:us-east-1:123456789012:channel/AAAAAAAAAAAA'} | 400 ValidationException | Value at 'arn' failed to satisfy constraint: Member must satisfy regular expression pattern
            another partition's    | GetStage    | {'arn': 'arn:aws-cn:ivs:us-east-1:123456789012:stage/AAAAAAAAAAAA'} | 400 ValidationException | Value at 'arn' failed
            another account's      | GetStage    | {'arn': 'arn:aws:ivs:us-east-1:210987654321:stage/AAAAAAAAAAAA'} | 403 AccessDeniedException | belongs to another account
            another region's       | GetStage    | {'arn': 'arn:aws:ivs:eu-west-1:123456789012:stage/AAAAAAAAAAAA'} | 404 ResourceNotFoundException | not found
            an account's to change | DeleteStage | {'arn': 'arn:aws:ivs:us-east-1:210987654321:stage/AAAAAAAAAAAA'} | 403 AccessDeniedException | belongs to another account
            a region's to change   | DeleteStage | {'arn': 'arn:aws:ivs:eu-west-1:123456789012:stage/AAAAAAAAAAAA'} | 404 ResourceNotFoundException | not found
            a configuration that is not there | CreateStage | {'autoParticipantRecordingConfiguration': {'storageConfigurationArn': 'arn:aws:ivs:us-east-1:123456789012:storage-configuration/a'}} | 404 ResourceNotFoundException | storage-configuration/a not found
            """)
    void isRefused(String what, String operation, String json, String status, String message) {
        String answer = call(operation, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));

        assertThat(answer.replace("\\\"", "\"")).startsWith(status + " ").contains(message);
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] body = "{\"name\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(call("CreateStage", body))
                .startsWith("400 SerializationException")
                .contains("not UTF-8");
    }

    /** Where nobody looks, too: members that the model does not know are ignored, but not unbounded. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            lists in lists     | {"unknown": %s1%s} | [    | ]    | 100000 | is nested more than 32 levels deep
            objects in objects | {"a": %s1%s}       | {"a":| }    | 33     | is nested more than 32 levels deep
            a long number      | {"unknown": %s%s}  | 9    | 9    | 50000  | has a number of more than 64 digits
            a long fraction    | {"unknown": 0.%s%s}| 9    | 9    | 50000  | has a number of more than 64 digits
            a long name        | {"%s%s": 1}        | n    | n    | 30000  | has a name of more than 8192 letters
            """)
    void jsonBeyondABoundIsRefused(String what, String json, String before, String after, int times, String message) {
        String body = json.formatted(before.repeat(times), after.repeat(times));

        assertThat(call("CreateStage", body.getBytes(StandardCharsets.UTF_8)))
                .startsWith("400 SerializationException")
                .contains("\"message\":\"The request body " + message + "\"");
    }

    @Test
    void aBodyOverTheLimitIsRefused() {
        byte[] body =
                ("{\"name\": \"" + "a".repeat(Dispatcher.MAX_BODY_BYTES) + "\"}").getBytes(StandardCharsets.UTF_8);

        assertThat(call("CreateStage", body))
                .startsWith("413 RequestEntityTooLargeException")
                .contains("The request body exceeds 1048576 bytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET     | /CreateStage                        | No operation at GET /CreateStage, but at POST
            PUT     | /CreateStage                        | No operation at PUT /CreateStage, but at POST
            DELETE  | /CreateStage                        | No operation at DELETE /CreateStage, but at POST
            PATCH   | /CreateStage                        | No operation at PATCH /CreateStage, but at POST
            HEAD    | /CreateStage                        | No operation at HEAD /CreateStage, but at POST
            post    | /CreateStage                        | No operation at post /CreateStage, but at POST
            TRACE   | /CreateStage                        | No operation at TRACE /CreateStage, but at POST
            PUT     | /tags/arn:aws:ivs:us-east-1:1:stage | No operation at PUT /tags/arn:aws:ivs:us-east-1:1:stage, but at DELETE, GET, POST
            GET     | /tags/                              | No operation at GET /tags/
            GET     | /MakeStage                          | No operation at GET /MakeStage
            POST    | /CreateStage/                       | No operation at POST /CreateStage/
            POST    | /createstage                        | No operation at POST /createstage
            """)
    void anotherMethodOrPathIsRefused(String method, String path, String message) {
        Response response = dispatcher.handle(Calls.signed(method, path, "", new byte[0]));

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.headers()).containsEntry("x-amzn-errortype", "UnknownOperationException");
        assertThat(response.text())
                .isEqualTo("{\"exceptionMessage\":\"" + message + "\",\"message\":\"" + message + "\"}");
    }
}
