package dev.understudy.server.testing;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a test sends along with a control. Strict: tests are programs, and a member that is misspelt would be a test of
 * something else. Whatever is wrong is an {@link IllegalArgumentException} that names the member. Confined to one call.
 */
final class Members {
    private final ObjectNode json;

    /** What stands before the names in messages: where the object is that they are members of. */
    private final String place;

    private Members(ObjectNode json, String place) {
        this.json = json;
        this.place = place;
    }

    /** The members of a control that knows these names and no others. */
    static Members of(ObjectNode json, Collection<String> known) {
        return of(json, "", "this control", known);
    }

    private static Members of(ObjectNode json, String place, String what, Collection<String> known) {
        var unknown = new TreeSet<>(json.propertyNames());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("'" + place + unknown.first() + "' is no member of " + what + "; "
                    + (known.isEmpty() ? "it has none" : "it has " + String.join(", ", known)));
        }
        return new Members(json, place);
    }

    /** Throws when the member is not there. */
    void require(String name) {
        if (present(name).isEmpty()) {
            throw wrong(name, "is missing");
        }
    }

    /** Throws when the member is there; {@code why} follows its name in the message. */
    void refuse(String name, String why) {
        if (present(name).isPresent()) {
            throw wrong(name, why);
        }
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> wrong(name, "is missing"));
    }

    Optional<String> optionalText(String name) {
        return present(name).map(value -> {
            if (!value.isString()) {
                throw wrong(name, "is not a string");
            }
            return value.stringValue();
        });
    }

    /** A text of at most so many characters, as Unicode counts them. */
    Optional<String> optionalText(String name, int mostChars) {
        Optional<String> text = optionalText(name);
        if (text.filter(t -> t.codePointCount(0, t.length()) > mostChars).isPresent()) {
            throw wrong(name, "has more than " + mostChars + " characters");
        }
        return text;
    }

    /** A text of a form, which {@code expected} describes. */
    Optional<String> optionalMatch(String name, Pattern form, String expected) {
        Optional<String> text = optionalText(name);
        if (text.filter(t -> !form.matcher(t).matches()).isPresent()) {
            throw wrong(name, "is not " + expected);
        }
        return text;
    }

    /** A time as in {@code 2026-11-01T10:30:00Z}. */
    Instant instant(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeParseException e) {
            throw wrong(name, "is not a time such as 2026-11-01T10:30:00Z");
        }
    }

    /** A list of one or more of these words, each once. */
    List<String> someOf(String name, Collection<String> words) {
        List<JsonNode> items = present(name).filter(JsonNode::isArray).stream()
                .flatMap(JsonNode::valueStream)
                .toList();
        List<String> texts = items.stream()
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .distinct()
                .toList();
        if (texts.isEmpty() || texts.size() != items.size() || !words.containsAll(texts)) {
            throw wrong(name, "is not a list of " + String.join(", ", words));
        }
        return texts;
    }

    /** An object with these members and no others. */
    Optional<Members> optionalObject(String name, String... known) {
        return present(name).map(value -> {
            if (!(value instanceof ObjectNode object)) {
                throw wrong(name, "is not an object");
            }
            return of(object, place + name + ".", "'" + place + name + "'", List.of(known));
        });
    }

    /** One of these words. */
    String oneOf(String name, Collection<String> words) {
        String text = text(name);
        if (!words.contains(text)) {
            throw wrong(name, "is '" + text + "' and not one of " + String.join(", ", words));
        }
        return text;
    }

    /** One of these words, if any. */
    Optional<String> optionalOneOf(String name, Collection<String> words) {
        return optionalText(name).map(_ -> oneOf(name, words));
    }

    /** A whole number from 1 to {@code most}. */
    int count(String name, int most) {
        return optionalCount(name, most).orElseThrow(() -> wrong(name, "is missing"));
    }

    Optional<Integer> optionalCount(String name, int most) {
        return present(name).map(value -> {
            boolean isWhole = value.isIntegralNumber() && value.canConvertToInt();
            if (!isWhole || value.intValue() < 1 || value.intValue() > most) {
                throw wrong(name, "is not a whole number from 1 to " + most);
            }
            return value.intValue();
        });
    }

    /** An object whose values are strings; empty when absent. */
    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        present(name).ifPresent(value -> {
            if (!value.isObject()) {
                throw wrong(name, "is not an object of strings");
            }
            value.properties().forEach(entry -> {
                if (!entry.getValue().isString()) {
                    throw wrong(name + "." + entry.getKey(), "is not a string");
                }
                texts.put(entry.getKey(), entry.getValue().stringValue());
            });
        });
        return texts;
    }

    private Optional<JsonNode> present(String name) {
        return Optional.ofNullable(json.get(name)).filter(value -> !value.isNull());
    }

    private IllegalArgumentException wrong(String name, String what) {
        return new IllegalArgumentException("'" + place + name + "' " + what);
    }
}
