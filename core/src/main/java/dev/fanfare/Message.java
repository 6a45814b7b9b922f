package dev.fanfare;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable payload, encoded once, that arrives on every node as the bytes and the kind (text or binary) with which
 * it left, and a closed set of {@link Attributes}. Thread-safe.
 */
public abstract sealed class Message {

    private final Attributes attributes;

    private Message(Attributes attributes) {
        this.attributes = attributes;
    }

    /**
     * A text message.
     *
     * @throws IllegalArgumentException if {@code text} has an unpaired surrogate: it has no encoding in UTF-8
     */
    public static Text text(String text) {
        Objects.requireNonNull(text, "text");
        return new Text(text, encode(text), Attributes.NONE);
    }

    /**
     * A text message from its UTF-8 bytes, which the caller must not change any more.
     *
     * @throws CharacterCodingException if {@code utf8} is not UTF-8
     */
    public static Text utf8(byte[] utf8) throws CharacterCodingException {
        var text = new String(utf8, StandardCharsets.UTF_8);
        // The constructor puts U+FFFD where bytes are wrong; only then the slow, strict decoder has to decide.
        if (text.indexOf('\uFFFD') >= 0) {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        }
        return new Text(text, utf8, Attributes.NONE);
    }

    /** A binary message with a copy of what remains in {@code payload}; the buffer's position does not move. */
    public static Binary binary(ByteBuffer payload) {
        Objects.requireNonNull(payload, "payload");
        var bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return new Binary(bytes, Attributes.NONE);
    }

    /** The attributes that travel with the payload; {@link Attributes#NONE} for a plain message. */
    public final Attributes attributes() {
        return attributes;
    }

    /** The same payload with {@code attributes} instead of those it has. */
    public abstract Message with(Attributes attributes);

    /** The payload's length in bytes (of a text: in UTF-8). */
    public final int size() {
        return bytes().length;
    }

    /**
     * A fresh view of the payload (of a text: its UTF-8), shared with every other view. Its position is the caller's, its
     * contents are not: it is not read-only only because some containers lose read-only buffers, so do not write to it.
     */
    public final ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes());
    }

    abstract byte[] bytes();

    private static byte[] encode(String text) {
        try {
            var encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            var bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "text has an unpaired surrogate near character " + unpairedSurrogate(text)
                            + ": it cannot be encoded in UTF-8",
                    e);
        }
    }

    private static int unpairedSurrogate(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
                return i;
            }
        }
        return 0;
    }

    /** Text. */
    public static final class Text extends Message {
        private final String text;
        private final byte[] utf8;

        private Text(String text, byte[] utf8, Attributes attributes) {
            super(attributes);
            this.text = text;
            this.utf8 = utf8;
        }

        /** The text. */
        public String text() {
            return text;
        }

        @Override
        public Text with(Attributes attributes) {
            return new Text(text, utf8, Objects.requireNonNull(attributes, "attributes"));
        }

        @Override
        byte[] bytes() {
            return utf8;
        }

        @Override
        public String toString() {
            return "Message.Text[" + size() + " bytes]";
        }
    }

    /** Binary. */
    public static final class Binary extends Message {
        private final byte[] bytes;

        private Binary(byte[] bytes, Attributes attributes) {
            super(attributes);
            this.bytes = bytes;
        }

        @Override
        public Binary with(Attributes attributes) {
            return new Binary(bytes, Objects.requireNonNull(attributes, "attributes"));
        }

        @Override
        byte[] bytes() {
            return bytes;
        }

        @Override
        public String toString() {
            return "Message.Binary[" + size() + " bytes]";
        }
    }

    /**
     * What may travel with a payload. A plain message has none of it, and travels as its payload and nothing else.
     *
     * @param id identifies the message to whoever wants to recognise it
     * @param key what the message is the latest state of, for {@link OverflowPolicy#KEEP_LATEST}
     * @param exceptSession the id of the one session, on whatever node, that shall not get the message
     * @param traceParent the parent span in the form of W3C Trace Context, handed through
     * @param expiresAt a node that gets the message after this moment does not hand it to its sessions; whole milliseconds
     */
    public record Attributes(
            @Nullable String id,
            @Nullable String key,
            @Nullable String exceptSession,
            @Nullable String traceParent,
            @Nullable Instant expiresAt) {

        /** No attribute at all. */
        public static final Attributes NONE = new Attributes(null, null, null, null, null);

        /** Only {@link #key}. */
        public static Attributes key(String key) {
            return new Attributes(null, Objects.requireNonNull(key, "key"), null, null, null);
        }

        /** Only {@link #exceptSession}. */
        public static Attributes exceptSession(String sessionId) {
            return new Attributes(null, null, Objects.requireNonNull(sessionId, "sessionId"), null, null);
        }

        /** Only {@link #expiresAt}. */
        public static Attributes expiresAt(Instant moment) {
            return new Attributes(null, null, null, null, Objects.requireNonNull(moment, "moment"));
        }
    }
}
