package dev.understudy.control.api;

import dev.understudy.control.api.Shape.Member;
import dev.understudy.control.api.Shape.Structure;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A record and the structure of the model that it stands for: every component is a member, by name. Immutable. */
final class RecordShape {
    private final RecordComponent[] components;
    private final Constructor<?> constructor;
    private final Map<String, Member> members = new HashMap<>();

    private RecordShape(RecordComponent[] components, Constructor<?> constructor) {
        this.components = components;
        this.constructor = constructor;
    }

    static RecordShape of(Class<?> type, Structure shape) {
        if (!type.isRecord()) {
            throw Types.misfit(type, shape);
        }
        RecordComponent[] components = type.getRecordComponents();
        var form = new RecordShape(components, constructor(type, components));
        shape.members().forEach(member -> form.members.put(member.name(), member));
        for (RecordComponent component : components) {
            if (!form.members.containsKey(component.getName())) {
                throw new IllegalArgumentException(
                        type.getName() + "." + component.getName() + " is no member of " + shape.name());
            }
        }
        return form;
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components) {
        try {
            Class<?>[] parameters =
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("record without canonical constructor: " + type, e);
        }
    }

    RecordComponent[] components() {
        return components.clone();
    }

    Member member(RecordComponent component) {
        return Objects.requireNonNull(members.get(component.getName()));
    }

    /** A record of these values. What its constructor throws, an {@link ApiException} too, passes through. */
    Object create(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw unchecked(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("creating with " + constructor, e);
        }
    }

    static Method accessor(RecordComponent component) {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        return accessor;
    }

    static Object read(Method accessor, Object holder) {
        try {
            return accessor.invoke(holder);
        } catch (InvocationTargetException e) {
            throw unchecked(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("reading " + accessor, e);
        }
    }

    private static RuntimeException unchecked(InvocationTargetException thrown) {
        return switch (thrown.getCause()) {
            case RuntimeException fault -> fault;
            case Error fault -> throw fault;
            case null, default -> new IllegalStateException(thrown);
        };
    }
}
