package dev.understudy.control.credential;

import dev.understudy.control.api.Api;
import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What each profile of the credentials file may do, as its operator has written it:
 *
 * <pre>{@code
 * {
 *   "ci": [
 *     {"actions": ["ivs:GetStage", "ivs:CreateParticipantToken"],
 *      "resources": ["arn:aws:ivs:us-east-1:000000000000:stage/AbCdEfGh1234"]}
 *   ]
 * }
 * }</pre>
 *
 * Immutable.
 */
final class Permissions {
    private static final String ACTION_PREFIX = "ivs:";

    /** Of a node without a permissions file: everybody may do everything. */
    static final Permissions UNLIMITED = new Permissions(Map.of(), true);

    /** Actions that a profile may call, and the resources on which. */
    record Statement(List<String> actions, List<String> resources) {
        Statement {
            actions = List.copyOf(actions);
            resources = List.copyOf(resources);
        }

        boolean allows(String operation) {
            return actions.stream().anyMatch(action -> Glob.matches(action, ACTION_PREFIX + operation));
        }

        boolean allowsOn(String arn) {
            return resources.stream().anyMatch(pattern -> Glob.matches(pattern, arn));
        }
    }

    private final Map<String, List<Statement>> byProfile;
    private final boolean isUnlimited;

    private Permissions(Map<String, List<Statement>> byProfile, boolean isUnlimited) {
        this.byProfile = byProfile;
        this.isUnlimited = isUnlimited;
    }

    /**
     * The statements of a profile, none of which may allow anything; empty when it may do everything. The default profile,
     * which is the operator's own, may do everything unless it is named; any other that is not named may do nothing.
     */
    Optional<List<Statement>> of(String profile) {
        List<Statement> statements = byProfile.get(profile);
        boolean isFree = statements == null && (isUnlimited || profile.equals("default"));
        return isFree ? Optional.empty() : Optional.of(statements == null ? List.of() : statements);
    }

    /** The profiles that it names and that are none of these. */
    Set<String> strangers(Set<String> profiles) {
        var strangers = new TreeSet<>(byProfile.keySet());
        strangers.removeAll(profiles);
        return strangers;
    }

    /** Reads the text of the file; an {@link IllegalStateException} names what is wrong in it. */
    static Permissions parse(String text) {
        if (text.isBlank()) {
            throw new IllegalStateException("The text is empty; {} lets only the default profile do anything");
        }
        Map<String, List<Statement>> byProfile = new LinkedHashMap<>();
        try {
            Json.read(text.getBytes(StandardCharsets.UTF_8))
                    .properties()
                    .forEach(entry -> byProfile.put(entry.getKey(), statements(entry.getKey(), entry.getValue())));
        } catch (ApiException e) {
            throw new IllegalStateException(e.text().replace("The request body", "The text"), e);
        }
        return new Permissions(byProfile, false);
    }

    private static List<Statement> statements(String profile, JsonNode json) {
        require(json.isArray(), profile, "is not a list of statements");
        List<Statement> statements = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            String where = profile + "[" + i + "]";
            JsonNode statement = json.get(i);
            require(statement.isObject(), where, "is not an object");
            require(
                    Set.copyOf(statement.propertyNames()).equals(Set.of("actions", "resources")),
                    where,
                    "must have actions and resources, and nothing else");
            List<String> actions = texts(statement.get("actions"), where + ".actions");
            actions.forEach(action -> checkAction(action, where));
            List<String> resources = texts(statement.get("resources"), where + ".resources");
            resources.forEach(resource ->
                    require(resource.equals("*") || resource.startsWith("arn:"), where, "names no ARN: " + resource));
            statements.add(new Statement(actions, resources));
        }
        return List.copyOf(statements);
    }

    /** An action that is misspelt would deny without a word. */
    private static void checkAction(String action, String where) {
        int star = action.indexOf('*');
        require(star < 0 || star == action.length() - 1, where, "has a * that is not the end of an action: " + action);
        require(
                Api.operationNames().stream().anyMatch(name -> Glob.matches(action, ACTION_PREFIX + name)),
                where,
                "names an action that is none of ivs: " + action);
    }

    private static List<String> texts(JsonNode json, String where) {
        require(json.isArray() && json.valueStream().allMatch(JsonNode::isString), where, "is not a list of strings");
        return json.valueStream().map(JsonNode::stringValue).toList();
    }

    private static void require(boolean holds, String where, String what) {
        if (!holds) {
            throw new IllegalStateException(where + " " + what);
        }
    }
}
