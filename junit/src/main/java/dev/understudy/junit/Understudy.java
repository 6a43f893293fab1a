package dev.understudy.junit;

import dev.understudy.server.app.Config;
import dev.understudy.server.app.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A node in this process and in a temporary folder, on free ports of the loopback address, with its test controls.
 * Thread-safe.
 *
 * <pre>{@code
 * IvsRealTimeClient ivs = IvsRealTimeClient.builder()
 *         .endpointOverride(understudy.endpoint())
 *         .region(Region.of(understudy.region()))
 *         .credentialsProvider(StaticCredentialsProvider.create(
 *                 AwsBasicCredentials.create(understudy.accessKeyId(), understudy.secretAccessKey())))
 *         .build();
 * }</pre>
 */
public final class Understudy implements AutoCloseable {
    private final Path folder;
    private final Config config;
    private final Node node;
    private final Controls controls;

    private Understudy(Path folder, Config config, Node node) {
        this.folder = folder;
        this.config = config;
        this.node = node;
        this.controls = new Controls(node.url());
    }

    /** Starts a node as a command line without options would. */
    public static Understudy start() {
        return start(Options.defaults());
    }

    /** Starts a node with options; one that does not start leaves nothing behind. */
    public static Understudy start(Options options) {
        try {
            return start(options, Files.createTempDirectory("understudy"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In a folder that is deleted at the end, however the end comes. */
    static Understudy start(Options options, Path folder) {
        Config config = options.config(folder.resolve("data"));
        try {
            return new Understudy(folder, config, Node.start(config));
        } catch (RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    /** Where the API and WHIP are; no slash at the end. */
    public URI endpoint() {
        return node.url();
    }

    public String region() {
        return config.region();
    }

    /** The public half of the node's own access key. */
    public String accessKeyId() {
        return node.accessKey().accessKeyId();
    }

    /** The secret half of the node's own access key. */
    public String secretAccessKey() {
        return node.accessKey().secretAccessKey();
    }

    /** An AWS shared credentials file with the key, the region and the endpoint, for other programs. */
    public Path credentialsFile() {
        return node.credentialsFile();
    }

    /**
     * Deletes every resource, ends compositions, forgets ordered failures and how many calls there were, sets the clock
     * right. Access keys stay.
     */
    public void reset() {
        controls.post("reset", Map.of());
    }

    /** Lets whole seconds pass for sessions, tokens and compositions, and says what time it is for them then. */
    public Instant advance(Duration duration) {
        return Instant.parse(controls.post("clock/advance", Map.of("seconds", duration.toSeconds()))
                .get("now")
                .stringValue());
    }

    /** Makes the next call of an operation fail, as in {@code failNext("StartComposition", "ThrottlingException")}. */
    public void failNext(String operation, String error) {
        failNext(operation, error, 1);
    }

    /** Makes the next calls of an operation fail. */
    public void failNext(String operation, String error, int times) {
        controls.post("fail-next", Map.of("operation", operation, "error", error, "times", times));
    }

    /** Makes the next calls of an operation fail with a message. */
    public void failNext(String operation, String error, int times, String message) {
        controls.post("fail-next", Map.of("operation", operation, "error", error, "times", times, "message", message));
    }

    /** Lets a simulated participant join a stage. */
    public Participant join(String stageArn) {
        return join(stageArn, Optional.empty(), Map.of());
    }

    /** Lets a simulated participant join a stage as the user with an id and with attributes. */
    public Participant join(String stageArn, Optional<String> userId, Map<String, String> attributes) {
        return join(stageArn, userId, attributes, "");
    }

    /** The same with what its browser or program calls itself, which GetParticipant shows the parts of. */
    public Participant join(
            String stageArn, Optional<String> userId, Map<String, String> attributes, String userAgent) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("stageArn", stageArn);
        members.put("attributes", attributes);
        members.put("userAgent", userAgent);
        userId.ifPresent(id -> members.put("userId", id));
        return joined(members);
    }

    /** Lets the holder of a participant token join its stage, simulated: to publish too, if the token allows it. */
    public Participant joinWith(String token) {
        return joinWith(token, "");
    }

    /** The same with what its browser or program calls itself. */
    public Participant joinWith(String token, String userAgent) {
        return joined(Map.of("token", token, "userAgent", userAgent));
    }

    private Participant joined(Map<String, ?> members) {
        JsonNode answer = controls.post("participants/join", members);
        return new Participant(
                answer.get("stageArn").stringValue(),
                answer.get("sessionId").stringValue(),
                answer.get("participantId").stringValue());
    }

    /** A simulated participant's media begins to arrive, as far as the API can tell. */
    public void publish(Participant participant) {
        controls.post("participants/publish", who(participant));
    }

    /** A simulated participant stops publishing and stays. */
    public void unpublish(Participant participant) {
        controls.post("participants/unpublish", who(participant));
    }

    /** A simulated participant's connection ends. */
    public void leave(Participant participant) {
        controls.post("participants/leave", who(participant));
    }

    /**
     * Adds an event to a participant's list, whether or not it has happened.
     *
     * @param name as in {@code PUBLISH_ERROR}
     * @param errorCode as in {@code BITRATE_EXCEEDED}; empty for events without
     */
    public void event(Participant participant, String name, Optional<String> errorCode) {
        Map<String, Object> more = new LinkedHashMap<>();
        errorCode.ifPresent(code -> more.put("errorCode", code));
        event(participant, name, more);
    }

    /**
     * Adds an event to a participant's list, whether or not it has happened.
     *
     * @param name as in {@code SUBSCRIBE_STARTED}
     * @param more what else the API shows of such an event, by its names there, as in {@code
     *     Map.of("remoteParticipantId", "AbCdEfGh1234")}; docs/testing.md has the list
     */
    public void event(Participant participant, String name, Map<String, ?> more) {
        Map<String, Object> members = new LinkedHashMap<>(more);
        members.putAll(who(participant));
        members.put("sessionId", participant.sessionId());
        members.put("name", name);
        controls.post("participants/event", members);
    }

    private static Map<String, String> who(Participant participant) {
        return Map.of("stageArn", participant.stageArn(), "participantId", participant.participantId());
    }

    /** Ends the node and deletes its folder. */
    @Override
    public void close() {
        controls.close();
        node.close();
        delete(folder);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> childrenFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : childrenFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
