package dev.understudy.server.testing;

import dev.understudy.control.ControlApi;
import dev.understudy.control.api.Api;
import dev.understudy.control.api.ApiException;
import dev.understudy.control.token.Tokens;
import dev.understudy.control.token.Tokens.ParticipantTokenConfiguration;
import dev.understudy.server.http.Admission;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * What tests can make happen that otherwise takes days, luck or a camera. Each control does its work before it answers.
 * Thread-safe.
 */
public final class TestControls {
    /** Calls that one order makes fail; a client that retries gives up long before. */
    private static final int MAX_TIMES = 1_000;

    private static final Map<String, ApiException.Kind> ERRORS = Arrays.stream(ApiException.Kind.values())
            .collect(Collectors.toMap(ApiException.Kind::shape, kind -> kind, (a, _) -> a, LinkedHashMap::new));

    /** In an order in which a reader finds one. */
    private static final List<String> OPERATIONS =
            Api.operationNames().stream().sorted().toList();

    /** What a token that is made for a participant says of them. */
    private static final List<String> IN_TOKEN = List.of("stageArn", "userId", "attributes");

    private static final Map<String, Object> NOTHING = Map.of();

    /** What a control does with its members; the answer is written as JSON. */
    private interface Action {
        Map<String, ?> on(Members members) throws Admission.Refused;
    }

    /** A control by the names of its members. */
    private record Control(List<String> members, Action action) {}

    private final Map<String, Control> controls = new LinkedHashMap<>();
    private final ControlApi control;
    private final TestClock clock;
    private final Faults faults;
    private final SimulatedParticipants participants;
    private final Runnable settle;
    private final Runnable refill;

    /**
     * @param settle waits until what participants did is stored
     * @param refill lets calls and joins come as fast as after a pause
     */
    public TestControls(
            ControlApi control,
            TestClock clock,
            Faults faults,
            SimulatedParticipants participants,
            Runnable settle,
            Runnable refill) {
        this.control = control;
        this.clock = clock;
        this.faults = faults;
        this.participants = participants;
        this.settle = settle;
        this.refill = refill;
        controls.put("reset", new Control(List.of(), this::reset));
        controls.put("clock/advance", new Control(List.of("seconds"), this::advance));
        controls.put("fail-next", new Control(List.of("operation", "error", "message", "times"), this::failNext));
        controls.put(
                "participants/join",
                new Control(List.of("stageArn", "token", "userId", "attributes", "userAgent"), this::join));
        var who = List.of("stageArn", "participantId");
        controls.put("participants/publish", new Control(who, this::publish));
        controls.put("participants/unpublish", new Control(who, this::unpublish));
        controls.put("participants/leave", new Control(who, this::leave));
        controls.put(
                "participants/event",
                new Control(
                        Stream.concat(
                                        Stream.of("stageArn", "sessionId", "participantId", "name"),
                                        PretendedEvents.MEMBERS.stream())
                                .toList(),
                        this::event));
    }

    /** What the controls are called. */
    Set<String> names() {
        return controls.keySet();
    }

    /**
     * Does what a control is for.
     *
     * @param name one of {@link #names}
     * @throws IllegalArgumentException when a member is wrong; the message names it
     * @throws ApiException when the API would refuse the same
     * @throws Admission.Refused when a participant may not join
     */
    Map<String, ?> perform(String name, ObjectNode json) throws Admission.Refused {
        Control asked = controls.get(name);
        if (asked == null) {
            throw new IllegalArgumentException("no control is called " + name);
        }
        return asked.action().on(Members.of(json, asked.members()));
    }

    private Map<String, ?> reset(Members none) {
        control.clear();
        settle.run();
        faults.reset();
        refill.run();
        clock.reset();
        control.events().bell().ring();
        return NOTHING;
    }

    private Map<String, ?> advance(Members members) {
        clock.advance(Duration.ofSeconds(members.count("seconds", (int) TestClock.MAX_AHEAD.toSeconds())));
        control.elapsed(clock.instant());
        control.events().bell().ring();
        return Map.of("now", clock.instant().toString());
    }

    private Map<String, ?> failNext(Members members) {
        String operation = members.oneOf("operation", OPERATIONS);
        String error = members.oneOf("error", ERRORS.keySet());
        String message = members.optionalText("message").orElse("A test asked for this " + error + ".");
        int times = members.optionalCount("times", MAX_TIMES).orElse(1);
        faults.order(
                operation, new ApiException(ERRORS.getOrDefault(error, ApiException.Kind.INTERNAL), message), times);
        return NOTHING;
    }

    private Map<String, ?> join(Members members) throws Admission.Refused {
        Optional<String> presented = members.optionalText("token");
        if (presented.isPresent()) {
            IN_TOKEN.forEach(member -> members.refuse(member, "is part of the token; leave one of them out"));
        }
        String token = presented.isPresent() ? presented.get() : freshToken(members);
        Admission.Admitted admitted =
                participants.join(token, members.optionalText("userAgent").orElse(""));
        return Map.of(
                "stageArn", admitted.stageArn(),
                "sessionId", control.activeSession(admitted.stageArn()),
                "participantId", admitted.participantId());
    }

    private String freshToken(Members members) {
        String stageArn = members.text("stageArn");
        control.activeSession(stageArn);
        var configuration = new ParticipantTokenConfiguration(
                Optional.empty(),
                members.optionalText("userId", Tokens.MAX_USER_ID_CHARS),
                members.texts("attributes"),
                List.of());
        return control.tokens().make(stageArn, configuration).token();
    }

    private Map<String, ?> publish(Members members) {
        participants.publish(members.text("stageArn"), members.text("participantId"));
        settle.run();
        return NOTHING;
    }

    private Map<String, ?> unpublish(Members members) {
        String stageArn = members.text("stageArn");
        String participantId = members.text("participantId");
        participants.require(stageArn, participantId);
        control.participants().unpublished(control.activeSession(stageArn), participantId, clock.instant());
        return NOTHING;
    }

    private Map<String, ?> leave(Members members) {
        participants.leave(members.text("stageArn"), members.text("participantId"));
        settle.run();
        return NOTHING;
    }

    /** Of any participant of the stage's session, or of an earlier one, simulated or not. */
    private Map<String, ?> event(Members members) {
        String stageArn = members.text("stageArn");
        String active = control.activeSession(stageArn);
        control.participants()
                .pretend(
                        stageArn,
                        members.optionalText("sessionId").orElse(active),
                        members.text("participantId"),
                        PretendedEvents.read(members),
                        clock.instant());
        return NOTHING;
    }
}
