package dev.fanfare.jakarta;

import dev.fanfare.Hub;
import dev.fanfare.Position;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A frame that a client may send: docs/protocol.md. */
sealed interface ClientFrame {

    /** So many messages at most a client begins with. */
    int MAX_LAST = 1_000;

    /** A client resumes so many channels at most. */
    int MAX_POSITIONS = 100;

    /** What it is called. */
    String type();

    /**
     * The first one.
     *
     * @param positions up to where the client has its channels; a map of the receiver's
     * @param last with how many messages it begins on the others
     */
    record Hello(Map<String, Position> positions, int last) implements ClientFrame {
        @Override
        public String type() {
            return "hello";
        }
    }

    /** A text for the application. */
    record Send(String data) implements ClientFrame {
        @Override
        public String type() {
            return "send";
        }
    }

    /** Asks whether the server is there. */
    record Ping() implements ClientFrame {
        @Override
        public String type() {
            return "ping";
        }
    }

    /**
     * The frame that {@code text} is.
     *
     * @throws MalformedFrameException if it is none
     */
    static ClientFrame read(String text) throws MalformedFrameException {
        var members = FrameReader.read(text);
        var type = members.get("type");
        if (!(type instanceof String name)) {
            throw new MalformedFrameException(
                    type == null
                            ? "type is missing: a frame must have it"
                            : "type is " + MalformedFrameException.shown(type) + ": it must be a string");
        }
        switch (name) {
            case "hello" -> {
                only(members, Set.of("type", "positions", "last"), "type, positions and last");
                return new Hello(positions(members), last(members));
            }
            case "send" -> {
                only(members, Set.of("type", "data"), "type and data");
                if (!(members.get("data") instanceof String data)) {
                    throw new MalformedFrameException(
                            members.containsKey("data")
                                    ? "data is " + MalformedFrameException.shown(members.get("data"))
                                            + ": it must be a string"
                                    : "data is missing: send must have it");
                }
                return new Send(data);
            }
            case "ping" -> {
                only(members, Set.of("type"), "type");
                return new Ping();
            }
            default ->
                throw new MalformedFrameException(
                        "type is " + MalformedFrameException.shown(name) + ": it must be hello, send or ping");
        }
    }

    private static void only(Map<String, Object> members, Set<String> names, String said)
            throws MalformedFrameException {
        for (var name : members.keySet()) {
            if (!names.contains(name)) {
                throw new MalformedFrameException(members.get("type") + " has " + MalformedFrameException.shown(name)
                        + ": it may have " + said + " only");
            }
        }
    }

    private static int last(Map<String, Object> members) throws MalformedFrameException {
        var value = members.getOrDefault("last", 0L);
        if (!(value instanceof Long number) || number > MAX_LAST) {
            throw new MalformedFrameException("last is " + MalformedFrameException.shown(value)
                    + ": it must be a whole number from 0 to " + MAX_LAST);
        }
        return number.intValue();
    }

    private static Map<String, Position> positions(Map<String, Object> members) throws MalformedFrameException {
        var value = members.getOrDefault("positions", Map.of());
        if (!(value instanceof Map<?, ?> given)) {
            throw new MalformedFrameException(
                    "positions is " + MalformedFrameException.shown(value) + ": it must be an object");
        }
        if (given.size() > MAX_POSITIONS) {
            throw new MalformedFrameException(
                    "positions has " + given.size() + " channels: at most " + MAX_POSITIONS + " are allowed");
        }
        var positions = new HashMap<String, Position>(given.size() * 2);
        for (var entry : given.entrySet()) {
            var channel = (String) entry.getKey();
            try {
                Hub.checkChannel(channel);
                positions.put(channel, Position.parse((String) entry.getValue()));
            } catch (ClassCastException | IllegalArgumentException e) {
                throw new MalformedFrameException("positions has " + MalformedFrameException.shown(channel) + ": "
                        + MalformedFrameException.shown(entry.getValue())
                        + ", which must be a channel and a position as the server sent it");
            }
        }
        return positions;
    }
}
