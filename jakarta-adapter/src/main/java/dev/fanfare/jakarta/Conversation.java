package dev.fanfare.jakarta;

import dev.fanfare.Hub;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.Replay;
import jakarta.websocket.CloseReason.CloseCodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A session whose client speaks {@value WebSocketHub#SUBPROTOCOL}: docs/protocol.md. Which channels it joins the application
 * says; from which position on says the client, in its first frame, for which joins wait. Thread-safe.
 *
 * <p>Its lock is held while something is put into the session's lane, so that the client is told of joins and leaves in the
 * order in which they happen; that never blocks, and runs nothing of the application.
 */
final class Conversation {

    /** A channel that the application had the session join, and has not had it leave. */
    private static final class Joining {
        final String channel;
        final @Nullable Replay wanted;
        final CompletableFuture<Replay.Outcome> joined = new CompletableFuture<>();

        Joining(String channel, @Nullable Replay wanted) {
            this.channel = channel;
            this.wanted = wanted;
        }

        void cancel() {
            joined.completeExceptionally(new CancellationException("the session left channel " + channel + " before"));
        }
    }

    private final Hub hub;
    private final JakartaSession session;
    private final Frames frames;
    private final long spreadMillis;
    private final BiConsumer<CloseCodes, String> close;

    @GuardedBy("this")
    private final Map<String, Joining> joins = new LinkedHashMap<>(2);

    /** What the client has of its channels; null until its first frame. Each counts once, for the channel's first join. */
    @GuardedBy("this")
    private @Nullable Map<String, Position> positions;

    @GuardedBy("this")
    private int last;

    @GuardedBy("this")
    private int pings;

    /** Whether the session has ended, or is about to because its client made a mistake. */
    @GuardedBy("this")
    private boolean over;

    Conversation(
            Hub hub, JakartaSession session, Frames frames, long spreadMillis, BiConsumer<CloseCodes, String> close) {
        this.hub = hub;
        this.session = session;
        this.frames = frames;
        this.spreadMillis = spreadMillis;
        this.close = close;
    }

    /**
     * Joins {@code channel}, as soon as the client has said from where on; {@code wanted} counts if it says nothing.
     *
     * @return completes when the client is told; fails as {@link Hub#join(dev.fanfare.ClientSession, String, Replay)}
     */
    CompletableFuture<Replay.Outcome> join(String channel, @Nullable Replay wanted) {
        Hub.checkChannel(channel);
        if (!hub.hasHistory(channel) && wanted != null) {
            throw new IllegalArgumentException("channel " + channel + " has no history to replay");
        }
        synchronized (this) {
            var known = joins.get(channel);
            if (known != null && wanted == null) {
                return known.joined.copy();
            }
            if (known != null || over) {
                return CompletableFuture.failedFuture(new IllegalStateException("session " + session.id()
                        + (over ? " has ended" : " has joined channel " + channel + " already")));
            }
            var joining = new Joining(channel, wanted);
            joins.put(channel, joining);
            if (positions != null) {
                begin(joining, positions.remove(channel));
            }
            return joining.joined.copy();
        }
    }

    @GuardedBy("this")
    private void begin(Joining joining, @Nullable Position from) {
        var channel = joining.channel;
        boolean asked = from != null;
        boolean kept = hub.hasHistory(channel);
        Replay replay = null;
        if (kept) {
            var newest = joining.wanted == null ? Replay.last(last) : joining.wanted;
            replay = from == null ? newest : Replay.since(from);
        }
        hub.join(session, channel, frames, replay).whenComplete((outcome, cause) -> {
            if (cause != null) {
                forget(joining);
                joining.joined.completeExceptionally(cause);
            } else {
                tell(joining, kept ? Frames.joined(channel, asked, outcome) : Frames.joined(channel, asked));
                joining.joined.complete(outcome);
            }
        });
    }

    private synchronized void forget(Joining joining) {
        joins.remove(joining.channel, joining);
    }

    /** Tells the client that it has joined, unless it has left since. */
    private synchronized void tell(Joining joining, Message frame) {
        if (joins.get(joining.channel) == joining) {
            say(frame);
        }
    }

    /** Leaves {@code channel}, or joins it no longer. */
    synchronized CompletableFuture<@Nullable Void> leave(String channel) {
        var joining = joins.remove(channel);
        var left = hub.leave(session, channel);
        if (joining != null) {
            say(Frames.left(channel));
            joining.cancel();
        }
        return left;
    }

    /** Leaves all channels. */
    synchronized CompletableFuture<@Nullable Void> leave() {
        var left = hub.leave(session);
        for (var joining : forgetAll()) {
            say(Frames.left(joining.channel));
            joining.cancel();
        }
        return left;
    }

    @GuardedBy("this")
    private List<Joining> forgetAll() {
        var all = List.copyOf(joins.values());
        joins.clear();
        return all;
    }

    /** The session has ended: what waits for the client's first frame waits no longer. */
    void ended() {
        end().forEach(Joining::cancel);
    }

    private synchronized List<Joining> end() {
        over = true;
        return forgetAll();
    }

    /** The hub pings: who has not said hello by the second time never will. */
    void pinged() {
        boolean silent;
        synchronized (this) {
            silent = positions == null && ++pings > 1;
        }
        if (silent) {
            refuse(CloseCodes.PROTOCOL_ERROR, "no hello came: it must be the first frame");
        }
    }

    /** Takes a frame of the client; returns what it says to the application, or null if nothing. */
    @Nullable
    String receive(String text) {
        synchronized (this) {
            if (over) {
                return null;
            }
        }
        try {
            var frame = ClientFrame.read(text);
            return receive(frame);
        } catch (MalformedFrameException e) {
            refuse(CloseCodes.PROTOCOL_ERROR, e.getMessage());
            return null;
        }
    }

    private synchronized @Nullable String receive(ClientFrame frame) throws MalformedFrameException {
        if (frame instanceof ClientFrame.Hello hello) {
            if (positions != null) {
                throw new MalformedFrameException("type is \"hello\": it must come once, as the first frame");
            }
            greet(hello);
            return null;
        }
        if (positions == null) {
            throw new MalformedFrameException("type is \"" + frame.type() + "\": the first frame must be hello");
        }
        if (frame instanceof ClientFrame.Send send) {
            return send.data();
        }
        say(Frames.PONG);
        return null;
    }

    @GuardedBy("this")
    private void greet(ClientFrame.Hello hello) {
        var from = hello.positions();
        positions = from;
        last = hello.last();
        say(Frames.hello(session.id(), spreadMillis));
        for (var joining : new ArrayList<>(joins.values())) {
            try {
                begin(joining, from.remove(joining.channel));
            } catch (IllegalStateException e) {
                joining.joined.completeExceptionally(e); // the hub is closed
            }
        }
    }

    private void say(Message frame) {
        try {
            hub.sendFramed(session, frame);
        } catch (IllegalStateException e) {
            return; // the hub is closed, and the session soon
        }
    }

    /** Says what is wrong, and closes when that has left: a container that closes while it sends gives up both. Once. */
    void refuse(CloseCodes code, String why) {
        List<Joining> given;
        synchronized (this) {
            if (over) {
                return;
            }
            given = end();
        }
        given.forEach(Joining::cancel);
        try {
            hub.leave(session);
            hub.sendFramed(session, Frames.error(why)).whenComplete((sent, cause) -> close.accept(code, why));
        } catch (IllegalStateException e) {
            close.accept(code, why); // the hub is closed
        }
    }
}
