package dev.fanfare;

import java.util.Objects;
import java.util.function.Function;

/** An event of tests, and what they do with it. */
record Said(String username, String content) {

    /** Text of the form {@code user|content}. */
    static final Codec<Said> CODEC = new Codec<>() {
        @Override
        public Message encode(Said event) {
            return Message.text(event.username + "|" + event.content);
        }

        @Override
        public Said decode(Message message) {
            var text = ((Message.Text) message).text();
            int end = text.indexOf('|');
            return new Said(text.substring(0, end), text.substring(end + 1)); // garbage has none
        }
    };

    static final Channel<Said> CHAT = Channel.of("said", CODEC);

    static final Function<Said, String> LINE = said -> said.username + ": " + said.content;

    /** A method reference is a new object each time that it is evaluated. */
    static final Function<Said, String> CONTENT = Said::content;

    Said {
        Objects.requireNonNull(username);
        Objects.requireNonNull(content);
    }

    static Said alice(String content) {
        return new Said("Alice", content);
    }
}
