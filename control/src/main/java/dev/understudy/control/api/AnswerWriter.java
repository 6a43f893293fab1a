package dev.understudy.control.api;

import dev.understudy.control.api.Shape.Decimal;
import dev.understudy.control.api.Shape.Flag;
import dev.understudy.control.api.Shape.Location;
import dev.understudy.control.api.Shape.Mapping;
import dev.understudy.control.api.Shape.Member;
import dev.understudy.control.api.Shape.Sequence;
import dev.understudy.control.api.Shape.Structure;
import dev.understudy.control.api.Shape.Text;
import dev.understudy.control.api.Shape.Time;
import dev.understudy.control.api.Shape.Whole;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/**
 * Writes a Java value as the JSON of a shape: a record as a structure, by the names of its components.
 *
 * <p>An empty {@link Optional} is left out; an empty list or map is written. What does not fit the shape, or lacks a
 * member that it requires, is found when the writer is made. Immutable.
 */
@FunctionalInterface
interface AnswerWriter {

    void write(Object value, JsonGenerator out);

    /** How one component is read and written. */
    record Part(String member, Method accessor, AnswerWriter writer) {
        void write(Object holder, JsonGenerator out) {
            Object value = RecordShape.read(accessor, holder);
            if (value instanceof Optional<?> optional) {
                if (optional.isEmpty()) {
                    return;
                }
                value = optional.get();
            }
            out.writeName(member);
            writer.write(value, out);
        }
    }

    /** A writer of {@code type}; throws {@link IllegalArgumentException} when it does not fit the shape. */
    static AnswerWriter of(Type type, Shape shape) {
        return switch (shape) {
            case Structure structure -> ofRecord(Types.raw(type), structure);
            case Sequence sequence
            when Types.is(type, List.class) -> ofList(of(Types.argument(type, 0), sequence.element()));
            case Mapping mapping when Types.is(type, Map.class) -> ofMap(of(Types.argument(type, 1), mapping.value()));
            case Text _ when Types.is(type, String.class) -> (value, out) -> out.writeString((String) value);
            case Text _ when Types.raw(type).isEnum() -> (value, out) -> out.writeString(((Enum<?>) value).name());
            case Whole _
            when Types.is(type, int.class, Integer.class, long.class, Long.class) ->
                (value, out) -> out.writeNumber(((Number) value).longValue());
            case Decimal _
            when Types.is(type, double.class, Double.class) -> (value, out) -> out.writeNumber((double) value);
            case Decimal _
            when Types.is(type, float.class, Float.class) -> (value, out) -> out.writeNumber((float) value);
            case Flag _
            when Types.is(type, boolean.class, Boolean.class) -> (value, out) -> out.writeBoolean((boolean) value);
            case Time _ when Types.is(type, Instant.class) -> (value, out) -> out.writeString(time((Instant) value));
            case Sequence _, Mapping _, Text _, Whole _, Decimal _, Flag _, Time _ -> throw Types.misfit(type, shape);
        };
    }

    /** Whole seconds, as in {@code 2023-11-01T06:25:37Z}. */
    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static AnswerWriter ofRecord(Class<?> type, Structure shape) {
        RecordShape form = RecordShape.of(type, shape);
        requireMembers(type, shape);
        Part[] parts = Stream.of(form.components())
                .filter(component -> form.member(component).location() == Location.BODY)
                .map(component -> part(component, form.member(component)))
                .toArray(Part[]::new);
        return (value, out) -> {
            out.writeStartObject();
            for (Part part : parts) {
                part.write(value, out);
            }
            out.writeEndObject();
        };
    }

    private static void requireMembers(Class<?> type, Structure shape) {
        Set<String> components = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
        for (Member member : shape.members()) {
            if (member.isRequired() && !components.contains(member.name())) {
                throw new IllegalArgumentException(
                        type.getName() + " lacks " + member.name() + ", which " + shape.name() + " requires");
            }
        }
    }

    private static Part part(RecordComponent component, Member member) {
        Type type = component.getGenericType();
        Type content = Types.is(type, Optional.class) ? Types.argument(type, 0) : type;
        return new Part(member.name(), RecordShape.accessor(component), of(content, member.shape()));
    }

    private static AnswerWriter ofList(AnswerWriter element) {
        return (value, out) -> {
            out.writeStartArray();
            for (Object item : (List<?>) value) {
                element.write(item, out);
            }
            out.writeEndArray();
        };
    }

    private static AnswerWriter ofMap(AnswerWriter entry) {
        return (value, out) -> {
            out.writeStartObject();
            ((Map<?, ?>) value).forEach((key, item) -> {
                out.writeName((String) key);
                entry.write(item, out);
            });
            out.writeEndObject();
        };
    }
}
