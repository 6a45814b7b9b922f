package dev.fanfare.redis;

import dev.fanfare.Message;
import dev.fanfare.Message.Attributes;
import dev.fanfare.Position;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a message is on a Redis channel, and back; docs/wire-format.md specifies them byte by byte. Text without
 * attributes is its UTF-8 and nothing else, everything else is an envelope. Decoding takes any bytes and never throws.
 */
final class Envelope {

    private static final byte[] MAGIC = {(byte) 0xFF, 'F', 'A', 'N'};
    private static final byte VERSION = 1;

    private static final byte TEXT = 1;
    private static final byte BINARY = 2;
    private static final byte COMMAND = 3;

    private static final byte[] CANARY = {'c', 'a', 'n', 'a', 'r', 'y'};

    /** Bit of a field's type: whoever does not know the field must not use the message. */
    private static final int CRITICAL = 0x80;

    private static final int END = 0;
    private static final int SENDER = 1;
    private static final int POSITION = 2;
    private static final int ID = 3;
    private static final int KEY = 4;
    private static final int EXCEPT = 5;
    private static final int TRACE = 6;
    private static final int EXPIRY = 7;

    private Envelope() {}

    /** What bytes turn out to be. */
    sealed interface Decoded {}

    record Content(Message message, @Nullable Position position) implements Decoded {}

    /** Something between nodes, which has no business on an application's channel. */
    record Command(ByteBuffer payload, Canary.@Nullable Mark mark) implements Decoded {}

    record Unreadable(String reason) implements Decoded {}

    /** The bytes to publish; may share the message's own array, so nobody may write to them. */
    static byte[] encode(Message message) {
        var payload = message.buffer().array();
        var attributes = message.attributes();
        return message instanceof Message.Text && attributes.equals(Attributes.NONE) ? payload : enclose(message);
    }

    /** The same, but plain text, too, becomes an envelope: on a channel with history there is nothing else. */
    static byte[] enclose(Message message) {
        var payload = message.buffer().array();
        var attributes = message.attributes();
        var out = new ByteArrayOutputStream(payload.length + 64);
        out.writeBytes(MAGIC);
        out.write(VERSION);
        out.write(message instanceof Message.Text ? TEXT : BINARY);
        text(out, ID, attributes.id());
        text(out, KEY, attributes.key());
        // A node that overlooked it would send the message to the very session that must not get it.
        text(out, EXCEPT | CRITICAL, attributes.exceptSession());
        text(out, TRACE, attributes.traceParent());
        if (attributes.expiresAt() != null) {
            var millis = ByteBuffer.allocate(Long.BYTES).putLong(millis(attributes.expiresAt()));
            field(out, EXPIRY, millis.array());
        }
        out.write(END);
        out.writeBytes(payload);
        return out.toByteArray();
    }

    /** A command that asks nothing of anybody: the node that sent it waits for its return. */
    static byte[] encode(Canary.Mark mark) {
        var out = new ByteArrayOutputStream(64);
        out.writeBytes(MAGIC);
        out.write(VERSION);
        out.write(COMMAND);
        var sender = ByteBuffer.allocate(2 * Long.BYTES).putLong(mark.node()).putLong(mark.sequence());
        field(out, SENDER, sender.array());
        out.write(END);
        out.writeBytes(CANARY);
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, int type, @Nullable String value) {
        if (value != null) {
            field(out, type, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void field(ByteArrayOutputStream out, int type, byte[] value) {
        out.write(type);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
        out.writeBytes(value);
    }

    /** Moments beyond what 64 bits of milliseconds hold are as good as the last that they hold. */
    private static long millis(Instant moment) {
        try {
            return moment.toEpochMilli();
        } catch (ArithmeticException e) {
            return moment.isAfter(Instant.EPOCH) ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
    }

    /** What {@code bytes} are; they must not change any more. */
    static Decoded decode(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != MAGIC[0]) {
            return plain(bytes);
        }
        if (!Arrays.equals(bytes, 0, Math.min(bytes.length, MAGIC.length), MAGIC, 0, MAGIC.length)) {
            return new Unreadable("neither UTF-8 nor an envelope");
        }
        try {
            return open(ByteBuffer.wrap(bytes, MAGIC.length, bytes.length - MAGIC.length));
        } catch (BufferUnderflowException e) {
            return new Unreadable("an envelope that ends too early");
        } catch (CharacterCodingException e) {
            return new Unreadable("an envelope with text that is not UTF-8");
        }
    }

    private static Decoded plain(byte[] bytes) {
        try {
            return new Content(Message.utf8(bytes), null);
        } catch (CharacterCodingException e) {
            return new Unreadable("neither UTF-8 nor an envelope");
        }
    }

    private static Decoded open(ByteBuffer in) throws CharacterCodingException {
        int version = in.get();
        if (version != VERSION) {
            return new Unreadable("an envelope of version " + (version & 0xFF) + ", known is " + VERSION);
        }
        byte kind = in.get();
        if (kind < TEXT || kind > COMMAND) {
            return new Unreadable("an envelope of unknown kind " + (kind & 0xFF));
        }
        var fields = new Fields();
        for (int type = in.get() & 0xFF; type != END; type = in.get() & 0xFF) {
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            var value = in.slice(in.position(), length);
            in.position(in.position() + length);
            if (!fields.take(type, value)) {
                return new Unreadable("an envelope with the unknown critical field " + (type & ~CRITICAL));
            }
        }
        return switch (kind) {
            case TEXT -> new Content(Message.utf8(rest(in)).with(fields.attributes()), fields.position);
            case BINARY -> new Content(Message.binary(in).with(fields.attributes()), fields.position);
            default -> new Command(in.slice(), fields.sender);
        };
    }

    private static byte[] rest(ByteBuffer in) {
        var bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    /** The fields met so far; of a field that comes twice, the last one counts. */
    private static final class Fields {
        private Canary.@Nullable Mark sender;
        private @Nullable Position position;
        private @Nullable String id;
        private @Nullable String key;
        private @Nullable String except;
        private @Nullable String trace;
        private @Nullable Instant expiry;

        /** Whether the message may still be used. */
        boolean take(int type, ByteBuffer value) throws CharacterCodingException {
            switch (type & ~CRITICAL) {
                case SENDER -> sender = Canary.read(value);
                case POSITION -> position = position(value);
                case ID -> id = utf8(value);
                case KEY -> key = utf8(value);
                case EXCEPT -> except = utf8(value);
                case TRACE -> trace = utf8(value);
                case EXPIRY -> expiry = Instant.ofEpochMilli(value.getLong());
                default -> {
                    return (type & CRITICAL) == 0;
                }
            }
            return true;
        }

        /** One that is malformed is none: the message is live all the same. */
        private static @Nullable Position position(ByteBuffer value) throws CharacterCodingException {
            try {
                return Position.parse(utf8(value));
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        Attributes attributes() {
            var all = new Attributes(id, key, except, trace, expiry);
            return all.equals(Attributes.NONE) ? Attributes.NONE : all;
        }

        private static String utf8(ByteBuffer value) throws CharacterCodingException {
            return StandardCharsets.UTF_8.newDecoder().decode(value).toString();
        }
    }
}
