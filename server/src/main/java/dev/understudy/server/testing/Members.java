package dev.understudy.server.testing;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a test sends along with a control. Strict: tests are programs, and a member that is misspelt would be a test of
 * something else. Whatever is wrong is an {@link IllegalArgumentException} that names the member. Confined to one call.
 */
final class Members {
    private final ObjectNode json;

    private Members(ObjectNode json) {
        this.json = json;
    }

    /** The members of a control that knows these names and no others. */
    static Members of(ObjectNode json, Collection<String> known) {
        var unknown = new TreeSet<>(json.propertyNames());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("'" + unknown.first() + "' is no member of this control; "
                    + (known.isEmpty() ? "it has none" : "it has " + String.join(", ", known)));
        }
        return new Members(json);
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

    private static IllegalArgumentException wrong(String name, String what) {
        return new IllegalArgumentException("'" + name + "' " + what);
    }
}
