package dev.fanfare.jakarta;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a Jakarta decoder or encoder class can do.
 *
 * @param type the class
 * @param kind the interface that it implements, for example Decoder.Text
 * @param object what it makes, or takes
 * @param instances where its instances come from
 */
record Coder(Class<?> type, Class<?> kind, Class<?> object, Instances<?> instances) {

    /**
     * What {@code types} can do of {@code kinds}.
     *
     * @throws IllegalArgumentException if a class cannot be instantiated or hides what it converts
     */
    static List<Coder> of(Class<?>[] types, Class<?>... kinds) {
        List<Coder> coders = new ArrayList<>();
        for (Class<?> type : types) {
            Instances<?> instances =
                    Instances.of(type, kinds[0].getEnclosingClass().getSimpleName());
            for (Class<?> kind : kinds) {
                if (kind.isAssignableFrom(type)) {
                    coders.add(new Coder(type, kind, object(type, kind), instances));
                }
            }
        }
        return List.copyOf(coders);
    }

    private static Class<?> object(Class<?> type, Class<?> kind) {
        Type argument = argument(type, kind, Map.of());
        if (argument instanceof ParameterizedType parameterized) {
            argument = parameterized.getRawType();
        }
        if (argument instanceof Class<?> object) {
            return object;
        }
        throw new IllegalArgumentException(type.getName() + " does not say which class it converts: it must implement "
                + kind.getCanonicalName() + " with a class as its type argument");
    }

    /** What {@code type} gives to the type parameter of {@code kind}, followed up through its supertypes. */
    private static @Nullable Type argument(@Nullable Type type, Class<?> kind, Map<Type, Type> known) {
        Map<Type, Type> arguments = new HashMap<>();
        Class<?> raw;
        if (type instanceof ParameterizedType parameterized) {
            raw = (Class<?>) parameterized.getRawType();
            TypeVariable<?>[] variables = raw.getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                Type argument = parameterized.getActualTypeArguments()[i];
                arguments.put(variables[i], known.getOrDefault(argument, argument));
            }
        } else if (type instanceof Class<?> plain) {
            raw = plain;
        } else {
            return null;
        }
        if (raw == kind) {
            return arguments.get(kind.getTypeParameters()[0]);
        }
        for (Type parent : raw.getGenericInterfaces()) {
            Type found = argument(parent, kind, arguments);
            if (found != null) {
                return found;
            }
        }
        return argument(raw.getGenericSuperclass(), kind, arguments);
    }
}
