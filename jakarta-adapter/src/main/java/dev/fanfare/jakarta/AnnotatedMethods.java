package dev.fanfare.jakarta;

import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The methods of a class that count as an endpoint's: its own and the inherited ones. A method that is overridden counts
 * as it stands in the subclass: without the annotation it is no endpoint's method any more.
 */
final class AnnotatedMethods {

    private final List<Method> methods = new ArrayList<>();

    AnnotatedMethods(Class<?> type) {
        Set<String> seen = new HashSet<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                // The compiler copies annotations to bridge methods, which stand for the superclass's erased signature.
                if (seen.add(signature(method)) && !method.isBridge()) {
                    methods.add(method);
                }
            }
        }
    }

    /** All methods of an endpoint. */
    List<Method> all() {
        return Stream.of(OnOpen.class, OnClose.class, OnError.class, OnMessage.class)
                .flatMap(kind -> all(kind).stream())
                .toList();
    }

    /** All methods with {@code annotation}, those of the class itself first. */
    List<Method> all(Class<? extends Annotation> annotation) {
        return methods.stream().filter(m -> m.isAnnotationPresent(annotation)).toList();
    }

    /**
     * The one method with {@code annotation}, or null.
     *
     * @throws IllegalArgumentException if there are two
     */
    @Nullable
    Method one(Class<? extends Annotation> annotation) {
        List<Method> found = all(annotation);
        if (found.size() > 1) {
            throw BoundMethod.refused(
                    found.get(1), "an endpoint has one method with @" + annotation.getSimpleName() + " at most");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private static String signature(Method method) {
        return method.getName() + MethodType.methodType(void.class, method.getParameterTypes());
    }
}
