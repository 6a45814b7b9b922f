package dev.fanfare.json;

import dev.fanfare.Codec;
import dev.fanfare.Message;
import org.jspecify.annotations.Nullable;

/** What both versions of Jackson have in common: text messages, and how it is said what is wrong. */
abstract sealed class JsonCodec<T> implements Codec<T> permits Jackson2Codec, Jackson3Codec {

    private final Class<T> type;

    JsonCodec(Class<T> type) {
        this.type = type;
    }

    /** The JSON for {@code event}. */
    abstract String write(T event);

    /** The event of {@code json}; null if that says {@code null}. */
    abstract @Nullable T read(String json);

    @Override
    public Message encode(T event) {
        return Message.text(write(event));
    }

    @Override
    public T decode(Message message) {
        if (!(message instanceof Message.Text text)) {
            throw refused("read as", new IllegalArgumentException("a binary message is no JSON"));
        }
        var event = read(text.text());
        if (event == null) {
            throw refused("read as", new IllegalArgumentException("the JSON says null"));
        }
        return event;
    }

    IllegalArgumentException refused(String what, Exception cause) {
        return new IllegalArgumentException(
                "cannot be " + what + " " + type.getName() + ": " + cause.getMessage(), cause);
    }

    @Override
    public String toString() {
        return "Json.codec(" + type.getSimpleName() + ".class)";
    }
}
