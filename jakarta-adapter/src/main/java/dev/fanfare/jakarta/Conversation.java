package dev.fanfare.jakarta;

import dev.fanfare.Hub;
import dev.fanfare.Position;
import dev.fanfare.Replay;
import jakarta.websocket.CloseReason.CloseCodes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A session whose client speaks {@value WebSocketHub#SUBPROTOCOL}: docs/protocol.md. Which channels it joins the application says; from which
 * position on says the client, in its first frame, for which joins wait. Thread-safe.
 */
final class Conversation {

    private static final int MAX_LAST = 1_000;

    /** A join that waits for the client's first frame. */
    private record Waiting(@Nullable Replay wanted, CompletableFuture<Replay.Outcome> joined) {}

    private final Hub hub;
    private final JakartaSession session;
    private final Frames frames;
    private final long spreadMillis;
    private final BiConsumer<CloseCodes, String> close;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>(0);
    /** What the client has of its channels; null until its first frame. Each counts once, for the channel's first join. */
    private @Nullable Map<String, Position> positions;

    private int last;
    private boolean refused;
    private int pings;

    Conversation(
            Hub hub, JakartaSession session, Frames frames, long spreadMillis, BiConsumer<CloseCodes, String> close) {
        this.hub = hub;
        this.session = session;
        this.frames = frames;
        this.spreadMillis = spreadMillis;
        this.close = close;
    }

    /** Joins {@code channel}, as soon as the client has said from where on; {@code wanted} counts if it says nothing. */
    CompletableFuture<Replay.Outcome> join(String channel, @Nullable Replay wanted) {
        Hub.checkChannel(channel);
        var joined = new CompletableFuture<Replay.Outcome>();
        Position from;
        int newest;
        synchronized (this) {
            if (positions == null) {
                var before = waiting.putIfAbsent(channel, new Waiting(wanted, joined));
                return before == null ? joined : before.joined();
            }
            from = positions.remove(channel);
            newest = last;
        }
        join(channel, from, wanted == null && newest > 0 ? Replay.last(newest) : wanted, joined);
        return joined;
    }

    private void join(
            String channel,
            @Nullable Position from,
            @Nullable Replay wanted,
            CompletableFuture<Replay.Outcome> joined) {
        boolean kept = hub.hasHistory(channel);
        boolean asked = from != null;
        Replay replay = !kept ? null : from != null ? Replay.since(from) : wanted != null ? wanted : Replay.last(0);
        hub.join(session, channel, frames, replay).whenComplete((outcome, cause) -> {
            if (cause == null) {
                hub.send(session, kept ? Frames.joined(channel, asked, outcome) : Frames.joined(channel, asked));
                joined.complete(outcome);
            } else {
                joined.completeExceptionally(cause);
            }
        });
    }

    /** Leaves {@code channel}, or joins it no longer. */
    CompletableFuture<@Nullable Void> leave(String channel) {
        Waiting given;
        synchronized (this) {
            given = waiting.remove(channel);
        }
        cancel(given);
        return hub.leave(session, channel).thenRun(() -> hub.send(session, Frames.left(channel)));
    }

    /** Joins that wait are given up: of all channels. */
    void leave() {
        Map<String, Waiting> given;
        synchronized (this) {
            given = new LinkedHashMap<>(waiting);
            waiting.clear();
        }
        given.values().forEach(Conversation::cancel);
    }

    private static void cancel(@Nullable Waiting given) {
        if (given != null) {
            given.joined().completeExceptionally(new CancellationException("the session left the channel before"));
        }
    }

    /** The hub pings: who has not said hello by the second time never will. */
    void pinged() {
        boolean silent;
        synchronized (this) {
            silent = positions == null && ++pings > 1;
        }
        if (silent) {
            refuse(CloseCodes.PROTOCOL_ERROR, "no hello");
        }
    }

    /** Takes a frame of the client; returns what it says to the application, or null if nothing. */
    @Nullable
    String receive(String text) {
        synchronized (this) {
            if (refused) {
                return null;
            }
        }
        try {
            return receive(FrameReader.read(text));
        } catch (FrameReader.MalformedFrameException e) {
            refuse(CloseCodes.PROTOCOL_ERROR, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable String receive(Map<String, Object> frame) throws FrameReader.MalformedFrameException {
        var type = string(frame, "type");
        boolean greeted;
        synchronized (this) {
            greeted = positions != null;
        }
        if (type.equals("hello") == greeted) {
            throw new FrameReader.MalformedFrameException(greeted ? "hello comes once" : "hello comes first");
        }
        switch (type) {
            case "hello" -> {
                only(frame, Set.of("type", "positions", "last"));
                greet(positions(frame), last(frame));
                return null;
            }
            case "send" -> {
                only(frame, Set.of("type", "data"));
                return string(frame, "data");
            }
            case "ping" -> {
                only(frame, Set.of("type"));
                hub.send(session, Frames.PONG);
                return null;
            }
            default -> throw new FrameReader.MalformedFrameException("unknown type; there are hello, send and ping");
        }
    }

    private void greet(Map<String, Position> from, int newest) {
        Map<String, Waiting> joins;
        synchronized (this) {
            positions = from;
            last = newest;
            joins = new LinkedHashMap<>(waiting);
            waiting.clear();
        }
        hub.send(session, Frames.hello(session.id(), spreadMillis));
        joins.forEach((channel, join) -> {
            Position known;
            synchronized (this) {
                known = from.remove(channel);
            }
            join(
                    channel,
                    known,
                    join.wanted() == null && newest > 0 ? Replay.last(newest) : join.wanted(),
                    join.joined());
        });
    }

    private static String string(Map<String, Object> frame, String name) throws FrameReader.MalformedFrameException {
        if (!(frame.get(name) instanceof String value)) {
            throw new FrameReader.MalformedFrameException("a frame has a string \"" + name + "\"");
        }
        return value;
    }

    private static int last(Map<String, Object> frame) throws FrameReader.MalformedFrameException {
        var value = frame.getOrDefault("last", 0L);
        if (!(value instanceof Long number) || number > MAX_LAST) {
            throw new FrameReader.MalformedFrameException("\"last\" is a number up to " + MAX_LAST);
        }
        return number.intValue();
    }

    private static Map<String, Position> positions(Map<String, Object> frame)
            throws FrameReader.MalformedFrameException {
        var positions = new HashMap<String, Position>();
        if (!(frame.getOrDefault("positions", Map.of()) instanceof Map<?, ?> given)) {
            throw new FrameReader.MalformedFrameException("\"positions\" is an object");
        }
        for (var entry : given.entrySet()) {
            try {
                positions.put((String) entry.getKey(), Position.parse((String) entry.getValue()));
            } catch (ClassCastException | IllegalArgumentException e) {
                throw new FrameReader.MalformedFrameException("a position is \"epoch-offset\"");
            }
        }
        return positions;
    }

    private static void only(Map<String, Object> frame, Set<String> names) throws FrameReader.MalformedFrameException {
        if (!names.containsAll(frame.keySet())) {
            throw new FrameReader.MalformedFrameException("unknown name in a frame of type " + frame.get("type"));
        }
    }

    /** Says what is wrong, and closes when that has left: a container that closes while it sends gives up both. */
    void refuse(CloseCodes code, String why) {
        synchronized (this) {
            refused = true;
        }
        leave();
        try {
            hub.leave(session);
            hub.send(session, Frames.error(why)).whenComplete((sent, cause) -> close.accept(code, why));
        } catch (IllegalStateException e) {
            close.accept(code, why); // the hub is closed
        }
    }
}
