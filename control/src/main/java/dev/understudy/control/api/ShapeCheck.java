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
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Checks the JSON of one request against its shape, and says what is wrong in the words of AWS.
 *
 * <p>Unknown members are ignored, explicit nulls are absent, no value is coerced to another type. Values are not
 * repeated in messages: some are secrets. Confined to one call.
 */
final class ShapeCheck {
    /** Violations told to the caller; the first few are enough to mend a request. */
    static final int MAX_REPORTED = 10;

    /** A member by the way that leads to it, written out only when it is at fault. */
    private record Path(@Nullable Path parent, String segment) {
        @Override
        public String toString() {
            return parent == null ? segment : parent + "." + segment;
        }
    }

    private final List<String> reported = new ArrayList<>(0);
    private int violations;

    private ShapeCheck() {}

    /** Throws an {@link ApiException} that names each member at fault. */
    static void check(Structure shape, JsonNode request) {
        var check = new ShapeCheck();
        check.structure(shape, request, null);
        if (check.violations > 0) {
            throw ApiException.validation(check.message());
        }
    }

    private String message() {
        return violations
                + (violations == 1 ? " validation error detected: " : " validation errors detected: ")
                + String.join("; ", reported);
    }

    private void structure(Structure shape, JsonNode json, @Nullable Path path) {
        for (Member member : shape.members()) {
            JsonNode value = json.get(member.name());
            if (value != null && !value.isNull()) {
                value(member.shape(), value, new Path(path, member.name()));
            } else if (member.isRequired()) {
                violated(new Path(path, member.name()), "Member must not be null");
            }
        }
    }

    private void value(Shape shape, JsonNode json, Path path) {
        if (!hasType(shape, json)) {
            violated(path, "Member must be " + typeOf(shape));
            return;
        }
        boolean holds = true;
        for (Constraint constraint : shape.constraints()) {
            if (!constraint.holds().test(json)) {
                violated(path, constraint.text());
                holds = false;
            }
        }
        if (holds) {
            parts(shape, json, path);
        }
    }

    private void parts(Shape shape, JsonNode json, Path path) {
        switch (shape) {
            case Structure structure -> structure(structure, json, path);
            case Sequence sequence -> elements(sequence, json, path);
            case Mapping mapping -> entries(mapping, json, path);
            case Text _, Whole _, Decimal _, Flag _, Time _ -> {}
        }
    }

    private void elements(Sequence sequence, JsonNode json, Path path) {
        Shape element = sequence.element();
        boolean isSimple = !(element instanceof Structure || element instanceof Sequence || element instanceof Mapping);
        for (int i = 0; i < json.size(); i++) {
            JsonNode value = json.get(i);
            if (value.isNull()) {
                violated(element(path, i), "Member must not be null");
            } else if (!isSimple || !hasType(element, value)) {
                value(element, value, element(path, i));
            } else if (!holdsAll(element, value)) {
                violated(path, "Member must satisfy constraint: " + texts(element));
            }
        }
    }

    /** AWS counts from one. */
    private static Path element(Path sequence, int index) {
        return new Path(new Path(sequence, Integer.toString(index + 1)), "member");
    }

    private void entries(Mapping mapping, JsonNode json, Path path) {
        json.properties().forEach(entry -> {
            JsonNode key = StringNode.valueOf(entry.getKey());
            if (!hasType(mapping.key(), key) || !holdsAll(mapping.key(), key)) {
                violated(path, "Map keys must satisfy constraint: " + texts(mapping.key()));
            }
            JsonNode value = entry.getValue();
            if (value.isNull() || !hasType(mapping.value(), value)) {
                violated(path, "Map value must be " + typeOf(mapping.value()));
            } else if (!holdsAll(mapping.value(), value)) {
                violated(path, "Map value must satisfy constraint: " + texts(mapping.value()));
            }
        });
    }

    private static boolean holdsAll(Shape shape, JsonNode json) {
        for (Constraint constraint : shape.constraints()) {
            if (!constraint.holds().test(json)) {
                return false;
            }
        }
        return true;
    }

    private static String texts(Shape shape) {
        return shape.constraints().stream().map(Constraint::text).collect(Collectors.joining(", ", "[", "]"));
    }

    private void violated(Path path, String constraint) {
        violations++;
        if (reported.size() < MAX_REPORTED) {
            reported.add("Value at '" + path + "' failed to satisfy constraint: " + constraint);
        }
    }

    private static boolean hasType(Shape shape, JsonNode json) {
        return switch (shape) {
            case Structure _, Mapping _ -> json.isObject();
            case Sequence _ -> json.isArray();
            case Text _ -> json.isString() && isUnicode(json.stringValue());
            case Whole _ -> json.isIntegralNumber() && json.canConvertToLong();
            case Decimal _ -> json.isNumber();
            case Flag _ -> json.isBoolean();
            case Time _ -> json.isString() && isTime(json.stringValue());
        };
    }

    private static String typeOf(Shape shape) {
        return switch (shape) {
            case Structure _, Mapping _ -> "an object";
            case Sequence _ -> "a list";
            case Text _ -> "a string of Unicode characters";
            case Whole whole -> whole.isLong() ? "an integer of 64 bits" : "an integer of 32 bits";
            case Decimal _ -> "a number";
            case Flag _ -> "a boolean";
            case Time _ -> "an ISO 8601 timestamp";
        };
    }

    /** A JSON escape can spell half a surrogate pair, which no other encoding carries. */
    private static boolean isUnicode(String text) {
        int i = 0;
        while (i < text.length()) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return false;
            }
            i += Character.charCount(codePoint);
        }
        return true;
    }

    private static boolean isTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }
}
