package dev.fanfare.jakarta;

import dev.fanfare.ClientSession;
import dev.fanfare.Message;
import dev.fanfare.Run;
import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A container's session as the hub sees it. Thread-safe. */
final class JakartaSession implements ClientSession {

    /** Who deployed the session, and so knows what else depends on it. */
    interface Owner {
        /** The session as the application knows it. */
        default Session view(Session session) {
            return session;
        }

        /** Whether there is such a view, and the application closes the session through it. */
        default boolean hasView() {
            return true;
        }

        /** The client did not keep to the protocol, and was told so: the session is to be closed. */
        default void refused(CloseReason.CloseCodes code, String reason) {}

        /** A ping left. */
        void pinged(JakartaSession session);

        /** The hub is about to ask the container to close the session. */
        default void closing(CloseReason reason) {}

        /** The hub asked the container to close the session; {@code hard}: and now to drop it. */
        void closed(JakartaSession session, CloseReason reason, boolean hard);
    }

    private static final Logger LOG = System.getLogger(JakartaSession.class.getName());
    /** What a close frame holds besides the code. */
    private static final int REASON_BYTES = 123;

    private final String id;
    private final Session session;
    private final Owner owner;
    /** Asked for once: Jetty creates it lazily without a lock. */
    private final RemoteEndpoint.Async remote;

    /** What sends where the sender cannot. */
    private final RunSender fallback;

    private final RunSender sender;
    private final Turns turns;
    /** Set before there is anything to say. */
    private volatile @Nullable Conversation conversation;

    /** A session that holds the first run back until {@link #opened}. */
    JakartaSession(String id, Session session, Owner owner, FastPaths paths) {
        this.id = id;
        this.session = session;
        this.owner = owner;
        this.remote = session.getAsyncRemote();
        PortableSender portable = paths.portable(remote);
        this.fallback = paths.fallback(session, portable, owner.hasView());
        this.sender = paths.sender(session, remote, fallback);
        this.turns = new Turns(sender, portable);
    }

    @Override
    public String id() {
        return id;
    }

    /** The session as the application knows it. */
    Session view() {
        return owner.view(session);
    }

    /** From now on the session has the protocol. */
    void converse(Conversation with) {
        conversation = with;
    }

    /** What the session says to its client by the protocol, if both have it. */
    @Nullable
    Conversation conversation() {
        return conversation;
    }

    /** What is sent to the session alone, as its client understands it. */
    Message framed(Message message) {
        return conversation == null ? message : Frames.alone(message);
    }

    /** Who writes to the session next. */
    Turns turns() {
        return turns;
    }

    @Override
    public @Nullable Executor affinity() {
        return sender.affinity();
    }

    @Override
    public void send(Run run, Completion completion) {
        turns.send(run, completion);
    }

    /** Which way runs go. */
    Class<?> sender() {
        return sender.inUse().getClass();
    }

    /** Lets runs go out: the application's @OnOpen, which may send on its own, has returned. */
    void opened() {
        turns.opened();
    }

    /** Somebody is about to close the session, or {@code hard}: it has ended, or its connection is dropped. */
    void closing(boolean hard) {
        fallback.closing(hard);
    }

    @Override
    public void ping() {
        if (!session.isOpen()) {
            throw new IllegalStateException("the session is closed");
        }
        try {
            remote.sendPing(ByteBuffer.allocate(0));
        } catch (IOException e) {
            throw new IllegalStateException("the ping failed", e);
        }
        owner.pinged(this);
    }

    @Override
    public void close(int code, String reason, boolean hard) {
        var closeReason = new CloseReason(CloseReason.CloseCodes.getCloseCode(code), Utf8.cut(reason, REASON_BYTES));
        owner.closing(closeReason);
        closing(hard);
        try {
            if (!hard || !HardClose.drop(session, closeReason)) {
                session.close(closeReason);
            }
        } catch (IOException | RuntimeException e) {
            // The session is given up already; there is nobody left who could act on this.
            LOG.log(Level.DEBUG, "Closing session " + id + " failed", e);
        } finally {
            owner.closed(this, closeReason, hard);
        }
    }
}
