package dev.fanfare.jakarta;

import jakarta.websocket.Decoder;
import jakarta.websocket.OnMessage;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A method that takes messages.
 *
 * @param partial whether it takes messages in parts
 * @param text how it takes texts, or null
 * @param binary how it takes binary messages, or null
 * @param pong whether it takes pongs
 * @param limitBytes the length of the longest message that it takes, or a negative number
 */
record MessageMethod(
        Method source,
        BoundMethod method,
        boolean partial,
        @Nullable Inbound<String> text,
        @Nullable Inbound<ByteBuffer> binary,
        boolean pong,
        long limitBytes) {

    /** Makes the parameter of a method out of what the container received. */
    @FunctionalInterface
    interface Inbound<F> {
        Object of(F received, Coders coders) throws Exception;
    }

    private static final Map<Class<?>, Inbound<String>> TEXTS =
            Map.of(String.class, (text, coders) -> text, Reader.class, (text, coders) -> new StringReader(text));

    private static final Map<Class<?>, Inbound<ByteBuffer>> BINARIES = Map.of(
            ByteBuffer.class, (binary, coders) -> binary,
            byte[].class, (binary, coders) -> Coders.bytes(binary),
            InputStream.class, (binary, coders) -> new ByteArrayInputStream(Coders.bytes(binary)));

    private static final Set<Class<?>> PARTS = Set.of(String.class, byte[].class, ByteBuffer.class);

    private static final String RULE = "@OnMessage takes a message (String, Reader, a primitive or its wrapper; byte[],"
            + " ByteBuffer, InputStream; PongMessage; or a class for which the endpoint names a decoder), or a String,"
            + " byte[] or ByteBuffer and a boolean for messages in parts, and besides at most one Session and any number"
            + " of @PathParam and @QueryParam";

    /** Binds {@code method}; objects are made by {@code decoders}. */
    static MessageMethod of(Method method, List<Coder> decoders) {
        List<Argument> arguments = new ArrayList<>();
        List<Class<?>> messages = new ArrayList<>();
        boolean partial = isPartial(method);
        boolean session = false;
        for (Parameter parameter : method.getParameters()) {
            Class<?> type = parameter.getType();
            Argument handshake = BoundMethod.handshake(method, parameter);
            if (handshake != null) {
                arguments.add(handshake);
            } else if (type == Session.class && !session) {
                session = true;
                arguments.add(Call::session);
            } else if (partial && type == boolean.class) {
                arguments.add(Call::last);
            } else {
                messages.add(type);
                arguments.add(Call::event);
            }
        }
        if (messages.size() != 1) {
            throw BoundMethod.refused(method, RULE);
        }
        return of(method, BoundMethod.of(method, arguments), partial, messages.get(0), partial ? List.of() : decoders);
    }

    private static MessageMethod of(
            Method method, BoundMethod bound, boolean partial, Class<?> message, List<Coder> decoders) {
        long limit = method.getAnnotation(OnMessage.class).maxMessageSize();
        if (message == PongMessage.class) {
            return new MessageMethod(method, bound, false, null, null, true, limit);
        }
        List<Coder> texts = making(message, decoders, Decoder.Text.class, Decoder.TextStream.class);
        List<Coder> binaries = making(message, decoders, Decoder.Binary.class, Decoder.BinaryStream.class);
        Inbound<String> text = texts.isEmpty() ? null : (received, coders) -> coders.decode(texts, received);
        Inbound<ByteBuffer> binary =
                binaries.isEmpty() ? null : (received, coders) -> coders.decode(binaries, received);
        if (text == null && binary == null) {
            text = Primitive.is(message) ? primitive(Primitive.of(message)) : TEXTS.get(message);
            binary = BINARIES.get(message);
        }
        if (text == null && binary == null) {
            throw BoundMethod.refused(method, RULE + "; not " + message.getName());
        }
        return new MessageMethod(method, bound, partial, text, binary, false, limit);
    }

    /** Two parameters that are neither a session nor of the handshake, one of them a boolean: a part, and whether it is the last. */
    private static boolean isPartial(Method method) {
        boolean flag = false;
        boolean part = false;
        for (Parameter parameter : method.getParameters()) {
            if (BoundMethod.handshake(method, parameter) == null) {
                flag |= parameter.getType() == boolean.class;
                part |= PARTS.contains(parameter.getType());
            }
        }
        return flag && part;
    }

    private static List<Coder> making(Class<?> message, List<Coder> decoders, Class<?>... kinds) {
        boolean builtIn = Primitive.is(message) || TEXTS.containsKey(message) || BINARIES.containsKey(message);
        return decoders.stream()
                .filter(coder -> List.of(kinds).contains(coder.kind()))
                .filter(coder -> builtIn ? message == coder.object() : message.isAssignableFrom(coder.object()))
                .toList();
    }

    private static Inbound<String> primitive(Primitive primitive) {
        return (text, coders) -> primitive.parse(text);
    }
}
