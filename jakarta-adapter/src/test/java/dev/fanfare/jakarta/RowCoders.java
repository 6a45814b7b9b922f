package dev.fanfare.jakarta;

import dev.fanfare.jakarta.Rows.Word;
import jakarta.websocket.Decoder;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Encoder;
import jakarta.websocket.EndpointConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The decoders and encoders of the table of signatures. */
final class RowCoders {

    private RowCoders() {}

    public static class TextDecoder implements Decoder.Text<Word> {
        @Override
        public Word decode(String text) {
            return new Word(text);
        }

        @Override
        public boolean willDecode(String text) {
            return !text.isEmpty();
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class NumberDecoder implements Decoder.Text<Integer> {
        @Override
        public Integer decode(String text) {
            return Integer.valueOf(text);
        }

        @Override
        public boolean willDecode(String text) {
            return text.matches("[0-9]+");
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class UpperDecoder implements Decoder.Text<String> {
        @Override
        public String decode(String text) {
            return text.toUpperCase(Locale.ROOT);
        }

        @Override
        public boolean willDecode(String text) {
            return true;
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class TextStreamDecoder implements Decoder.TextStream<Word> {
        @Override
        public Word decode(Reader reader) throws IOException {
            var buffer = new char[10];
            return new Word("stream " + new String(buffer, 0, reader.read(buffer)));
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class BinaryDecoder implements Decoder.Binary<Word> {
        @Override
        public Word decode(ByteBuffer bytes) {
            return new Word(StandardCharsets.UTF_8.decode(bytes).toString());
        }

        @Override
        public boolean willDecode(ByteBuffer bytes) {
            return bytes.get() != 0;
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class BinaryStreamDecoder implements Decoder.BinaryStream<Word> {
        @Override
        public Word decode(InputStream stream) throws IOException {
            return new Word("stream " + new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class TextEncoder implements Encoder.Text<Word> {
        @Override
        public String encode(Word word) {
            return "<" + word.text() + ">";
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class FailingEncoder implements Encoder.Text<Word> {
        @Override
        public String encode(Word word) throws EncodeException {
            throw new EncodeException(word, "no");
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class TextStreamEncoder implements Encoder.TextStream<Word> {
        @Override
        public void encode(Word word, Writer writer) throws IOException {
            writer.write("<<" + word.text() + ">>");
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class BinaryEncoder implements Encoder.Binary<Word> {
        @Override
        public ByteBuffer encode(Word word) {
            return StandardCharsets.UTF_8.encode(word.text());
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class BinaryStreamEncoder implements Encoder.BinaryStream<Word> {
        @Override
        public void encode(Word word, OutputStream stream) throws IOException {
            stream.write(word.text().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void init(EndpointConfig config) {}

        @Override
        public void destroy() {}
    }

    public static class LifecycleDecoder extends TextDecoder {
        private Map<String, Object> properties = new HashMap<>();

        @Override
        public void init(EndpointConfig config) {
            properties = config.getUserProperties();
            properties.put("life", "initialised");
        }

        @Override
        public void destroy() {
            properties.put("life", "destroyed");
        }
    }
}
