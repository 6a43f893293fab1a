package dev.understudy.control.api;

import dev.understudy.control.api.Shape.Structure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one AWS service says of itself: its operations, their routes and shapes, and its errors. Immutable.
 *
 * <p>The source is AWS's machine-readable model, read once at start and walked at run time; nothing is generated from it.
 *
 * @param name the file's service, {@code ivs-realtime} or {@code ivs}
 * @param operations by name, in the model's order
 * @param errorStatuses the HTTP status of each error shape, by its name
 */
record ServiceModel(String name, Map<String, Operation> operations, Map<String, Integer> errorStatuses) {

    /**
     * One call of the service.
     *
     * @param uri the path, with at most one label in braces, which is its last segment and takes the rest of the path
     * @param status of a success
     * @param output has no members where the model names none
     */
    record Operation(String name, String method, String uri, int status, Structure input, Structure output) {}

    /** The resource types that belong to the low-latency service; every other type is the real-time one's. */
    private static final List<String> LOW_LATENCY_TYPES = List.of(
            "channel",
            "stream-key",
            "recording-configuration",
            "playback-key",
            "playback-restriction-policy",
            "ad-configuration");

    private static final Structure NOTHING = new Structure("Unit", List.of());

    /** {@code ivs-realtime}: stages, participants, compositions. */
    static ServiceModel realTime() {
        return Loaded.REAL_TIME;
    }

    /** {@code ivs}: channels and streams. */
    static ServiceModel lowLatency() {
        return Loaded.LOW_LATENCY;
    }

    private static final class Loaded {
        static final ServiceModel REAL_TIME = load("ivs-realtime");
        static final ServiceModel LOW_LATENCY = load("ivs");
    }

    /** Whether the resources of a type, as ARNs name it, are this service's. */
    boolean owns(String resourceType) {
        return LOW_LATENCY_TYPES.contains(resourceType) == name.equals("ivs");
    }

    private static ServiceModel load(String name) {
        String file = name + "-2020-07-14.json";
        try (InputStream in = ServiceModel.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + file + " beside " + ServiceModel.class);
            }
            return read(name, new JsonMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private static ServiceModel read(String name, JsonNode model) {
        var shapes = new ShapeReader(model.get("shapes"));
        Map<String, Operation> operations = new LinkedHashMap<>();
        model.get("operations").properties().forEach(o -> operations.put(o.getKey(), operation(o.getValue(), shapes)));
        Map<String, Integer> errorStatuses = new LinkedHashMap<>();
        model.get("shapes").properties().forEach(s -> {
            if (s.getValue().has("exception")) {
                errorStatuses.put(
                        s.getKey(),
                        s.getValue().get("error").get("httpStatusCode").intValue());
            }
        });
        return new ServiceModel(name, operations, errorStatuses);
    }

    private static Operation operation(JsonNode operation, ShapeReader shapes) {
        JsonNode http = operation.get("http");
        return new Operation(
                operation.get("name").stringValue(),
                http.get("method").stringValue(),
                http.get("requestUri").stringValue(),
                http.get("responseCode").intValue(),
                structure(operation.get("input"), shapes),
                structure(operation.get("output"), shapes));
    }

    private static Structure structure(@Nullable JsonNode reference, ShapeReader shapes) {
        return reference == null
                ? NOTHING
                : shapes.structure(reference.get("shape").stringValue());
    }
}
