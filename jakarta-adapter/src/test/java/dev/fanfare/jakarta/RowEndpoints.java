package dev.fanfare.jakarta;

import static dev.fanfare.jakarta.Rows.buffer;

import dev.fanfare.jakarta.RowCoders.*;
import dev.fanfare.jakarta.Rows.Base;
import dev.fanfare.jakarta.Rows.WithError;
import dev.fanfare.jakarta.Rows.Word;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The endpoints of the table of signatures, one for each row. */
final class RowEndpoints {

    private RowEndpoints() {}

    @ServerEndpoint("/t/{id}/{color}")
    public static class OpenAll extends Base {
        @OnOpen
        public void open(
                @PathParam("other") @Nullable String other,
                Session session,
                @PathParam("id") int id,
                EndpointConfig config,
                @PathParam("color") String color) {
            saw("open", session, config, id, color, other);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class OpenQuery extends Base {
        @OnOpen
        public void open(
                @QueryParam("name") String name,
                @QueryParam("flag") Optional<String> flag,
                @QueryParam("color") Optional<String> color,
                Session session) {
            saw("open", name, flag, color, session);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class CloseQuery extends Base {
        @OnClose
        public void close(CloseReason reason, @QueryParam("name") String name) {
            saw("close", reason.getCloseCode().getCode(), name);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class ErrorQuery extends Base {
        @OnError
        public void error(Throwable cause, @QueryParam("name") String name) {
            saw("error", cause.getMessage(), name);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class TextQuery extends Base {
        @OnMessage
        public void message(@QueryParam("name") String name, String text, @QueryParam("none") Optional<String> none) {
            saw(name, text, none);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class OpenNothing extends Base {
        @OnOpen
        public void open() {
            saw("open");
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class CloseAll extends Base {
        @OnClose
        public void close(CloseReason reason, @PathParam("id") Long id, Session session) {
            saw("close", session, reason.getCloseCode().getCode(), id);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class CloseNothing extends Base {
        @OnClose
        public void close() {
            saw("close");
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class ErrorAll extends Base {
        @OnError
        public void error(@PathParam("id") short id, Throwable cause, Session session) {
            saw("error", session, cause.getMessage(), id);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class OpenThrows extends Base {
        @OnOpen
        public void open() {
            throw new IllegalStateException("no");
        }

        @OnError
        public void error(Throwable cause) {
            saw("error", cause.getMessage());
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class CloseThrows extends Base {
        @OnClose
        public void close() {
            throw new IllegalStateException("no");
        }

        @OnError
        public void error(Throwable cause) {
            saw("error", cause.getMessage());
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Text extends Base {
        @OnMessage
        public void message(String text) throws Exception {
            saw(text);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class TextAnyOrder extends Base {
        @OnMessage
        public void message(@PathParam("color") String color, String text, Session session, @PathParam("id") Integer id)
                throws Exception {
            saw(color, text, session, id);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class FromReader extends Base {
        @OnMessage
        public void message(Reader reader) throws Exception {
            var buffer = new char[10];
            saw(new String(buffer, 0, reader.read(buffer)));
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Int extends Base {
        @OnMessage
        public void message(int value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class WrappedInt extends Base {
        @OnMessage
        public void message(Integer value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class LongNumber extends Base {
        @OnMessage
        public void message(long value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class ShortNumber extends Base {
        @OnMessage
        public void message(Short value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class ByteNumber extends Base {
        @OnMessage
        public void message(byte value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class DoubleNumber extends Base {
        @OnMessage
        public void message(double value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class FloatNumber extends Base {
        @OnMessage
        public void message(Float value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Char extends Base {
        @OnMessage
        public void message(char value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Bool extends Base {
        @OnMessage
        public void message(boolean value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class BadInt extends WithError {
        @OnMessage
        public void message(int value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class BadChar extends WithError {
        @OnMessage
        public void message(char value) throws Exception {
            saw(value);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class TextParts extends Base {
        @OnMessage
        public void message(String part, boolean last) throws Exception {
            saw(part, last);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Bytes extends Base {
        @OnMessage
        public void message(byte[] bytes) throws Exception {
            saw(bytes);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Buffer extends Base {
        @OnMessage
        public void message(ByteBuffer buffer) throws Exception {
            saw(buffer);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class FromStream extends Base {
        @OnMessage
        public void message(InputStream stream) throws Exception {
            saw(stream.readAllBytes());
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class ByteParts extends Base {
        @OnMessage
        public void message(byte[] part, boolean last, Session session) throws Exception {
            saw(part, last, session);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class BufferParts extends Base {
        @OnMessage
        public void message(boolean last, ByteBuffer part) throws Exception {
            saw(last, part);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class Pong extends Base {
        @OnMessage
        public void message(PongMessage pong, Session session) throws Exception {
            saw(StandardCharsets.UTF_8.decode(pong.getApplicationData()), session);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", decoders = TextDecoder.class)
    public static class DecodedText extends Base {
        @OnMessage
        public void message(Word word) throws Exception {
            saw(word);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", decoders = TextStreamDecoder.class)
    public static class DecodedTextStream extends Base {
        @OnMessage
        public void message(Word word) throws Exception {
            saw(word);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", decoders = BinaryDecoder.class)
    public static class DecodedBinary extends Base {
        @OnMessage
        public void message(Word word) throws Exception {
            saw(word);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", decoders = BinaryStreamDecoder.class)
    public static class DecodedBinaryStream extends Base {
        @OnMessage
        public void message(Word word) throws Exception {
            saw(word);
        }
    }

    @ServerEndpoint(
            value = "/t/{id}/{color}",
            decoders = {TextDecoder.class, BinaryDecoder.class})
    public static class DecodedBoth extends Base {
        @OnMessage
        public void message(Word word) throws Exception {
            saw(word);
        }
    }

    @ServerEndpoint(
            value = "/t/{id}/{color}",
            decoders = {NumberDecoder.class, TextDecoder.class})
    public static class FirstWillingDecoder extends WithError {
        @OnMessage
        public void message(Object object) throws Exception {
            saw(object);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", decoders = UpperDecoder.class)
    public static class DecoderOfString extends Base {
        @OnMessage
        public void message(String text) throws Exception {
            saw(text);
        }
    }

    public abstract static class Parent extends Base {
        @OnOpen
        public void open() {
            saw("open");
        }

        @OnMessage
        public void message(String text) {
            saw(text);
        }
    }

    @ServerEndpoint("/t")
    public static class Inherited extends Parent {}

    @ServerEndpoint("/t")
    public static class Overridden extends Parent {
        @Override
        public void open() {
            saw("not called: the annotation is not inherited");
        }

        @Override
        @OnMessage
        public void message(String text) {
            saw("overridden", text);
        }
    }

    public abstract static class Generic<T> extends Base {
        @OnMessage
        public abstract void message(T message);
    }

    @ServerEndpoint("/t")
    public static class GenericOverride extends Generic<String> {
        @Override
        @OnMessage
        public void message(String text) {
            saw("generic", text);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class MaxSize extends Base {
        @OnMessage(maxMessageSize = 4)
        public void message(String text) throws Exception {
            saw(text);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class MaxSizeOfParts extends Base {
        @OnMessage(maxMessageSize = 4)
        public void message(String text, boolean last) throws Exception {
            saw(text);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerText extends Base {
        @OnMessage
        public String message(String text) throws Exception {
            return text;
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerBytes extends Base {
        @OnMessage
        public byte[] message(String text) throws Exception {
            return new byte[] {1};
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerBuffer extends Base {
        @OnMessage
        public ByteBuffer message(String text) throws Exception {
            return buffer(1);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerInt extends Base {
        @OnMessage
        public int message(String text) throws Exception {
            return 3;
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerWrapped extends Base {
        @OnMessage
        public Boolean message(String text) throws Exception {
            return true;
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerNull extends Base {
        @OnMessage
        public @Nullable String message(String text) throws Exception {
            return null;
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = TextEncoder.class)
    public static class AnswerWord extends Base {
        @OnMessage
        public Word message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = TextStreamEncoder.class)
    public static class AnswerWordStream extends Base {
        @OnMessage
        public Word message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = BinaryEncoder.class)
    public static class AnswerWordBinary extends Base {
        @OnMessage
        public Word message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = BinaryStreamEncoder.class)
    public static class AnswerWordBinaryStream extends Base {
        @OnMessage
        public Word message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = TextEncoder.class)
    public static class AnswerSupertype extends Base {
        @OnMessage
        public Record message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint(value = "/t/{id}/{color}", encoders = FailingEncoder.class)
    public static class EncoderFails extends WithError {
        @OnMessage
        public Word message(String text) throws Exception {
            return new Word(text);
        }
    }

    @ServerEndpoint("/t/{id}/{color}")
    public static class AnswerUnpairedSurrogate extends WithError {
        @OnMessage
        public String message(String text) throws Exception {
            return "\ud800";
        }
    }

    @ServerEndpoint(value = "/t", decoders = LifecycleDecoder.class)
    public static class Lifecycle {
        @OnMessage
        public void message(Word word) {}
    }

    @ServerEndpoint("/t")
    public static class ErrorRethrows extends Base {
        @OnMessage
        public void message(String text) {
            throw new IllegalStateException(text);
        }

        @OnError
        public void error(Throwable cause) throws Throwable {
            saw(cause.getMessage());
            throw cause;
        }
    }
}
