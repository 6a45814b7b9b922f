package dev.fanfare.jakarta;

import dev.fanfare.ClientSession;
import dev.fanfare.Gap;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.Replay;
import java.util.Base64;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The frames of the protocol that a server sends: docs/protocol.md. A message of a channel is framed once for all sessions of a lane. */
final class Frames implements ClientSession.Framing {

    static final Message PONG = Message.text("{\"type\":\"pong\"}");

    /** Why nothing is resumed on a channel that keeps nothing. */
    private static final String NO_HISTORY = "NO_HISTORY";

    @Override
    public Message message(String channel, Message message, @Nullable Position position) {
        var frame = frame("message", message.size());
        member(frame, "channel", channel);
        if (position != null) {
            member(frame, "position", position.toString());
        }
        data(frame, message);
        return end(frame).with(message.attributes());
    }

    @Override
    public Message gap(Gap gap) {
        var frame = frame("gap");
        member(frame, "channel", gap.channel());
        member(frame, "reason", gap.reason().name());
        lost(frame, gap.lost());
        return end(frame);
    }

    /** The answer to the client's hello. */
    static Message hello(String session, long spreadMillis) {
        var frame = frame("hello");
        member(frame, "session", session);
        return end(number(frame, "spreadMillis", spreadMillis));
    }

    /** The session has joined a channel that keeps its messages. */
    static Message joined(String channel, boolean asked, Replay.Outcome outcome) {
        var frame = frame("joined");
        member(frame, "channel", channel);
        member(frame, "position", outcome.position().toString());
        number(frame, "replayed", outcome.messages());
        frame.append(",\"resumed\":").append(asked && outcome.isComplete());
        if (outcome.gap().isPresent()) {
            member(frame, "gap", outcome.gap().get().name());
            lost(frame, outcome.lost());
        }
        return end(frame);
    }

    /** The session has joined a channel that keeps nothing. */
    static Message joined(String channel, boolean asked) {
        var frame = frame("joined");
        member(frame, "channel", channel);
        frame.append(",\"replayed\":0,\"resumed\":false");
        if (asked) {
            member(frame, "gap", NO_HISTORY);
        }
        return end(frame);
    }

    /** The session has left a channel. */
    static Message left(String channel) {
        var frame = frame("left");
        member(frame, "channel", channel);
        return end(frame);
    }

    /** The client made a mistake; the session ends. */
    static Message error(String reason) {
        var frame = frame("error");
        member(frame, "reason", reason);
        return end(frame);
    }

    /** What the application sends to the session alone. */
    static Message alone(Message message) {
        var frame = frame("message", message.size());
        data(frame, message);
        return end(frame);
    }

    private static StringBuilder frame(String type) {
        return frame(type, 0);
    }

    private static StringBuilder frame(String type, int bytes) {
        return new StringBuilder(128 + bytes)
                .append("{\"type\":\"")
                .append(type)
                .append('"');
    }

    private static Message end(StringBuilder frame) {
        return Message.text(frame.append('}').toString());
    }

    private static void data(StringBuilder frame, Message message) {
        if (message instanceof Message.Text text) {
            member(frame, "data", text.text());
        } else {
            var bytes = Coders.bytes(message.buffer());
            member(frame, "base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    private static void lost(StringBuilder frame, OptionalLong lost) {
        if (lost.isPresent()) {
            number(frame, "lost", lost.getAsLong());
        }
    }

    private static StringBuilder number(StringBuilder frame, String name, long value) {
        return frame.append(",\"").append(name).append("\":").append(value);
    }

    private static void member(StringBuilder frame, String name, String value) {
        frame.append(",\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> frame.append("\\\"");
                case '\\' -> frame.append("\\\\");
                case '\n' -> frame.append("\\n");
                case '\r' -> frame.append("\\r");
                case '\t' -> frame.append("\\t");
                default -> {
                    if (c < ' ') {
                        frame.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        frame.append(c);
                    }
                }
            }
        }
        frame.append('"');
    }
}
