package dev.fanfare.jakarta;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Decoder;
import jakarta.websocket.Encoder;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What an annotated class says, read and checked once, when it is registered. Immutable. */
record EndpointModel(
        Admission admission,
        @Nullable BoundMethod onOpen,
        @Nullable BoundMethod onClose,
        @Nullable BoundMethod onError,
        List<MessageMethod> onMessage,
        List<Coder> decoders,
        List<Coder> encoders) {

    private static final Map<Class<?>, Argument> CLOSE =
            Map.of(Session.class, Call::session, CloseReason.class, Call::event);
    private static final Map<Class<?>, Argument> ERROR =
            Map.of(Session.class, Call::session, Throwable.class, Call::event);

    private static final String HANDSHAKE = ", @PathParam and @QueryParam";

    /**
     * Reads {@code type}.
     *
     * @throws IllegalArgumentException if a method is not one that the specification knows; it names class, method and rule
     */
    static EndpointModel of(Class<?> type, ServerEndpoint annotation) {
        var methods = new AnnotatedMethods(type);
        methods.all().forEach(method -> checkPath(method, annotation.value()));
        List<Coder> decoders = Coder.of(
                annotation.decoders(),
                Decoder.Text.class,
                Decoder.TextStream.class,
                Decoder.Binary.class,
                Decoder.BinaryStream.class);
        List<Coder> encoders = Coder.of(
                annotation.encoders(),
                Encoder.Text.class,
                Encoder.TextStream.class,
                Encoder.Binary.class,
                Encoder.BinaryStream.class);
        Method error = methods.one(OnError.class);
        if (error != null && !Arrays.asList(error.getParameterTypes()).contains(Throwable.class)) {
            throw BoundMethod.refused(error, "@OnError has a parameter of type Throwable");
        }
        return new EndpointModel(
                Admission.of(type, annotation, methods.all()),
                bind(methods.one(OnOpen.class), Argument.OPEN, "@OnOpen takes Session, EndpointConfig" + HANDSHAKE),
                bind(methods.one(OnClose.class), CLOSE, "@OnClose takes Session, CloseReason" + HANDSHAKE),
                bind(error, ERROR, "@OnError takes Session, Throwable" + HANDSHAKE),
                messages(methods, decoders, encoders),
                decoders,
                encoders);
    }

    /** A variable that the path does not have is null, says the specification, which a primitive cannot be. */
    private static void checkPath(Method method, String path) {
        for (Parameter parameter : method.getParameters()) {
            PathParam variable = parameter.getAnnotation(PathParam.class);
            if (variable != null && parameter.getType().isPrimitive() && !path.contains("{" + variable.value() + "}")) {
                throw BoundMethod.refused(method, "the path " + path + " has no {" + variable.value() + "}");
            }
        }
    }

    private static @Nullable BoundMethod bind(@Nullable Method method, Map<Class<?>, Argument> sources, String rule) {
        return method == null ? null : BoundMethod.lifecycle(method, sources, rule);
    }

    private static List<MessageMethod> messages(AnnotatedMethods methods, List<Coder> decoders, List<Coder> encoders) {
        List<MessageMethod> messages = new ArrayList<>();
        for (Method method : methods.all(OnMessage.class)) {
            if (!canEncode(method.getReturnType(), encoders)) {
                throw BoundMethod.refused(
                        method,
                        "@OnMessage returns nothing, String, byte[], ByteBuffer, a primitive or its wrapper, or a class"
                                + " for which the endpoint names an encoder");
            }
            messages.add(MessageMethod.of(method, decoders));
        }
        refuseSecond(messages, "text", m -> m.text() != null);
        refuseSecond(messages, "binary", m -> m.binary() != null);
        refuseSecond(messages, "pong", MessageMethod::pong);
        return List.copyOf(messages);
    }

    private static boolean canEncode(Class<?> type, List<Coder> encoders) {
        return type == void.class
                || type == String.class
                || type == byte[].class
                || ByteBuffer.class.isAssignableFrom(type)
                || Primitive.is(type)
                || encoders.stream()
                        .anyMatch(e -> e.object().isAssignableFrom(type) || type.isAssignableFrom(e.object()));
    }

    private static void refuseSecond(List<MessageMethod> messages, String format, Predicate<MessageMethod> takes) {
        List<MessageMethod> taking = messages.stream().filter(takes).toList();
        if (taking.size() > 1) {
            throw BoundMethod.refused(
                    taking.get(1).source(), "an endpoint has one @OnMessage for " + format + " messages at most");
        }
    }
}
