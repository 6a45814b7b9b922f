package dev.fanfare.jakarta;

import jakarta.websocket.server.ServerEndpointConfig.Configurator;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the instance of an endpoint's class for a new session, or of a class that the endpoint names. */
@FunctionalInterface
interface Instances<T> {

    /**
     * A new instance.
     *
     * @throws InstantiationException if there is none; the cause says why
     */
    T create() throws InstantiationException;

    /** Takes back what was created, when its session has ended. */
    default void release(Object instance) {}

    /** By {@code supplier}, and taken back by {@code release}. */
    static <T> Instances<T> of(Class<T> type, Supplier<? extends T> supplier, Consumer<? super T> release) {
        return new Instances<>() {
            @Override
            public T create() {
                return supplier.get();
            }

            @Override
            public void release(Object instance) {
                release.accept(type.cast(instance));
            }
        };
    }

    /**
     * By the class's own configurator if it makes instances, else by a public constructor that takes the hub, else by the
     * public constructor without parameters.
     */
    static <T> Instances<T> of(Class<T> type, WebSocketHub hub, @Nullable Configurator configurator) {
        if (configurator != null && makesInstances(configurator)) {
            return () -> configurator.getEndpointInstance(type);
        }
        MethodHandle taking = constructor(type, WebSocketHub.class);
        MethodHandle constructor = taking != null ? MethodHandles.insertArguments(taking, 0, hub) : constructor(type);
        if (constructor == null) {
            throw new IllegalArgumentException(
                    type.getName() + " cannot be instantiated: pass a supplier to endpoint(),"
                            + " or give the class a public constructor that takes a WebSocketHub, or a public one without"
                            + " parameters; " + accessRule(type));
        }
        return from(type, constructor);
    }

    /** By the public constructor without parameters, which {@code role} needs. */
    static <T> Instances<T> of(Class<T> type, String role) {
        MethodHandle constructor = constructor(type);
        if (constructor == null) {
            throw new IllegalArgumentException(role + " " + type.getName()
                    + " has no public constructor without parameters, or: " + accessRule(type));
        }
        return from(type, constructor);
    }

    /** What a class needs so that its methods can be called from here. */
    static String accessRule(Class<?> type) {
        return "the class must be public"
                + (type.getModule().isNamed()
                        ? ", and module " + type.getModule().getName() + " must export " + type.getPackageName()
                        : "");
    }

    private static <T> Instances<T> from(Class<T> type, MethodHandle constructor) {
        return () -> {
            try {
                return type.cast(constructor.invoke());
            } catch (Throwable e) {
                throw (InstantiationException) new InstantiationException(type.getName()).initCause(e);
            }
        };
    }

    private static @Nullable MethodHandle constructor(Class<?> type, Class<?>... parameters) {
        try {
            return MethodHandles.publicLookup().findConstructor(type, MethodType.methodType(void.class, parameters));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    private static boolean makesInstances(Configurator configurator) {
        try {
            return configurator
                            .getClass()
                            .getMethod("getEndpointInstance", Class.class)
                            .getDeclaringClass()
                    != Configurator.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("Configurator.getEndpointInstance is part of the API", e);
        }
    }
}
