package dev.fanfare.jakarta;

import jakarta.websocket.server.PathParam;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A method of an endpoint's class with the sources of its arguments, resolved when the class is registered. */
final class BoundMethod {

    private static final MethodType CALL = MethodType.methodType(Object.class, Object.class, Object[].class);

    private final MethodHandle handle;
    private final List<Argument> arguments;

    private BoundMethod(MethodHandle handle, List<Argument> arguments) {
        this.handle = handle;
        this.arguments = arguments;
    }

    /** Binds {@code method}, whose parameters come from {@code arguments}, one for each. */
    static BoundMethod of(Method method, List<Argument> arguments) {
        MethodHandle handle = handle(method);
        return new BoundMethod(
                handle.asSpreader(Object[].class, arguments.size()).asType(CALL), List.copyOf(arguments));
    }

    /**
     * Binds a method that returns nothing and takes parameters of the handshake and each of {@code sources} at most once.
     *
     * @param rule what the method may look like, for the error
     */
    static BoundMethod lifecycle(Method method, Map<Class<?>, Argument> sources, String rule) {
        if (method.getReturnType() != void.class) {
            throw refused(method, rule + ", and returns void");
        }
        Set<Class<?>> seen = new HashSet<>();
        List<Argument> arguments = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            Argument handshake = handshake(method, parameter);
            Argument source = handshake != null ? handshake : sources.get(parameter.getType());
            if (source == null || (handshake == null && !seen.add(parameter.getType()))) {
                throw refused(method, rule + ", not " + parameter);
            }
            arguments.add(source);
        }
        return of(method, arguments);
    }

    /** The source of a parameter with @PathParam or @QueryParam, else null. */
    static @Nullable Argument handshake(Method method, Parameter parameter) {
        Argument path = pathParam(method, parameter);
        Argument query = queryParam(method, parameter);
        if (path != null && query != null) {
            throw refused(method, "a parameter has @PathParam or @QueryParam, not both");
        }
        return path != null ? path : query;
    }

    private static @Nullable Argument queryParam(Method method, Parameter parameter) {
        QueryParam annotation = parameter.getAnnotation(QueryParam.class);
        if (annotation == null) {
            return null;
        }
        boolean optional = parameter.getParameterizedType() instanceof ParameterizedType type
                && type.getRawType() == Optional.class
                && type.getActualTypeArguments()[0] == String.class;
        if (annotation.value().isEmpty() || (parameter.getType() != String.class && !optional)) {
            throw refused(method, "a @QueryParam has a name and is a String or an Optional<String>, not " + parameter);
        }
        return Argument.queryParam(annotation.value(), optional);
    }

    private static @Nullable Argument pathParam(Method method, Parameter parameter) {
        PathParam annotation = parameter.getAnnotation(PathParam.class);
        if (annotation == null) {
            return null;
        }
        Class<?> type = parameter.getType();
        if (type != String.class && !Primitive.is(type)) {
            throw refused(method, "a @PathParam is a String, a primitive or its wrapper, not " + parameter);
        }
        return Argument.pathParam(annotation.value(), type);
    }

    /** What is thrown for a method that cannot be bound: it names the class, the method and the rule. */
    static IllegalArgumentException refused(Method method, String rule) {
        String parameters = Stream.of(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", "(", ")"));
        return new IllegalArgumentException(method.getDeclaringClass().getName() + ", method "
                + method.getReturnType().getSimpleName() + " " + method.getName() + parameters + ": " + rule);
    }

    /** Calls the method of {@code instance}; whatever it throws comes through. */
    @Nullable
    Object invoke(Object instance, Call call) throws Throwable {
        var values = new @Nullable Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i).of(call);
        }
        return (Object) handle.invokeExact(instance, values);
    }

    private static MethodHandle handle(Method method) {
        if (!Modifier.isPublic(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
            throw refused(method, "the methods of an endpoint are public and not static");
        }
        try {
            return MethodHandles.publicLookup().unreflect(method);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    refused(method, Instances.accessRule(method.getDeclaringClass()))
                            .getMessage(),
                    e);
        }
    }
}
