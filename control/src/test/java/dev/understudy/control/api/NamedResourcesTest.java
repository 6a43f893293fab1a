package dev.understudy.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.api.NamedResource.AnyOf;
import dev.understudy.control.api.NamedResource.Bucket;
import dev.understudy.control.api.NamedResource.Named;
import dev.understudy.control.api.ServiceModel.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NamedResourcesTest {
    private static List<NamedResource> resources(String operation, String json) {
        Operation found = Stream.of(ServiceModel.realTime(), ServiceModel.lowLatency())
                .flatMap(service -> service.operations().values().stream())
                .filter(o -> o.name().equals(operation))
                .findFirst()
                .orElseThrow();
        return new NamedResources(found).in(Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    /** Each resource as one word: the end of an ARN, with a plus sign when it is used, a bucket, any of a type. */
    private static String text(NamedResource resource) {
        return switch (resource) {
            case Named(String arn, boolean isUsed) -> arn.replaceFirst(".*:", "") + (isUsed ? "+" : "");
            case Bucket(String name) -> "bucket:" + name;
            case AnyOf(String type) -> type + "/*";
        };
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            CreateStage                   | {}                                             | stage/*
            CreateStage                   | {'autoParticipantRecordingConfiguration': {'storageConfigurationArn': 'arn:storage/s'}} | storage/s+ stage/*
            UpdateStage                   | {'arn': 'arn:aws:ivs:r:1:stage/a', 'autoParticipantRecordingConfiguration': {'storageConfigurationArn': ''}} | stage/a
            GetStage                      | {'arn': 'arn:aws:ivs:r:1:stage/a'}             | stage/a
            ListStages                    | {'maxResults': 1}                              | stage/*
            ListParticipants              | {'stageArn': 'arn:aws:ivs:r:1:stage/a'}        | stage/a+
            CreateParticipantToken        | {'stageArn': 'arn:aws:ivs:r:1:stage/a', 'attributes': {'x': 'arn:aws:ivs:r:1:stage/b'}} | stage/a+
            StartParticipantReplication   | {'sourceStageArn': 'arn:stage/a', 'destinationStageArn': 'arn:stage/b'} | stage/a+ stage/b+
            StartComposition              | {'stageArn': 'arn:stage/a', 'destinations': [{'channel': {'channelArn': 'arn:channel/c', 'encoderConfigurationArn': 'arn:encoder/e'}}, {'s3': {'storageConfigurationArn': 'arn:storage/s', 'encoderConfigurationArns': ['arn:encoder/f']}}]} | stage/a+ channel/c+ encoder/e+ storage/s+ encoder/f+ composition/*
            ListCompositions              | {'filterByStageArn': 'arn:stage/a'}            | stage/a+ composition/*
            CreateStorageConfiguration    | {'s3': {'bucketName': 'b'}}                    | bucket:b storage-configuration/*
            CreateRecordingConfiguration  | {'destinationConfiguration': {'s3': {'bucketName': 'b'}}} | bucket:b recording-configuration/*
            CreateChannel                 | {'recordingConfigurationArn': 'arn:recording/r', 'playbackRestrictionPolicyArn': 'arn:policy/p'} | recording/r+ policy/p+ channel/*
            BatchGetChannel               | {'arns': ['arn:aws:ivs:r:1:channel/a', 'arn:aws:ivs:r:1:channel/b']} | channel/a channel/b
            BatchStartViewerSessionRevocation | {'viewerSessions': [{'channelArn': 'arn:channel/a', 'viewerId': 'v'}, {'channelArn': 'arn:channel/b', 'viewerId': 'v'}]} | channel/a+ channel/b+
            CreateStreamKey               | {'channelArn': 'arn:channel/a'}                | channel/a+ stream-key/*
            ListStreams                   | {}                                             | channel/*
            TagResource                   | {'resourceArn': 'arn:stage/a', 'tags': {'of': 'arn:stage/b'}} | stage/a
            """)
    void areFoundHoweverDeepTheyLie(String operation, String json, String expected) {
        assertThat(resources(operation, json).stream()
                        .map(NamedResourcesTest::text)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    static Stream<Operation> operations() {
        return Stream.of(ServiceModel.realTime(), ServiceModel.lowLatency())
                .flatMap(service -> service.operations().values().stream());
    }

    /** What names nothing would be allowed to everybody. */
    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationIsAboutSomething(Operation operation) {
        boolean namesByItself = operation.input().members().stream()
                .anyMatch(member -> member.isRequired()
                        && !new NamedResources(operation)
                                .in(Json.read(valid(member.name()).getBytes(StandardCharsets.UTF_8))).stream()
                                        .allMatch(AnyOf.class::isInstance));

        assertThat(namesByItself
                        || !new NamedResources(operation)
                                .in(Json.read(new byte[0]))
                                .isEmpty())
                .isTrue();
    }

    /** Requests whose one required member is an ARN, a list of ARNs or a list of structures with one. */
    private static String valid(String member) {
        String arn = "\"arn:aws:ivs:r:1:stage/a\"";
        return switch (member) {
            case "arns", "resourceArns" -> "{\"" + member + "\":[" + arn + "]}";
            case "viewerSessions" -> "{\"viewerSessions\":[{\"channelArn\":" + arn + "}]}";
            default -> member.toLowerCase(Locale.ROOT).endsWith("arn") ? "{\"" + member + "\":" + arn + "}" : "{}";
        };
    }

    /** A shape that is called an ARN, or a bucket, and is not taken for one would be a hole. */
    @Test
    void everyShapeThatIsCalledSoIsTakenForAnArnOrABucket() throws IOException {
        for (String service : List.of("ivs-realtime", "ivs")) {
            Set<String> called = new TreeSet<>();
            Set<String> taken = new TreeSet<>();
            try (InputStream in = ServiceModel.class.getResourceAsStream(service + "-2020-07-14.json")) {
                JsonNode shapes = new JsonMapper().readTree(in).get("shapes");
                var reader = new ShapeReader(shapes);
                shapes.properties().stream()
                        .filter(shape ->
                                shape.getValue().get("type").stringValue().equals("string"))
                        .forEach(shape -> {
                            String name = shape.getKey();
                            if (name.endsWith("Arn") || name.contains("Bucket")) {
                                called.add(name);
                            }
                            if (reader.text(name).reference().isPresent()) {
                                taken.add(name);
                            }
                        });
            }
            assertThat(taken).isEqualTo(called).isNotEmpty();
        }
    }
}
