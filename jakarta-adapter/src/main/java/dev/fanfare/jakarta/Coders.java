package dev.fanfare.jakarta;

import dev.fanfare.Message;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import jakarta.websocket.EndpointConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The decoders and encoders of one session. They are run here and not by the container, so that an error reaches the
 * endpoint in the same way everywhere: Jetty, for example, closes the session when a decoder fails.
 */
final class Coders {

    private final List<Coder> encoders;
    private final Map<Class<?>, Object> instances;

    /**
     * Instances of the classes of {@code decoders} and {@code encoders}, initialised with {@code config}.
     *
     * @throws InstantiationException if a constructor throws
     */
    Coders(List<Coder> decoders, List<Coder> encoders, EndpointConfig config) throws InstantiationException {
        this.encoders = encoders;
        this.instances = decoders.isEmpty() && encoders.isEmpty() ? Map.of() : new HashMap<>();
        for (Coder coder : decoders) {
            if (!instances.containsKey(coder.type())) {
                var decoder = (Decoder) coder.instances().create();
                decoder.init(config);
                instances.put(coder.type(), decoder);
            }
        }
        for (Coder coder : encoders) {
            if (!instances.containsKey(coder.type())) {
                var encoder = (Encoder) coder.instances().create();
                encoder.init(config);
                instances.put(coder.type(), encoder);
            }
        }
    }

    /** What the first of {@code decoders} that will makes of {@code text}. */
    Object decode(List<Coder> decoders, String text) throws DecodeException, IOException {
        for (Coder coder : decoders) {
            Object decoder = instances.get(coder.type());
            if (coder.kind() == Decoder.TextStream.class && decoder instanceof Decoder.TextStream<?> stream) {
                return stream.decode(new StringReader(text));
            }
            if (decoder instanceof Decoder.Text<?> whole && whole.willDecode(text)) {
                return whole.decode(text);
            }
        }
        throw new DecodeException(text, "no decoder will decode the text");
    }

    /** What the first of {@code decoders} that will makes of {@code binary}. */
    Object decode(List<Coder> decoders, ByteBuffer binary) throws DecodeException, IOException {
        for (Coder coder : decoders) {
            Object decoder = instances.get(coder.type());
            if (coder.kind() == Decoder.BinaryStream.class && decoder instanceof Decoder.BinaryStream<?> stream) {
                return stream.decode(new ByteArrayInputStream(bytes(binary)));
            }
            if (decoder instanceof Decoder.Binary<?> whole && whole.willDecode(binary.duplicate())) {
                return whole.decode(binary.duplicate());
            }
        }
        throw new DecodeException(binary, "no decoder will decode the bytes");
    }

    /** {@code value} as a message: by the first encoder that takes it, else as what it is. */
    Message encode(Object value) throws EncodeException, IOException {
        for (Coder coder : encoders) {
            if (coder.object().isInstance(value)) {
                return encode(coder, value);
            }
        }
        if (value instanceof byte[] bytes) {
            return Message.binary(ByteBuffer.wrap(bytes));
        }
        if (value instanceof ByteBuffer buffer) {
            return Message.binary(buffer);
        }
        if (value instanceof String || Primitive.is(value.getClass())) {
            return Message.text(value.toString());
        }
        throw new EncodeException(value, "no encoder takes " + value.getClass().getName());
    }

    @SuppressWarnings("unchecked") // the object is an instance of what the encoder takes
    private Message encode(Coder coder, Object value) throws EncodeException, IOException {
        Object encoder = Objects.requireNonNull(instances.get(coder.type()), "encoder");
        if (coder.kind() == Encoder.Text.class) {
            return Message.text(((Encoder.Text<Object>) encoder).encode(value));
        }
        if (coder.kind() == Encoder.Binary.class) {
            return Message.binary(((Encoder.Binary<Object>) encoder).encode(value));
        }
        if (coder.kind() == Encoder.TextStream.class) {
            var writer = new StringWriter();
            ((Encoder.TextStream<Object>) encoder).encode(value, writer);
            return Message.text(writer.toString());
        }
        var stream = new ByteArrayOutputStream();
        ((Encoder.BinaryStream<Object>) encoder).encode(value, stream);
        return Message.binary(ByteBuffer.wrap(stream.toByteArray()));
    }

    /** Ends all of them, with the session. */
    void destroy() {
        for (Object instance : instances.values()) {
            if (instance instanceof Decoder decoder) {
                decoder.destroy();
            } else if (instance instanceof Encoder encoder) {
                encoder.destroy();
            }
        }
    }

    /** A copy of what remains in {@code buffer}, which containers use again for the next message. */
    static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
