package dev.understudy.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherTest {
    private static final String STAGE = "arn:aws:ivs:us-east-1:123456789012:stage/AbCdEfGh1234";
    private static final String ENCODER = "arn:aws:ivs:us-east-1:123456789012:encoder-configuration/AbCdEfGh1234";

    record CreateStageRequest(Optional<String> name, Map<String, String> tags) {}

    record CreateStageResponse(Stage stage, List<ParticipantToken> participantTokens) {}

    record Stage(String arn, Optional<String> name, Map<String, String> tags) {}

    enum Capability {
        PUBLISH,
        SUBSCRIBE
    }

    record ParticipantToken(String participantId, Instant expirationTime, List<Capability> capabilities) {}

    record TagResourceRequest(String resourceArn, Map<String, String> tags) {}

    record UntagResourceRequest(String resourceArn, List<String> tagKeys) {}

    record ListTagsForResourceRequest(String resourceArn) {}

    record ListTagsForResourceResponse(Map<String, String> tags) {}

    record VideoRequest(Optional<String> name, Optional<Video> video) {}

    record Video(
            Optional<Integer> width, Optional<Integer> height, Optional<Double> framerate, Optional<Integer> bitrate) {}

    record VideoResponse(EncoderConfiguration encoderConfiguration) {}

    record EncoderConfiguration(String arn, Optional<Video> video) {}

    record ArnRequest(String arn) {}

    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Api api = new Api()
            .operation("CreateStage", CreateStageRequest.class, this::createStage)
            .operation(
                    "CreateEncoderConfiguration",
                    VideoRequest.class,
                    request -> new VideoResponse(new EncoderConfiguration(ENCODER, request.video())))
            .operation("GetStage", ArnRequest.class, request -> {
                throw ApiException.notFound(request.arn());
            })
            .command("DeleteStage", ArnRequest.class, _ -> {})
            .command("DeleteChannel", ArnRequest.class, _ -> {})
            .command("StopStream", ChannelArnRequest.class, _ -> {
                throw new IllegalStateException("broken invariant");
            })
            .command("TagResource", TagResourceRequest.class, request -> tags.putAll(request.tags()))
            .command(
                    "UntagResource",
                    UntagResourceRequest.class,
                    request -> request.tagKeys().forEach(tags::remove))
            .operation(
                    "ListTagsForResource",
                    ListTagsForResourceRequest.class,
                    request -> new ListTagsForResourceResponse(Map.of("of", request.resourceArn())));
    private final Dispatcher dispatcher = Calls.dispatcher(api);

    record ChannelArnRequest(String channelArn) {}

    private CreateStageResponse createStage(CreateStageRequest request) {
        var token = new ParticipantToken(
                "p1", Instant.parse("2023-11-01T06:25:37.987Z"), List.of(Capability.PUBLISH, Capability.SUBSCRIBE));
        return new CreateStageResponse(new Stage(STAGE, request.name(), request.tags()), List.of(token));
    }

    @Test
    void answersWithTheRecordAsJsonAndTheHeadersOfAws() {
        Response response = dispatcher.handle(Calls.post("/CreateStage", """
                {"name": "show", "tags": {}}"""));

        assertThat(response.text()).isEqualTo("""
                {"stage":{"arn":"%s","name":"show","tags":{}},"participantTokens":[{"participantId":"p1",\
                "expirationTime":"2023-11-01T06:25:37Z","capabilities":["PUBLISH","SUBSCRIBE"]}]}""".formatted(STAGE));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("access-control-allow-origin", "*"),
                        Map.entry(
                                "access-control-expose-headers",
                                "x-amzn-errortype,x-amzn-requestid,x-amzn-errormessage,x-amzn-trace-id,"
                                        + "x-amz-apigw-id,date"),
                        Map.entry("cache-control", "no-store, no-cache"),
                        Map.entry("content-security-policy", "default-src 'self'; upgrade-insecure-requests;"),
                        Map.entry("strict-transport-security", "max-age:47304000; includeSubDomains"),
                        Map.entry("x-content-type-options", "nosniff"),
                        Map.entry("x-frame-options", "DENY"),
                        Map.entry("date", "Sun, 01 Nov 2026 10:30:00 GMT"),
                        Map.entry("x-amzn-requestid", "request-1"),
                        Map.entry("content-type", "application/json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"name\":null,\"tags\":null}", "{\"unknown\":{\"a\":[1,null]}}", " { } "})
    void takesAbsentNullAndUnknownMembersForNothing(String body) {
        assertThat(dispatcher.handle(Calls.post("/CreateStage", body)).text())
                .startsWith("{\"stage\":{\"arn\":\"" + STAGE + "\",\"tags\":{}}");
    }

    @Test
    void bindsNestedRecordsAndNumbers() {
        String body = "{\"video\":{\"width\":1280,\"framerate\":30,\"bitrate\":2500000}}";

        assertThat(dispatcher
                        .handle(Calls.post("/CreateEncoderConfiguration", body))
                        .text())
                .isEqualTo("{\"encoderConfiguration\":{\"arn\":\"" + ENCODER
                        + "\",\"video\":{\"width\":1280,\"framerate\":30.0,\"bitrate\":2500000}}}");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(textBlock = """
            POST   | /CreateStage | {"name":5}        | 400 | ValidationException       | 1 validation error detected: Value at 'name' failed to satisfy constraint: Member must be a string of Unicode characters
            POST   | /CreateStage | {"name":"a b"}    | 400 | ValidationException       | 1 validation error detected: Value at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]*
            POST   | /CreateStage | {"tags":{"":"v"}} | 400 | ValidationException       | 1 validation error detected: Value at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length greater than or equal to 1, Member must have length less than or equal to 128]
            POST   | /CreateStage | {"name":"\\ud800"} | 400 | ValidationException      | 1 validation error detected: Value at 'name' failed to satisfy constraint: Member must be a string of Unicode characters
            POST   | /GetStage    | {}                | 400 | ValidationException       | 1 validation error detected: Value at 'arn' failed to satisfy constraint: Member must not be null
            POST   | /CreateStage | [                 | 400 | SerializationException    | The request body is not valid JSON: malformed, near line 1, column 2
            POST   | /CreateStage | []                | 400 | SerializationException    | The request body is not valid JSON: not an object
            POST   | /CreateStage | {"a":1,"a":2}     | 400 | SerializationException    | The request body is not valid JSON: a name repeated, near line 1
            POST   | /CreateStage | {} {}             | 400 | SerializationException    | The request body is not valid JSON: malformed, near line 1
            POST   | /NoSuchThing | {}                | 404 | UnknownOperationException | No operation at POST /NoSuchThing
            GET    | /CreateStage | ''                | 404 | UnknownOperationException | No operation at GET /CreateStage, but at POST
            GET    | /tags/       | ''                | 404 | UnknownOperationException | No operation at GET /tags/
            GET    | /tags        | ''                | 404 | UnknownOperationException | No operation at GET /tags
            POST   | /ListStages  | {}                | 501 | NotImplementedException   | Operation ListStages is not implemented.
            POST   | /PutMetadata | {"channelArn":"arn:aws:ivs:us-east-1:1:channel/a","metadata":"m"} | 501 | NotImplementedException | Operation PutMetadata is not implemented.
            POST   | /GetStage    | {"arn":"arn:aws:ivs:us-east-1:1:stage/a"} | 404 | ResourceNotFoundException | Resource: arn:aws:ivs:us-east-1:1:stage/a not found
            POST   | /StopStream  | {"channelArn":"arn:aws:ivs:us-east-1:1:channel/a"} | 500 | InternalServerException | Internal server error; request id request-1
            """, delimiter = '|')
    void refuses(String method, String path, String body, int status, String error, String message) {
        Response response = dispatcher.handle(Calls.signed(method, path, "", body.getBytes(StandardCharsets.UTF_8)));

        assertThat(response.headers()).containsEntry("x-amzn-errortype", error);
        assertThat(response.status()).isEqualTo(status);
        String text = Json.read(response.body()).get("exceptionMessage").stringValue();
        assertThat(text).startsWith(message);
        assertThat(Json.read(response.body()).get("message").stringValue()).isEqualTo(text);
    }

    @Test
    void refusesABodyOverTheLimit() {
        Response response =
                dispatcher.handle(Calls.signed("POST", "/CreateStage", "", new byte[Dispatcher.MAX_BODY_BYTES + 1]));

        assertThat(response.status()).isEqualTo(413);
        assertThat(response.headers()).containsEntry("x-amzn-errortype", "RequestEntityTooLargeException");
    }

    @Test
    void sendsNoBodyWithStatus204() {
        Response response =
                dispatcher.handle(Calls.post("/DeleteChannel", "{\"arn\":\"arn:aws:ivs:us-east-1:1:channel/a\"}"));

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers()).doesNotContainKey("content-type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:ivs:us-east-1:123456789012:stage/AbCdEfGh1234",
                "arn%3Aaws%3Aivs%3Aus-east-1%3A123456789012%3Astage%2FAbCdEfGh1234",
                "arn%3aaws:ivs:us-east-1:123456789012:stage%2fAbCdEfGh1234"
            })
    void findsTheResourceOfATagPathRawAndEncoded(String label) {
        assertThat(dispatcher
                        .handle(Calls.signed("GET", "/tags/" + label, "", new byte[0]))
                        .text())
                .isEqualTo("{\"tags\":{\"of\":\"" + STAGE + "\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%zz", "%FF", "arn%3"})
    void refusesATagPathThatIsMalformed(String label) {
        Response response = dispatcher.handle(Calls.signed("GET", "/tags/" + label, "", new byte[0]));

        assertThat(response.text()).contains("'resourceArn'").contains("percent-encoded");
        assertThat(response.status()).isEqualTo(400);
    }

    @Test
    void checksTagsByTheRulesOfTheServiceThatOwnsTheResource() {
        String body = "{\"tags\":{\"mood\":\"joy!\"}}";
        String channel = STAGE.replace("stage", "channel");

        Response ofStage = dispatcher.handle(Calls.post("/tags/" + STAGE, body));
        Response ofChannel = dispatcher.handle(Calls.post("/tags/" + channel, body));

        assertThat(ofStage.status()).isEqualTo(200);
        assertThat(ofStage.text()).isEqualTo("{}");
        assertThat(ofChannel.status()).isEqualTo(400);
        assertThat(ofChannel.text()).contains("'tags'");
    }

    @Test
    void takesTagKeysFromTheQueryWithPlusKeptLiteral() {
        tags.putAll(Map.of("a+b", "1", "c d", "2", "e", "3"));

        Response response = dispatcher.handle(
                Calls.signed("DELETE", "/tags/" + STAGE, "tagKeys=a+b&tagKeys=c%20d&other=e", new byte[0]));

        assertThat(response.status()).isEqualTo(200);
        assertThat(tags).containsExactly(Map.entry("e", "3"));
    }

    @Test
    void requiresTagKeys() {
        assertThat(dispatcher
                        .handle(Calls.signed("DELETE", "/tags/" + STAGE, "", new byte[0]))
                        .text())
                .contains("Value at 'tagKeys' failed to satisfy constraint: Member must not be null");
    }

    @Test
    void answersAPreflightWithoutSignature() {
        Response response = dispatcher.handle(new Request("OPTIONS", "/CreateStage", "", Map.of(), new byte[0]));

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.headers())
                .containsEntry("access-control-allow-origin", "*")
                .containsEntry("access-control-max-age", "86400")
                .hasEntrySatisfying(
                        "access-control-allow-headers",
                        names -> assertThat(names).contains("authorization"));
    }

    @Test
    void asksTheAllowListBeforeTheShapeAndTheThrottleAfterIt() {
        List<String> asked = new ArrayList<>();
        AllowList allowList = call -> {
            asked.add("allow " + call.operation() + " by " + call.caller().id());
            return Optional.of(resource -> asked.add("on " + resource));
        };
        Gate throttle = call -> {
            asked.add("throttle");
            throw ApiException.throttled("Rate exceeded");
        };
        var gated = new Dispatcher(
                api, Calls.verifier(), new Dispatcher.Gates(allowList, throttle), Calls.CLOCK, () -> "r");

        Response badShape = gated.handle(Calls.post("/CreateStage", "{\"name\":5}"));
        Response good = gated.handle(Calls.post("/CreateStage", "{}"));

        assertThat(badShape.status()).isEqualTo(400);
        assertThat(good.status()).isEqualTo(429);
        assertThat(good.headers()).containsEntry("x-amzn-errortype", "ThrottlingException");
        assertThat(asked)
                .containsExactly(
                        "allow CreateStage by AKIDEXAMPLE",
                        "allow CreateStage by AKIDEXAMPLE",
                        "on AnyOf[type=stage]",
                        "throttle");
    }

    @Test
    void refusesTypesThatDoNotFitTheModelWhenTheyAreRegistered() {
        record Misspelt(Optional<String> nmae) {}
        record Demanding(String name) {}
        record WrongType(Optional<Integer> name) {}

        assertThatThrownBy(() -> new Api().command("CreateStage", Misspelt.class, _ -> {}))
                .hasMessageContaining("nmae is no member of CreateStageRequest");
        assertThatThrownBy(() -> new Api().command("CreateStage", Demanding.class, _ -> {}))
                .hasMessageContaining("must be Optional");
        assertThatThrownBy(() -> new Api().command("CreateStage", WrongType.class, _ -> {}))
                .hasMessageContaining("java.lang.Integer does not fit shape StageName");
        assertThatThrownBy(() -> new Api().command("MakeStage", ArnRequest.class, _ -> {}))
                .hasMessageContaining("no operation of the models: MakeStage");
        assertThatThrownBy(() -> api.command("GetStage", ArnRequest.class, _ -> {}))
                .hasMessageContaining("served twice: GetStage");
    }

    @RepeatedTest(500)
    void answersHostileBodies(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] body = "{\"name\":\"a\",\"tags\":{\"k\":\"v\"},\"participantTokenConfigurations\":[{\"duration\":1}]}"
                .getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }

        assertThat(dispatcher
                        .handle(Calls.signed("POST", "/CreateStage", "", body))
                        .status())
                .isIn(200, 400);
    }
}
