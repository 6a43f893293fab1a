package dev.understudy.control.event;

import dev.understudy.control.credential.PrivateFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file in which an operator says who is told of events; docs/events.md shows its form. There are secrets in it, so it
 * must be its owner's alone.
 *
 * <p>Whatever is wrong with it is an {@link IllegalStateException} that names the place, and never a value: the value may
 * be the secret.
 */
public final class SinksFile {
    /** A name is part of metrics and of the database. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    /** As long as what it protects from being guessed is worth. */
    static final int MIN_SECRET_CHARS = 16;

    private static final Pattern AWS_HOST =
            Pattern.compile("(.*\\.)?(amazonaws\\.com(\\.cn)?|api\\.aws)\\.?", Pattern.CASE_INSENSITIVE);

    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;

    private SinksFile(Path file) {
        this.file = file;
    }

    /** The sinks in {@code file}; none when there is no file. A link that leads nowhere is a file that is wrong. */
    public static List<Sink> read(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? new SinksFile(file).parse(PrivateFile.read(file))
                : List.of();
    }

    private List<Sink> parse(String text) {
        Members root = new Members(tree(text), "the file", Set.of("sinks"));
        JsonNode list = root.node("sinks");
        if (list == null || !list.isArray()) {
            throw wrong("sinks", "must be a list");
        }
        List<Sink> sinks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            Sink sink = sink(list.get(i), "sinks[" + i + "]");
            if (!names.add(sink.name())) {
                throw wrong("sinks[" + i + "].name", "is the name of another sink, too");
            }
            sinks.add(sink);
        }
        return List.copyOf(sinks);
    }

    private JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalStateException(file + " is not valid JSON near line "
                    + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()));
        }
    }

    private Sink sink(JsonNode json, String place) {
        JsonNode type = json.get("type");
        String named = type != null && type.isString() ? type.stringValue() : "";
        return switch (named) {
            case "webhook" -> webhook(new Members(json, place, Set.of("type", "name", "url", "secret")));
            case "eventbridge" ->
                eventBridge(new Members(
                        json,
                        place,
                        Set.of(
                                "type",
                                "name",
                                "endpoint",
                                "region",
                                "source",
                                "eventBusName",
                                "accessKeyId",
                                "secretAccessKey",
                                "sessionToken")));
            default -> throw wrong(place + ".type", "must be webhook or eventbridge");
        };
    }

    private Sink webhook(Members json) {
        String secret = json.text("secret");
        if (secret.length() < MIN_SECRET_CHARS) {
            throw wrong(json.place("secret"), "must have " + MIN_SECRET_CHARS + " characters or more");
        }
        return new Sink.Webhook(name(json), url(json, "url"), secret);
    }

    private Sink eventBridge(Members json) {
        URI endpoint = url(json, "endpoint");
        String source = json.text("source");
        if (source.startsWith("aws.") && AWS_HOST.matcher(endpoint.getHost()).matches()) {
            throw wrong(
                    json.place("source"),
                    "begins with 'aws.', which EventBridge refuses from anybody but AWS; choose another,"
                            + " such as 'understudy.ivs', and match it in your rules");
        }
        return new Sink.EventBridge(
                name(json),
                endpoint,
                json.text("region"),
                source,
                json.optional("eventBusName"),
                new Sink.Credentials(
                        json.text("accessKeyId"), json.text("secretAccessKey"), json.optional("sessionToken")));
    }

    private String name(Members json) {
        String name = json.text("name");
        if (!NAME.matcher(name).matches()) {
            throw wrong(json.place("name"), "must be 1 to 64 letters, digits, '-' and '_'");
        }
        return name;
    }

    private URI url(Members json, String member) {
        try {
            String text = json.text(member);
            if (!ASCII.matcher(text).matches()) {
                throw wrong(json.place(member), "must be ASCII; write anything else percent-encoded");
            }
            URI url = new URI(text);
            boolean isWeb = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean hasPort = url.getPort() != 0 && url.getPort() <= 65_535;
            if (!isWeb || url.getHost() == null || url.getFragment() != null || !hasPort) {
                throw wrong(json.place(member), "must be an http or https URL with a host");
            }
            if (url.getUserInfo() != null) {
                throw wrong(json.place(member), "must not contain a user or a password");
            }
            return url;
        } catch (URISyntaxException e) {
            throw wrong(json.place(member), "must be an http or https URL");
        }
    }

    private IllegalStateException wrong(String place, String what) {
        return new IllegalStateException(file + ": " + place + " " + what);
    }

    /** The members of one JSON object, of which none may be unknown: a misspelt one would be missed otherwise. */
    private final class Members {
        private final JsonNode json;
        private final String place;

        Members(JsonNode json, String place, Set<String> known) {
            this.json = json;
            this.place = place;
            if (!json.isObject()) {
                throw wrong(place, "must be an object");
            }
            for (String name : json.propertyNames()) {
                if (!known.contains(name)) {
                    throw wrong(
                            place,
                            "has an unknown member; known are "
                                    + String.join(", ", known.stream().sorted().toList()));
                }
            }
        }

        JsonNode node(String member) {
            return json.get(member);
        }

        String place(String member) {
            return place + "." + member;
        }

        String text(String member) {
            return optional(member).orElseThrow(() -> wrong(place(member), "is missing"));
        }

        Optional<String> optional(String member) {
            JsonNode value = json.get(member);
            if (value == null) {
                return Optional.empty();
            }
            if (!value.isString() || value.stringValue().isBlank()) {
                throw wrong(place(member), "must be a text that is not empty");
            }
            return Optional.of(value.stringValue());
        }
    }
}
