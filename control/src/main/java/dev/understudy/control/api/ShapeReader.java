package dev.understudy.control.api;

import dev.understudy.control.api.Shape.Decimal;
import dev.understudy.control.api.Shape.Flag;
import dev.understudy.control.api.Shape.Location;
import dev.understudy.control.api.Shape.Mapping;
import dev.understudy.control.api.Shape.Member;
import dev.understudy.control.api.Shape.Reference;
import dev.understudy.control.api.Shape.Sequence;
import dev.understudy.control.api.Shape.Structure;
import dev.understudy.control.api.Shape.Text;
import dev.understudy.control.api.Shape.Time;
import dev.understudy.control.api.Shape.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Resolves the {@code shapes} of a model in botocore's form. The models hold no shape that contains itself. */
final class ShapeReader {
    /** Resource types have more than one letter; the model lacks the plus sign, so that no real ARN matches. */
    private static final String FAULTY_RESOURCE_ARN = "arn:aws:ivs:[a-z0-9-]+:[0-9]+:[a-z-]/[a-zA-Z0-9-]+";

    private static final String RESOURCE_ARN = "arn:aws:ivs:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+";

    /** Of a text with a pattern that the model does not bound; only a public key in PEM is one, and has 215. */
    private static final int MAX_MATCHED_CHARS = 4_096;

    /** The resource type in the pattern of an ARN of ours that is not of just any type. */
    private static final Pattern TYPE_IN_PATTERN = Pattern.compile("arn:aws:ivs:[^/]*:([a-z-]+)/");

    private final JsonNode shapes;
    private final Map<String, Shape> resolved = new HashMap<>();
    private final Set<String> open = new LinkedHashSet<>();

    ShapeReader(JsonNode shapes) {
        this.shapes = shapes;
    }

    Structure structure(String name) {
        if (shape(name) instanceof Structure structure) {
            return structure;
        }
        throw new IllegalStateException("not a structure: " + name);
    }

    Text text(String name) {
        if (shape(name) instanceof Text text) {
            return text;
        }
        throw new IllegalStateException("not a text: " + name);
    }

    private Shape shape(String name) {
        Shape known = resolved.get(name);
        if (known != null) {
            return known;
        }
        if (!open.add(name)) {
            throw new IllegalStateException("shape contains itself: " + open);
        }
        Shape shape = read(name, shapes.get(name));
        open.remove(name);
        resolved.put(name, shape);
        return shape;
    }

    private Shape read(String name, JsonNode json) {
        String type = json.get("type").stringValue();
        return switch (type) {
            case "structure" -> new Structure(name, members(json));
            case "list" -> new Sequence(name, referred(json.get("member")), lengths(json));
            case "map" -> new Mapping(name, key(json), referred(json.get("value")), lengths(json));
            case "string" -> new Text(name, values(json), textRules(json), reference(name, json));
            case "integer" -> new Whole(name, false, wholeRules(json, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case "long" -> new Whole(name, true, wholeRules(json, Long.MIN_VALUE, Long.MAX_VALUE));
            case "float", "double" -> new Decimal(name, Constraint.ofValue(number(json, "min"), number(json, "max")));
            case "boolean" -> new Flag(name);
            case "timestamp" -> new Time(name);
            default -> throw new IllegalStateException("shape " + name + " of unknown type " + type);
        };
    }

    private List<Member> members(JsonNode structure) {
        Set<String> required = new LinkedHashSet<>();
        structure.path("required").forEach(name -> required.add(name.stringValue()));
        List<Member> members = new ArrayList<>();
        structure.get("members").properties().forEach(member -> {
            String name = member.getKey();
            JsonNode json = member.getValue();
            String wireName =
                    json.has("locationName") ? json.get("locationName").stringValue() : name;
            members.add(new Member(name, referred(json), required.contains(name), location(json), wireName));
        });
        return members;
    }

    private static Location location(JsonNode member) {
        if (!member.has("location")) {
            return Location.BODY;
        }
        String location = member.get("location").stringValue();
        return switch (location) {
            case "uri" -> Location.LABEL;
            case "querystring" -> Location.QUERY;
            case "header" -> Location.HEADER;
            default -> throw new IllegalStateException("unknown location " + location);
        };
    }

    private Text key(JsonNode map) {
        return text(map.get("key").get("shape").stringValue());
    }

    private Shape referred(JsonNode reference) {
        return shape(reference.get("shape").stringValue());
    }

    private static List<Constraint> textRules(JsonNode text) {
        List<Constraint> rules = new ArrayList<>();
        Optional<Pattern> pattern = pattern(text);
        if (pattern.isPresent()) {
            Number most = number(text, "max").orElse(MAX_MATCHED_CHARS);
            rules.addAll(Constraint.ofLength(number(text, "min"), Optional.of(most)));
            rules.add(Constraint.ofPattern(pattern.get(), most));
        } else {
            rules.addAll(lengths(text));
        }
        if (text.has("enum")) {
            rules.add(Constraint.ofValues(values(text)));
        }
        return rules;
    }

    private static Optional<Reference> reference(String name, JsonNode text) {
        if (name.endsWith("BucketName")) {
            return Optional.of(new Reference.ByBucketName());
        }
        String pattern = text.path("pattern").asString("");
        Matcher type = TYPE_IN_PATTERN.matcher(pattern);
        return pattern.contains("arn:")
                ? Optional.of(new Reference.ByArn(type.find() ? type.group(1) : ""))
                : Optional.empty();
    }

    /** Where the model sets no bound, the type's own holds: no value may wrap. */
    private static List<Constraint> wholeRules(JsonNode whole, Number least, Number most) {
        return Constraint.ofValue(
                number(whole, "min").or(() -> Optional.of(least)),
                number(whole, "max").or(() -> Optional.of(most)));
    }

    private static List<Constraint> lengths(JsonNode json) {
        return Constraint.ofLength(number(json, "min"), number(json, "max"));
    }

    private static Optional<Number> number(JsonNode json, String key) {
        return json.has(key) ? Optional.of(json.get(key).numberValue()) : Optional.empty();
    }

    private static Optional<Pattern> pattern(JsonNode json) {
        if (!json.has("pattern")) {
            return Optional.empty();
        }
        String pattern = json.get("pattern").stringValue();
        return Optional.of(Pattern.compile(pattern.equals(FAULTY_RESOURCE_ARN) ? RESOURCE_ARN : pattern));
    }

    private static List<String> values(JsonNode json) {
        List<String> values = new ArrayList<>();
        json.path("enum").forEach(value -> values.add(value.stringValue()));
        return values;
    }
}
