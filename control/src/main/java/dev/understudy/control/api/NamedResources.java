package dev.understudy.control.api;

import dev.understudy.control.api.ServiceModel.Operation;
import dev.understudy.control.api.Shape.Decimal;
import dev.understudy.control.api.Shape.Flag;
import dev.understudy.control.api.Shape.Mapping;
import dev.understudy.control.api.Shape.Member;
import dev.understudy.control.api.Shape.Reference;
import dev.understudy.control.api.Shape.Sequence;
import dev.understudy.control.api.Shape.Structure;
import dev.understudy.control.api.Shape.Text;
import dev.understudy.control.api.Shape.Time;
import dev.understudy.control.api.Shape.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Which resources the requests of one operation are about. Immutable.
 *
 * <p>The model says which of its texts are ARNs and which are buckets, so the request is walked by its shape and none can
 * be forgotten, however deep it lies. An operation whose answer shows resources of a type that the request does not name
 * makes or lists them; rights to that are rights to any of the type, as in IAM.
 */
final class NamedResources {
    /** The members by which a request names what it is about. */
    private static final Set<String> SUBJECTS = Set.of("arn", "arns", "resourceArn", "resourceArns");

    private final Structure input;
    private final Optional<String> answered;
    private final Optional<String> mentioned;

    NamedResources(Operation operation) {
        this.input = operation.input();
        this.answered = typeIn(operation.output(), name -> name.equals("arn"));
        this.mentioned = typeIn(operation.output(), _ -> true);
    }

    /** Those of a request that has passed the check of its shape; at least one for every operation of the models. */
    List<NamedResource> in(JsonNode request) {
        List<NamedResource> found = new ArrayList<>();
        members(input, request, found);
        boolean namesNone = found.isEmpty();
        answered.filter(type -> !namesSubject(found, type))
                .or(() -> mentioned.filter(_ -> namesNone))
                .ifPresent(type -> found.add(new NamedResource.AnyOf(type)));
        return found;
    }

    private static boolean namesSubject(List<NamedResource> found, String type) {
        return found.stream()
                .anyMatch(resource -> resource instanceof NamedResource.Named(var arn, var isUsed)
                        && !isUsed
                        && Arn.parse(arn).filter(a -> a.type().equals(type)).isPresent());
    }

    private static void members(Structure structure, JsonNode json, List<NamedResource> found) {
        for (Member member : structure.members()) {
            JsonNode value = json.get(member.name());
            if (value != null && !value.isNull()) {
                value(member.shape(), value, !SUBJECTS.contains(member.name()), found);
            }
        }
    }

    private static void value(Shape shape, JsonNode json, boolean isUsed, List<NamedResource> found) {
        switch (shape) {
            case Structure structure -> members(structure, json, found);
            case Sequence sequence -> json.forEach(element -> value(sequence.element(), element, isUsed, found));
            case Mapping mapping -> json.forEach(entry -> value(mapping.value(), entry, isUsed, found));
            case Text text -> text.reference().ifPresent(reference -> found(reference, json, isUsed, found));
            case Whole _, Decimal _, Flag _, Time _ -> {}
        }
    }

    /** An empty text takes a reference away, and names nothing. */
    private static void found(Reference reference, JsonNode json, boolean isUsed, List<NamedResource> found) {
        String text = json.stringValue();
        if (!text.isEmpty()) {
            found.add(
                    switch (reference) {
                        case Reference.ByArn _ -> new NamedResource.Named(text, isUsed);
                        case Reference.ByBucketName _ -> new NamedResource.Bucket(text);
                    });
        }
    }

    /** The type of the first ARN in an answer whose member has such a name, in the answer itself or one level below. */
    private static Optional<String> typeIn(Structure output, Predicate<String> isMeant) {
        return Stream.concat(
                        output.members().stream(), output.members().stream().flatMap(NamedResources::below))
                .filter(member -> isMeant.test(member.name()))
                .flatMap(member -> typeOf(member.shape()).stream())
                .findFirst();
    }

    private static Stream<Member> below(Member member) {
        Shape shape = member.shape() instanceof Sequence sequence ? sequence.element() : member.shape();
        return shape instanceof Structure structure ? structure.members().stream() : Stream.empty();
    }

    private static Optional<String> typeOf(Shape shape) {
        return shape instanceof Text text
                        && text.reference().orElse(null) instanceof Reference.ByArn(var type)
                        && !type.isEmpty()
                ? Optional.of(type)
                : Optional.empty();
    }
}
