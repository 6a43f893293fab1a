package dev.understudy.control.api;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the Java types of record components mean to binder and writer. */
final class Types {
    private static final Map<Class<?>, Object> ABSENT = Map.of(
            List.class,
            List.of(),
            Map.class,
            Map.of(),
            boolean.class,
            false,
            int.class,
            0,
            long.class,
            0L,
            float.class,
            0f,
            double.class,
            0d);

    private Types() {}

    static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic -> raw(generic.getRawType());
            default -> throw new IllegalArgumentException("neither class nor generic class: " + type);
        };
    }

    static boolean is(Type type, Class<?>... candidates) {
        return Arrays.asList(candidates).contains(raw(type));
    }

    static Type argument(Type type, int index) {
        if (type instanceof ParameterizedType generic) {
            return generic.getActualTypeArguments()[index];
        }
        throw new IllegalArgumentException("without type arguments: " + type);
    }

    /** What a component of this type holds when its member is absent; null when it must be there. */
    static @Nullable Object absent(Type type) {
        return ABSENT.get(raw(type));
    }

    static Object[] constants(Class<?> type, Shape shape) {
        Object[] constants = type.getEnumConstants();
        if (constants == null) {
            throw misfit(type, shape);
        }
        return constants;
    }

    static IllegalArgumentException misfit(Type type, Shape shape) {
        return new IllegalArgumentException(type.getTypeName() + " does not fit shape " + shape.name());
    }
}
