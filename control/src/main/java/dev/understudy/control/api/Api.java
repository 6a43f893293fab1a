package dev.understudy.control.api;

import dev.understudy.control.api.ServiceModel.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operations of both services on one port, and the handlers that serve them.
 *
 * <p>Handlers are plain functions from record to record, registered by the operation's name before the first call:
 *
 * <pre>{@code
 * api.operation("CreateStage", CreateStageRequest.class, stages::create);
 * }</pre>
 *
 * <p>Every operation of both models is routed and checked; one without a handler answers that it is not implemented.
 * The three tag operations are on the same paths in both services: the resource's type decides whose rules hold, and
 * one handler serves both. Registering is for one thread and comes first; looking up is for many.
 */
public final class Api {
    private static final String TAGS_PATH = "/tags/";

    /** One service's form of an operation. */
    private record Variant(ServiceModel service, Served served) {}

    /** Where a request leads: the operation, and the label of its path, decoded, where it has one. */
    record Target(Served served, Map<String, String> labels) {}

    /** By method and path up to the label, as in {@code POST /CreateStage} and {@code GET /tags/}. */
    private final Map<String, List<Variant>> routes = new LinkedHashMap<>();

    public Api() {
        add(ServiceModel.realTime());
        add(ServiceModel.lowLatency());
    }

    private void add(ServiceModel service) {
        for (Operation operation : service.operations().values()) {
            var variant = new Variant(service, new Served(operation));
            routes.computeIfAbsent(operation.method() + " " + prefix(operation), _ -> new ArrayList<>())
                    .add(variant);
        }
    }

    private static String prefix(Operation operation) {
        int label = operation.uri().indexOf('{');
        String prefix = label < 0 ? operation.uri() : operation.uri().substring(0, label);
        if (label >= 0 && !prefix.equals(TAGS_PATH)) {
            throw new IllegalStateException("a route with a label other than " + TAGS_PATH + ": " + operation.uri());
        }
        return prefix;
    }

    /**
     * Serves an operation.
     *
     * @param name as in the model
     * @param requestType its components are members of the operation's input
     * @param handler answers with a record whose components are members of the operation's output, or throws an
     *     {@link ApiException}; runs on the caller's thread
     * @throws IllegalArgumentException when the model has no such operation, or the request type does not fit it
     */
    public <Q extends Record> Api operation(String name, Class<Q> requestType, Function<Q, ? extends Record> handler) {
        serve(name, requestType, request -> handler.apply(requestType.cast(request)));
        return this;
    }

    /** Serves an operation that answers nothing but that it is done. */
    public <Q extends Record> Api command(String name, Class<Q> requestType, Consumer<Q> handler) {
        serve(name, requestType, request -> {
            handler.accept(requestType.cast(request));
            return null;
        });
        return this;
    }

    private void serve(String name, Class<?> requestType, Function<Object, @Nullable Object> handler) {
        List<Served> forms = routes.values().stream()
                .flatMap(List::stream)
                .map(Variant::served)
                .filter(served -> served.operation().name().equals(name))
                .toList();
        if (forms.isEmpty()) {
            throw new IllegalArgumentException("no operation of the models: " + name);
        }
        forms.forEach(served -> served.by(requestType, handler));
    }

    /** Finds the operation of a request by its raw path; empty when no operation is there. */
    Optional<Target> route(String method, String rawPath) {
        List<Variant> variants = routes.get(method + " " + routePath(rawPath));
        if (variants == null || rawPath.equals(TAGS_PATH)) {
            return Optional.empty();
        }
        if (!rawPath.startsWith(TAGS_PATH)) {
            return Optional.of(new Target(variants.getFirst().served(), Map.of()));
        }
        String arn = Percent.decode(rawPath.substring(TAGS_PATH.length()), "resourceArn");
        return Optional.of(new Target(owner(variants, arn), Map.of("resourceArn", arn)));
    }

    /** The methods that have an operation at a raw path, in alphabetical order; none where no method has. */
    Set<String> methods(String rawPath) {
        return Stream.of("DELETE", "GET", "POST", "PUT")
                .filter(method -> isRoute(method, rawPath))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private boolean isRoute(String method, String rawPath) {
        return routes.containsKey(method + " " + routePath(rawPath)) && !rawPath.equals(TAGS_PATH);
    }

    /** Up to the label, where there is one. */
    private static String routePath(String rawPath) {
        return rawPath.startsWith(TAGS_PATH) ? TAGS_PATH : rawPath;
    }

    /** What is no ARN at all is refused alike by either service. */
    private static Served owner(List<Variant> variants, String arn) {
        String type = Arn.parse(arn).map(Arn::type).orElse("stage");
        return variants.stream()
                .filter(variant -> variant.service().owns(type))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no service owns resources of type " + type))
                .served();
    }

    /** The names of every operation, served or not. */
    public static Set<String> operationNames() {
        return Stream.of(ServiceModel.realTime(), ServiceModel.lowLatency())
                .flatMap(service -> service.operations().keySet().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The record that each served operation's requests are bound to, by the operation's name. */
    Map<String, Class<?>> requestTypes() {
        Map<String, Class<?>> types = new TreeMap<>();
        routes.values().stream()
                .flatMap(List::stream)
                .map(Variant::served)
                .forEach(served -> served.requestType()
                        .ifPresent(type -> types.put(served.operation().name(), type)));
        return types;
    }
}
