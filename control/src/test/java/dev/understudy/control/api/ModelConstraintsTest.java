package dev.understudy.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.control.api.ServiceModel.Operation;
import dev.understudy.control.api.Shape.Structure;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every constraint of every request of both models, taken from the files themselves: a value at each bound passes, a
 * value past it is refused by name.
 */
class ModelConstraintsTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** A text that matches, for each pattern of the models that not every "a" matches. */
    private static final Map<String, String> MATCHING = Map.of(
            "st-[a-zA-Z0-9]+", "st-",
            "rt_[0-9]+_[a-z0-9-]+_[a-zA-Z0-9-]+_.+", "rt_1_us-east-1_a_b",
            ".*-----BEGIN PUBLIC KEY-----\\r?\\n([a-zA-Z0-9+/=\\r\\n]+)\\r?\\n-----END PUBLIC KEY-----(\\r?\\n)?.*",
                    "-----BEGIN PUBLIC KEY-----\nMHYw\n-----END PUBLIC KEY-----\n");

    static Stream<Arguments> requests() throws IOException {
        return Stream.concat(
                requests("ivs-realtime", ServiceModel.realTime()), requests("ivs", ServiceModel.lowLatency()));
    }

    private static Stream<Arguments> requests(String name, ServiceModel model) throws IOException {
        try (InputStream in = ServiceModel.class.getResourceAsStream(name + "-2020-07-14.json")) {
            JsonNode shapes = new JsonMapper().readTree(in).get("shapes");
            return model.operations().values().stream()
                    .map(operation -> Arguments.of(name, operation.name(), operation, shapes));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("requests")
    void holds(String service, String name, Operation operation, JsonNode shapes) {
        var walk = new Walk(operation.input(), shapes);

        walk.structure(shapes.get(operation.input().name()), walk.root, "");
    }

    /** Of lists and maps, too, whose elements' faults are told all in one. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("requests")
    void noPatternIsTriedOnWhatIsTooLong(String service, String name, Operation operation) {
        JsonNode hostile = JSON.stringNode("-----BEGIN PUBLIC KEY-----\n".repeat(20_000));

        assertThat(texts(operation.input()))
                .allSatisfy(text -> assertThat(faults(text, hostile)).noneMatch(fault -> fault.contains("pattern")));
    }

    private static Stream<Shape.Text> texts(Shape shape) {
        return switch (shape) {
            case Shape.Text text -> Stream.of(text);
            case Structure structure -> structure.members().stream().flatMap(member -> texts(member.shape()));
            case Shape.Sequence sequence -> texts(sequence.element());
            case Shape.Mapping mapping -> Stream.concat(texts(mapping.key()), texts(mapping.value()));
            case Shape.Whole _, Shape.Decimal _, Shape.Flag _, Shape.Time _ -> Stream.empty();
        };
    }

    private static List<String> faults(Shape shape, JsonNode json) {
        return shape.constraints().stream()
                .filter(constraint -> !constraint.holds().test(json))
                .map(Constraint::text)
                .toList();
    }

    /** Goes through a valid request with every member present, and at each value breaks one rule at a time. */
    private static final class Walk {
        private final Structure input;
        private final JsonNode shapes;
        private final ObjectNode root;

        Walk(Structure input, JsonNode shapes) {
            this.input = input;
            this.shapes = shapes;
            this.root = (ObjectNode) valid(shapes.get(input.name()));
            passes("every member valid");
        }

        void structure(JsonNode shape, ObjectNode holder, String path) {
            for (JsonNode required : shape.path("required")) {
                JsonNode kept = holder.remove(required.stringValue());
                refuses(path + required.stringValue(), "Member must not be null");
                holder.putNull(required.stringValue());
                refuses(path + required.stringValue(), "Member must not be null");
                holder.set(required.stringValue(), kept);
            }
            shape.get("members")
                    .properties()
                    .forEach(member -> value(
                            shapes.get(member.getValue().get("shape").stringValue()),
                            holder.get(member.getKey()),
                            json -> holder.set(member.getKey(), json),
                            path + member.getKey()));
        }

        private void value(JsonNode shape, JsonNode valid, Consumer<JsonNode> put, String path) {
            String type = shape.get("type").stringValue();
            put.accept(type.equals("string") ? JSON.numberNode(5) : JSON.stringNode("5"));
            refuses(path, "Member must be a");
            bounds(shape, type, put, path);
            put.accept(valid);
            switch (type) {
                case "structure" -> structure(shape, (ObjectNode) valid, path + ".");
                case "list" -> list(shape, (ArrayNode) valid, path);
                case "map" -> map(shape, (ObjectNode) valid, path);
                default -> {}
            }
        }

        private void bounds(JsonNode shape, String type, Consumer<JsonNode> put, String path) {
            String what = type.equals("integer") || type.equals("long") || type.equals("float") ? "value" : "length";
            if (shape.has("min")) {
                int min = shape.get("min").intValue();
                if (min > 0 || what.equals("value")) {
                    put.accept(outside(shape, type, min - 1));
                    refuses(path, "Member must have " + what + " greater than or equal to " + min);
                }
                put.accept(sized(shape, type, min));
                passes(path + " at its minimum");
            }
            if (shape.has("max")) {
                int max = shape.get("max").intValue();
                put.accept(outside(shape, type, max + 1));
                refuses(path, "Member must have " + what + " less than or equal to " + max);
                put.accept(sized(shape, type, max));
                passes(path + " at its maximum");
            }
            if (shape.has("pattern")) {
                put.accept(JSON.stringNode("\u0007 no\n"));
                refuses(path, "Member must satisfy regular expression pattern: ");
            }
            if (shape.has("enum")) {
                put.accept(JSON.stringNode("NONE_OF_THEM"));
                refuses(path, "Member must satisfy enum value set: [");
                shape.get("enum").forEach(value -> {
                    put.accept(value);
                    passes(path + " is " + value);
                });
            }
        }

        private void list(JsonNode shape, ArrayNode valid, String path) {
            JsonNode element = shapes.get(shape.get("member").get("shape").stringValue());
            JsonNode kept = valid.get(0);
            if (element.get("type").stringValue().equals("structure")) {
                value(element, kept, json -> valid.set(0, json), path + ".1.member");
            } else if (element.has("pattern") || element.has("enum")) {
                valid.set(0, JSON.stringNode("\u0007"));
                refuses(path, "Member must satisfy constraint: [");
            }
            valid.set(0, JSON.nullNode());
            refuses(path + ".1.member", "Member must not be null");
            valid.set(0, kept);
        }

        private void map(JsonNode shape, ObjectNode valid, String path) {
            JsonNode key = shapes.get(shape.get("key").get("shape").stringValue());
            JsonNode value = shapes.get(shape.get("value").get("shape").stringValue());
            if (key.has("max")) {
                valid.put("k".repeat(key.get("max").intValue() + 1), "v");
                refuses(path, "Map keys must satisfy constraint: [");
            }
            valid.removeAll();
            if (value.has("max")) {
                valid.put("k", "v".repeat(value.get("max").intValue() + 1));
                refuses(path, "Map value must satisfy constraint: [");
            }
            valid.put("k", 5);
            refuses(path, "Map value must be a string");
            valid.put("k", "v");
        }

        private void passes(String what) {
            assertThatCode(() -> ShapeCheck.check(input, root))
                    .as(what + ": " + root)
                    .doesNotThrowAnyException();
        }

        private void refuses(String path, String rule) {
            ApiException refusal = catchThrowableOfType(ApiException.class, () -> ShapeCheck.check(input, root));

            assertThat(refusal).as("%s: %s", path, rule).isNotNull();
            assertThat(refusal.kind()).isEqualTo(ApiException.Kind.VALIDATION);
            assertThat(refusal.text()).contains("Value at '" + path + "' failed to satisfy constraint: " + rule);
        }

        private JsonNode valid(JsonNode shape) {
            String type = shape.get("type").stringValue();
            return switch (type) {
                case "structure" -> {
                    ObjectNode holder = JSON.objectNode();
                    shape.get("members")
                            .properties()
                            .forEach(member -> holder.set(
                                    member.getKey(),
                                    valid(shapes.get(
                                            member.getValue().get("shape").stringValue()))));
                    yield holder;
                }
                case "list" -> sized(shape, type, Math.max(1, shape.path("min").asInt(0)));
                case "map" -> sized(shape, type, 1);
                case "string" ->
                    shape.has("enum")
                            ? shape.get("enum").get(0)
                            : sized(shape, type, Math.max(1, shape.path("min").asInt(0)));
                case "boolean" -> JSON.booleanNode(true);
                case "float" -> JSON.numberNode(shape.path("min").asDouble(1));
                default -> JSON.numberNode(shape.path("min").asInt(1));
            };
        }

        /** A value of this length, count or number that breaks no other rule, where one exists. */
        private JsonNode sized(JsonNode shape, String type, int size) {
            return switch (type) {
                case "list" -> {
                    ArrayNode list = JSON.arrayNode();
                    for (int i = 0; i < size; i++) {
                        list.add(valid(
                                shapes.get(shape.get("member").get("shape").stringValue())));
                    }
                    yield list;
                }
                case "map" -> {
                    ObjectNode map = JSON.objectNode();
                    for (int i = 0; i < size; i++) {
                        map.put("k" + i, "v");
                    }
                    yield map;
                }
                case "string" -> JSON.stringNode(text(shape.path("pattern").asString(""), size));
                default -> JSON.numberNode(size);
            };
        }

        /** A value of this length, count or number, whatever other rule it may break. */
        private JsonNode outside(JsonNode shape, String type, int size) {
            return type.equals("string") ? JSON.stringNode("a".repeat(size)) : sized(shape, type, size);
        }

        /** An ARN cannot be as short as its shape's least length, so its shortest form stands for it. */
        private static String text(String pattern, int size) {
            String stem = pattern.replaceFirst("^\\^\\$\\|\\^", "").replaceFirst("\\$$", "");
            if (stem.startsWith("arn:")) {
                String start = stem.replace("[a-z0-9-]+", "r")
                        .replace("[0-9]+", "1")
                        .replace("[a-z-]/", "stage/")
                        .replace("[a-zA-Z0-9-]+", "");
                return start + "a".repeat(Math.max(1, size - start.length()));
            }
            String start = MATCHING.getOrDefault(pattern, "");
            return start + "a".repeat(Math.max(0, size - start.length()));
        }
    }

    @Test
    void errorsHaveTheStatusOfTheModels() {
        Map<String, Integer> known = new TreeMap<>();
        for (ApiException.Kind kind : ApiException.Kind.values()) {
            known.put(kind.shape(), kind.status());
        }

        assertThat(known).containsAllEntriesOf(ServiceModel.realTime().errorStatuses());
        assertThat(known).containsAllEntriesOf(ServiceModel.lowLatency().errorStatuses());
        assertThat(Api.operationNames()).hasSize(39 + 41 - 3);
    }
}
