package dev.fanfare.jakarta;

import dev.fanfare.Hub;
import dev.fanfare.Message;
import dev.fanfare.Replay;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What stands for each of the container's sessions in the hub. Thread-safe. Containers do not override equals of their
 * sessions, and their ids are not unique: Tomcat counts from 0 in each JVM.
 */
final class Sessions {

    private final Hub hub;
    private final String node = randomName();
    private final AtomicLong opened = new AtomicLong();
    private final Map<Session, JakartaSession> known = new ConcurrentHashMap<>();
    private final FastPaths paths;
    private final JakartaSession.Owner undeployed = new Undeployed();
    private final Patience patience;
    private final Frames frames = new Frames();
    private final long spreadMillis;

    Sessions(Hub hub, FastPaths paths, Duration sendTimeout, Duration spread) {
        this.hub = hub;
        this.paths = paths;
        this.patience = new Patience(sendTimeout);
        this.spreadMillis = spread.toMillis();
    }

    /** Ends what runs beside the hub, and waits for it for some seconds at most. */
    void close() {
        paths.close();
    }

    /** Ends the threads that send, for a hub that is closed. */
    void endWriters() {
        paths.endWriters();
    }

    /** Which threads may wait for an outbox. */
    Patience patience() {
        return patience;
    }

    /**
     * Opens a session of an endpoint of ours.
     *
     * @throws IllegalStateException if the hub is closed
     */
    JakartaSession open(Session session, JakartaSession.Owner owner) {
        JakartaSession opening = create(session, owner);
        if (WebSocketHub.SUBPROTOCOL.equals(session.getNegotiatedSubprotocol())) {
            opening.converse(new Conversation(hub, opening, frames, spreadMillis, owner::refused));
        }
        hub.open(opening);
        known.put(session, opening);
        return opening;
    }

    /** A session answered a ping. */
    void pong(JakartaSession session) {
        hub.pong(session);
    }

    /** The container says that a session ended. */
    void ended(Session session) {
        JakartaSession ended = known.remove(session);
        if (ended != null) {
            ended.closing(true);
            ended.turns().ended();
            Conversation conversation = ended.conversation();
            if (conversation != null) {
                conversation.ended();
            }
            hub.ended(ended);
        }
    }

    /** What stands for {@code session}, or for that of which it is a view, if it is known. */
    @Nullable
    JakartaSession find(Session session) {
        return known.get(SessionView.raw(session));
    }

    /** The container's {@code session} as the application knows it. */
    Session view(Session session) {
        JakartaSession found = known.get(session);
        return found == null ? session : found.view();
    }

    /**
     * What stands for {@code session}, which is opened if it is not known, because its container deployed it natively;
     * null if it is closed.
     *
     * @throws IllegalStateException if the hub is closed
     */
    @Nullable
    JakartaSession get(Session session) {
        JakartaSession found = find(session);
        if (found != null) {
            return found;
        }
        // A view is of an endpoint of ours: if it is not known, it has ended.
        return session instanceof SessionView ? null : known.computeIfAbsent(session, this::adopt);
    }

    /**
     * The id of {@code session} in the hub.
     *
     * @throws IllegalStateException if the session is closed, or the hub is
     */
    String id(Session session) {
        JakartaSession found = get(session);
        if (found == null) {
            throw new IllegalStateException("the session is closed");
        }
        return found.id();
    }

    /** What {@code operation} comes to for {@code session}, which fails if it is closed. */
    <R> CompletableFuture<R> with(Session session, Function<JakartaSession, CompletableFuture<R>> operation) {
        JakartaSession found = get(session);
        return found == null
                ? CompletableFuture.failedFuture(new IllegalStateException("the session is closed"))
                : operation.apply(found);
    }

    CompletableFuture<@Nullable Void> join(Session session, String channel) {
        return with(session, known -> {
            Conversation conversation = known.conversation();
            return conversation == null
                    ? hub.join(known, channel)
                    : conversation.join(channel, null).thenApply(outcome -> null);
        });
    }

    CompletableFuture<Replay.Outcome> join(Session session, String channel, Replay replay) {
        return with(session, known -> {
            Conversation conversation = known.conversation();
            return conversation == null ? hub.join(known, channel, replay) : conversation.join(channel, replay);
        });
    }

    /** What {@code operation}, which has events rendered, comes to: a client with the protocol renders by itself. */
    <R> CompletableFuture<R> rendered(Session session, Function<JakartaSession, CompletableFuture<R>> operation) {
        return with(
                session,
                known -> known.conversation() == null
                        ? operation.apply(known)
                        : CompletableFuture.failedFuture(new IllegalStateException("the client of session "
                                + known.id() + " speaks " + WebSocketHub.SUBPROTOCOL
                                + " and renders by itself: let it join without a renderer")));
    }

    /** Who is not known has left. */
    CompletableFuture<@Nullable Void> leave(Session session, String channel) {
        Hub.checkChannel(channel);
        JakartaSession found = find(session);
        if (found == null) {
            return CompletableFuture.completedFuture(null);
        }
        Conversation conversation = found.conversation();
        return conversation == null ? hub.leave(found, channel) : conversation.leave(channel);
    }

    /** All channels. Who is not known has left. */
    CompletableFuture<@Nullable Void> leave(Session session) {
        JakartaSession found = find(session);
        if (found == null) {
            return CompletableFuture.completedFuture(null);
        }
        Conversation conversation = found.conversation();
        return conversation == null ? hub.leave(found) : conversation.leave();
    }

    /** Sends what the application has for the session alone. */
    CompletableFuture<@Nullable Void> send(Session session, Message message) {
        return with(
                session,
                known -> known.conversation() == null
                        ? hub.send(known, message)
                        : hub.sendFramed(known, known.framed(checked(message))));
    }

    private Message checked(Message message) {
        if (message.size() > hub.messageBytes()) {
            throw new IllegalArgumentException("the message has " + message.size() + " bytes: at most "
                    + hub.messageBytes() + " are allowed (Builder.messageBytes)");
        }
        return message;
    }

    /** Sends what is framed already. */
    CompletableFuture<@Nullable Void> sendFramed(Session session, Message frame) {
        return with(session, known -> hub.sendFramed(known, frame));
    }

    private @Nullable JakartaSession adopt(Session session) {
        if (!session.isOpen()) {
            return null;
        }
        JakartaSession adopted;
        try {
            patience.limit(session);
            adopted = create(session, undeployed);
        } catch (IllegalStateException e) {
            return null; // closed since: Tomcat then refuses to say even what its remote is
        }
        hub.open(adopted);
        adopted.opened();
        return adopted;
    }

    private JakartaSession create(Session session, JakartaSession.Owner owner) {
        return new JakartaSession(node + "-" + opened.incrementAndGet(), session, owner, paths);
    }

    private static String randomName() {
        var bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Looks after the sessions of endpoints that the container deployed natively. */
    private final class Undeployed implements JakartaSession.Owner {
        @Override
        public boolean hasView() {
            return false;
        }

        @Override
        public void pinged(JakartaSession session) {
            // Pongs go to the application's endpoint: that a ping could be sent has to do as a sign of life.
            hub.pong(session);
        }

        @Override
        public void closed(JakartaSession session, CloseReason reason, boolean hard) {
            known.values().remove(session);
            if (hard) {
                hub.ended(session);
            }
        }
    }
}
