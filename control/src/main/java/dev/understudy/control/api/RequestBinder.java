package dev.understudy.control.api;

import dev.understudy.control.api.Shape.Decimal;
import dev.understudy.control.api.Shape.Flag;
import dev.understudy.control.api.Shape.Mapping;
import dev.understudy.control.api.Shape.Member;
import dev.understudy.control.api.Shape.Sequence;
import dev.understudy.control.api.Shape.Structure;
import dev.understudy.control.api.Shape.Text;
import dev.understudy.control.api.Shape.Time;
import dev.understudy.control.api.Shape.Whole;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Turns the checked JSON of a shape into a Java value: a structure into a record, by the names of its components.
 *
 * <p>A component that the model does not require is {@link Optional}, or a list or map (empty when absent), or a
 * primitive (zero when absent); a record may leave members out. What does not fit is found when the binder is made,
 * not when a request comes. Immutable.
 */
@FunctionalInterface
interface RequestBinder {

    /** The value of JSON that has passed {@link ShapeCheck}; never a JSON null. */
    Object bind(JsonNode json);

    /** The binder of one component and what it holds when the member is absent. */
    record Part(
            String member,
            boolean isOptional,
            RequestBinder binder,
            @Nullable Object absent) {
        @Nullable
        Object read(JsonNode structure) {
            JsonNode value = structure.get(member);
            if (value == null || value.isNull()) {
                return absent;
            }
            Object bound = binder.bind(value);
            return isOptional ? Optional.of(bound) : bound;
        }
    }

    /** A binder of {@code type}; throws {@link IllegalArgumentException} when it does not fit the shape. */
    static RequestBinder of(Type type, Shape shape) {
        return switch (shape) {
            case Structure structure -> ofRecord(Types.raw(type), structure);
            case Sequence sequence -> ofList(type, sequence);
            case Mapping mapping -> ofMap(type, mapping);
            case Text text -> ofText(Types.raw(type), text);
            case Whole whole -> ofWhole(Types.raw(type), whole);
            case Decimal decimal -> ofDecimal(Types.raw(type), decimal);
            case Flag _ when Types.is(type, boolean.class, Boolean.class) -> JsonNode::booleanValue;
            case Time _
            when Types.is(type, Instant.class) ->
                json -> OffsetDateTime.parse(json.stringValue()).toInstant();
            case Flag _, Time _ -> throw Types.misfit(type, shape);
        };
    }

    private static RequestBinder ofRecord(Class<?> type, Structure shape) {
        RecordShape form = RecordShape.of(type, shape);
        Part[] parts = Stream.of(form.components())
                .map(component -> part(type, component, form.member(component)))
                .toArray(Part[]::new);
        return json -> {
            Object[] values = new Object[parts.length];
            Arrays.setAll(values, i -> parts[i].read(json));
            return form.create(values);
        };
    }

    private static Part part(Class<?> owner, RecordComponent component, Member member) {
        Type type = component.getGenericType();
        if (Types.is(type, Optional.class)) {
            return new Part(member.name(), true, of(Types.argument(type, 0), member.shape()), Optional.empty());
        }
        Object absent = Types.absent(type);
        if (absent == null && !member.isRequired()) {
            throw new IllegalArgumentException(
                    owner.getName() + "." + component.getName() + " must be Optional: the model does not require it");
        }
        return new Part(member.name(), false, of(type, member.shape()), absent);
    }

    private static RequestBinder ofList(Type type, Sequence shape) {
        if (!Types.is(type, List.class)) {
            throw Types.misfit(type, shape);
        }
        RequestBinder element = of(Types.argument(type, 0), shape.element());
        return json -> {
            List<Object> values = new ArrayList<>(json.size());
            json.forEach(value -> values.add(element.bind(value)));
            return Collections.unmodifiableList(values);
        };
    }

    private static RequestBinder ofMap(Type type, Mapping shape) {
        if (!Types.is(type, Map.class) || !Types.is(Types.argument(type, 0), String.class)) {
            throw Types.misfit(type, shape);
        }
        RequestBinder entry = of(Types.argument(type, 1), shape.value());
        return json -> {
            Map<String, Object> values = LinkedHashMap.newLinkedHashMap(json.size());
            json.properties().forEach(e -> values.put(e.getKey(), entry.bind(e.getValue())));
            return Collections.unmodifiableMap(values);
        };
    }

    private static RequestBinder ofText(Class<?> type, Text shape) {
        if (type == String.class) {
            return JsonNode::stringValue;
        }
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : Types.constants(type, shape)) {
            constants.put(((Enum<?>) constant).name(), constant);
        }
        if (shape.values().isEmpty() || !constants.keySet().containsAll(shape.values())) {
            throw Types.misfit(type, shape);
        }
        return json -> Objects.requireNonNull(constants.get(json.stringValue()));
    }

    private static RequestBinder ofWhole(Class<?> type, Whole shape) {
        if (Types.is(type, long.class, Long.class)) {
            return JsonNode::longValue;
        }
        if (!shape.isLong() && Types.is(type, int.class, Integer.class)) {
            return JsonNode::intValue;
        }
        throw Types.misfit(type, shape);
    }

    private static RequestBinder ofDecimal(Class<?> type, Decimal shape) {
        if (Types.is(type, double.class, Double.class)) {
            return JsonNode::asDouble;
        }
        if (Types.is(type, float.class, Float.class)) {
            return json -> (float) json.asDouble();
        }
        throw Types.misfit(type, shape);
    }
}
