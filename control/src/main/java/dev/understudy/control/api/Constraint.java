package dev.understudy.control.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One rule of the model for a value of the right JSON type.
 *
 * @param text as AWS words it, "Member must …"
 */
record Constraint(String text, Predicate<JsonNode> holds) {

    /** Lengths count code points, as Smithy says; the number of elements and entries is a length, too. */
    static List<Constraint> ofLength(Optional<Number> min, Optional<Number> max) {
        return within("length", Constraint::length, min, max);
    }

    static List<Constraint> ofValue(Optional<Number> min, Optional<Number> max) {
        return within("value", JsonNode::asDouble, min, max);
    }

    /**
     * The whole text must match. One of more than {@code maxChars} is not tried: its length is its fault, and the work
     * that a pattern makes stays bounded.
     */
    static Constraint ofPattern(Pattern pattern, Number maxChars) {
        return new Constraint(
                "Member must satisfy regular expression pattern: " + pattern,
                json -> length(json) > maxChars.doubleValue()
                        || pattern.matcher(json.stringValue()).matches());
    }

    static Constraint ofValues(List<String> values) {
        return new Constraint(
                "Member must satisfy enum value set: " + values, json -> values.contains(json.stringValue()));
    }

    private static List<Constraint> within(
            String what, ToDoubleFunction<JsonNode> measure, Optional<Number> min, Optional<Number> max) {
        List<Constraint> rules = new ArrayList<>();
        min.ifPresent(least -> rules.add(new Constraint(
                "Member must have " + what + " greater than or equal to " + least,
                json -> measure.applyAsDouble(json) >= least.doubleValue())));
        max.ifPresent(most -> rules.add(new Constraint(
                "Member must have " + what + " less than or equal to " + most,
                json -> measure.applyAsDouble(json) <= most.doubleValue())));
        return rules;
    }

    private static double length(JsonNode json) {
        if (json.isString()) {
            String text = json.stringValue();
            return text.codePointCount(0, text.length());
        }
        return json.size();
    }
}
