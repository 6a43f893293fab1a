package dev.understudy.control.api;

import dev.understudy.control.api.ServiceModel.Operation;
import dev.understudy.control.api.Shape.Location;
import dev.understudy.control.api.Shape.Mapping;
import dev.understudy.control.api.Shape.Member;
import dev.understudy.control.api.Shape.Sequence;
import dev.understudy.control.api.Shape.Structure;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What becomes of every operation of one model and of every member of its requests and answers, as tables of Markdown.
 *
 * <p>The models say what there is, and the records of the registered handlers say what is read and answered. What they
 * cannot say, a file of notes does: {@code service | key | status | note}, where a key is an operation's name or, as in
 * {@code in CreateStageRequest.name} and {@code out Stage.arn}, a member and its direction. A member that no record has,
 * or that some have and some have not, needs such a note; so that nothing is left out unseen.
 */
final class ApiCoverage {
    private final ServiceModel service;
    private final Map<String, Class<?>> requestTypes;
    private final Map<String, Note> notes;
    private final Set<String> usedNotes = new LinkedHashSet<>();
    private final Map<String, Set<Presence>> seen = new TreeMap<>();
    private final Map<String, Structure> nested = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    enum Status {
        SERVED,
        STORED_ONLY,
        IGNORED,
        NOT_SERVED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    record Note(Status status, String text) {
        static final Note SERVED = new Note(Status.SERVED, "");
        static final Note STORED_ONLY = new Note(Status.STORED_ONLY, "");
        static final Note NOT_SERVED = new Note(Status.NOT_SERVED, "");
    }

    private enum Presence {
        IN_RECORD,
        KEPT_ONLY,
        NOT_IN_RECORD,
        OF_UNSERVED_OPERATION
    }

    ApiCoverage(ServiceModel service, Map<String, Class<?>> requestTypes, String notes) {
        this.service = service;
        this.requestTypes = requestTypes;
        this.notes = notes.lines()
                .filter(line -> line.startsWith(service.name() + " |"))
                .map(line -> line.split(" *\\| *", 4))
                .collect(Collectors.toMap(
                        part -> part[1],
                        part -> new Note(
                                Status.valueOf(part[2].toUpperCase(Locale.ROOT).replace(' ', '_')), part[3]),
                        (a, b) -> {
                            throw new IllegalArgumentException("two notes for one key: " + a + ", " + b);
                        },
                        TreeMap::new));
        service.operations().values().forEach(this::visit);
    }

    private void visit(Operation operation) {
        Optional<Class<?>> request = Optional.ofNullable(requestTypes.get(operation.name()));
        boolean isKeptOnly = Optional.ofNullable(notes.get(operation.name()))
                .filter(note -> note.status() == Status.STORED_ONLY)
                .isPresent();
        visit("in", operation.input(), request, isKeptOnly ? Presence.KEPT_ONLY : Presence.IN_RECORD);
        visit("out", operation.output(), request.flatMap(ApiCoverage::responseType), Presence.IN_RECORD);
    }

    /** An answer's record lies beside its request's; empty where an operation answers nothing. */
    private static Optional<Class<?>> responseType(Class<?> request) {
        String name = request.getSimpleName().replaceFirst("Request$", "Response");
        return Stream.of(request.getEnclosingClass().getDeclaredClasses())
                .<Class<?>>map(type -> type)
                .filter(type -> type.getSimpleName().equals(name))
                .findFirst();
    }

    private void visit(String direction, Structure shape, Optional<Class<?>> type, Presence whenInRecord) {
        Map<String, Type> components = type.map(ApiCoverage::components).orElse(Map.of());
        for (Member member : shape.members()) {
            Optional<Type> component = Optional.ofNullable(components.get(member.name()));
            Presence presence = component.isPresent()
                    ? whenInRecord
                    : type.isPresent() ? Presence.NOT_IN_RECORD : Presence.OF_UNSERVED_OPERATION;
            seen.computeIfAbsent(key(direction, shape, member), _ -> EnumSet.noneOf(Presence.class))
                    .add(presence);
            structureIn(member.shape()).ifPresent(inner -> {
                nested.put(inner.name(), inner);
                visit(direction, inner, component.map(ApiCoverage::content), whenInRecord);
            });
        }
    }

    private static Map<String, Type> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .collect(Collectors.toMap(RecordComponent::getName, RecordComponent::getGenericType));
    }

    private static Optional<Structure> structureIn(Shape shape) {
        return switch (shape) {
            case Structure structure -> Optional.of(structure);
            case Sequence sequence -> structureIn(sequence.element());
            case Mapping mapping -> structureIn(mapping.value());
            default -> Optional.empty();
        };
    }

    /** The record within {@code Optional}, {@code List} or {@code Map}. */
    private static Class<?> content(Type type) {
        if (Types.is(type, Optional.class, List.class)) {
            return content(Types.argument(type, 0));
        }
        return Types.is(type, Map.class) ? content(Types.argument(type, 1)) : Types.raw(type);
    }

    private static String key(String direction, Structure shape, Member member) {
        return direction + " " + shape.name() + "." + member.name();
    }

    /** What is missing or contradictory in the notes; to be empty once {@link #markdown} has been made. */
    List<String> faults() {
        notes.keySet().stream()
                .filter(key -> !usedNotes.contains(key))
                .forEach(key -> faults.add("no such operation or member, or its status needs no note: " + key));
        return List.copyOf(faults);
    }

    String markdown() {
        StringBuilder text = new StringBuilder("## `" + service.name() + "`\n\n"
                + "| Operation and its members | Status | Remarks |\n|---|---|---|\n");
        service.operations().values().forEach(operation -> operation(operation, text));
        text.append("\n### Structures of `" + service.name() + "`\n\n"
                + "| Member | In requests | In answers | Remarks |\n|---|---|---|---|\n");
        nested.values().forEach(structure -> structure(structure, text));
        return text.toString();
    }

    private void operation(Operation operation, StringBuilder text) {
        boolean isServed = requestTypes.containsKey(operation.name());
        Note note = note(operation.name()).orElse(isServed ? Note.SERVED : Note.NOT_SERVED);
        if ((note.status() == Status.NOT_SERVED) == isServed) {
            faults.add(operation.name() + " is said to be " + note.status());
        }
        row(text, "**" + operation.name() + "**", isServed ? note.status() + "" : "not served (501)", note.text());
        for (Member member : operation.input().members()) {
            Note status = status("in", operation.input(), member).orElseThrow();
            row(text, "→ `" + member.name() + "`", status.status() + "", status.text());
        }
        for (Member member : operation.output().members()) {
            Note status = status("out", operation.output(), member).orElseThrow();
            row(text, "← `" + member.name() + "`", status.status() + "", status.text());
        }
    }

    private void structure(Structure structure, StringBuilder text) {
        for (Member member : structure.members()) {
            Optional<Note> in = status("in", structure, member);
            Optional<Note> out = status("out", structure, member);
            String remarks = Stream.of(in, out)
                    .flatMap(Optional::stream)
                    .map(Note::text)
                    .filter(remark -> !remark.isEmpty())
                    .distinct()
                    .collect(Collectors.joining("; "));
            row(text, "`" + structure.name() + "." + member.name() + "`", shown(in), shown(out), remarks);
        }
    }

    private static String shown(Optional<Note> status) {
        return status.map(note -> note.status().toString()).orElse("–");
    }

    /** Empty for a structure's member that never goes in this direction. */
    private Optional<Note> status(String direction, Structure shape, Member member) {
        String key = key(direction, shape, member);
        Set<Presence> presences = seen.get(key);
        if (presences == null) {
            return Optional.empty();
        }
        if (member.location() == Location.HEADER) {
            return Optional.of(new Note(Status.SERVED, "a header of every answer"));
        }
        if (presences.equals(EnumSet.of(Presence.OF_UNSERVED_OPERATION))) {
            return Optional.of(Note.NOT_SERVED);
        }
        boolean isKeptOnly = !presences.contains(Presence.IN_RECORD) && presences.contains(Presence.KEPT_ONLY);
        boolean isInNone = !presences.contains(Presence.IN_RECORD) && !isKeptOnly;
        Optional<Note> note = note(key);
        if (note.isEmpty() && presences.contains(Presence.NOT_IN_RECORD)) {
            faults.add("no note says why it is not in " + (isInNone ? "any" : "every") + " record: " + key);
        }
        boolean isSaidToBeUsed = note.map(Note::status)
                .filter(s -> s == Status.SERVED || s == Status.STORED_ONLY)
                .isPresent();
        if (note.isPresent() && isSaidToBeUsed == isInNone) {
            faults.add(key + " is said to be " + note.get().status());
        }
        return Optional.of(note.orElse(isInNone ? Note.NOT_SERVED : isKeptOnly ? Note.STORED_ONLY : Note.SERVED));
    }

    private Optional<Note> note(String key) {
        usedNotes.add(key);
        return Optional.ofNullable(notes.get(key));
    }

    private static void row(StringBuilder text, String... cells) {
        text.append("| ").append(String.join(" | ", cells).stripTrailing()).append(" |\n");
    }
}
