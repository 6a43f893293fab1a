package dev.understudy.control.api;

import dev.understudy.control.api.ServiceModel.Operation;
import dev.understudy.control.api.Shape.Location;
import dev.understudy.control.api.Shape.Member;
import dev.understudy.control.api.Shape.Sequence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One operation and the handler that serves it, if any. Thread-safe once it has its handler. */
final class Served {

    /** What a request is bound to and what takes it. */
    private record Handler(Class<?> requestType, RequestBinder binder, Function<Object, @Nullable Object> function) {}

    private final Operation operation;
    private final boolean hasBody;
    private final NamedResources resources;
    private final Map<Class<?>, AnswerWriter> writers = new ConcurrentHashMap<>();
    private volatile @Nullable Handler handler;

    Served(Operation operation) {
        this.operation = operation;
        this.resources = new NamedResources(operation);
        this.hasBody = operation.input().hasMembersIn(Location.BODY);
    }

    Operation operation() {
        return operation;
    }

    void by(Class<?> requestType, Function<Object, @Nullable Object> function) {
        if (handler != null) {
            throw new IllegalArgumentException("operation served twice: " + operation.name());
        }
        handler = new Handler(requestType, RequestBinder.of(requestType, operation.input()), function);
    }

    /** The record that requests are bound to; empty while nothing serves the operation. */
    Optional<Class<?>> requestType() {
        return Optional.ofNullable(handler).map(Handler::requestType);
    }

    /** The request's members from wherever they travel, checked against the model. */
    ObjectNode read(byte[] body, Map<String, String> labels, String rawQuery) {
        ObjectNode json = Json.read(hasBody ? body : new byte[0]);
        for (Member member : operation.input().members()) {
            switch (member.location()) {
                case BODY, HEADER -> {}
                case LABEL -> json.put(member.name(), labels.get(member.wireName()));
                case QUERY -> query(member, json, rawQuery);
            }
        }
        ShapeCheck.check(operation.input(), json);
        return json;
    }

    /** The resources that a request, as it was read, is about. */
    List<NamedResource> named(ObjectNode request) {
        return resources.in(request);
    }

    /** A member of the body cannot stand in for one of the query. */
    private static void query(Member member, ObjectNode json, String rawQuery) {
        json.remove(member.name());
        List<String> values = Percent.queryValues(rawQuery, member.wireName());
        if (values.isEmpty()) {
            return;
        }
        if (member.shape() instanceof Sequence) {
            ArrayNode list = json.putArray(member.name());
            values.forEach(list::add);
        } else {
            json.put(member.name(), values.getFirst());
        }
    }

    /** Lets the handler answer; the answer is empty where the operation's status allows no body. */
    byte[] answer(ObjectNode request) {
        Handler present = handler;
        if (present == null) {
            throw new ApiException(
                    ApiException.Kind.NOT_IMPLEMENTED, "Operation " + operation.name() + " is not implemented.");
        }
        Object answer = present.function().apply(present.binder().bind(request));
        if (operation.status() == 204) {
            return new byte[0];
        }
        if (answer == null) {
            return new byte[] {'{', '}'};
        }
        AnswerWriter writer =
                writers.computeIfAbsent(answer.getClass(), type -> AnswerWriter.of(type, operation.output()));
        return Json.write(out -> writer.write(answer, out));
    }
}
