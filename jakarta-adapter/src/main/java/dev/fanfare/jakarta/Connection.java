package dev.fanfare.jakarta;

import dev.fanfare.BroadcastException;
import dev.fanfare.Message;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.EncodeException;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A session of an annotated endpoint: what the container tells of it reaches the endpoint's methods and the hub. */
final class Connection implements JakartaSession.Owner {

    private static final Logger LOG = System.getLogger(Connection.class.getName());

    private final WebSocketHub hub;
    private final EndpointModel model;
    private final Instances<?> instances;
    private final Object instance;
    private final Session session;
    private final EndpointConfig config;
    private final Query query;
    private final Coders coders;
    private final SessionView view;
    private final AtomicBoolean ended = new AtomicBoolean();
    /** What the session joined by annotation; set before any message can come. */
    private @Nullable String channel;

    /**
     * With a new instance of the endpoint's class.
     *
     * @throws InstantiationException if there is none, or not of a decoder or encoder
     */
    Connection(WebSocketHub hub, EndpointModel model, Instances<?> instances, Session session, EndpointConfig config)
            throws InstantiationException {
        this.hub = hub;
        this.model = model;
        this.instances = instances;
        this.session = session;
        this.config = config;
        this.query = Query.of(session);
        this.coders = new Coders(model.decoders(), model.encoders(), config);
        this.view = new SessionView(session, hub, coders);
        // Last: what was made is released when the session ends.
        this.instance = create();
    }

    private Object create() throws InstantiationException {
        Object made = null;
        try {
            made = instances.create();
            return Objects.requireNonNull(made, "the endpoint's instance");
        } finally {
            if (made == null) {
                coders.destroy();
            }
        }
    }

    /** Opens the session in the hub, which may send to it once the endpoint's @OnOpen has returned. */
    void open() {
        JakartaSession opening = admitted() ? openInHub() : null;
        if (opening == null) {
            return;
        }
        hub.known().patience().limit(session);
        if (channel != null) {
            hub.join(session, channel).whenComplete((joined, cause) -> notBroadcast(cause));
        }
        // A message may arrive while @OnOpen still runs.
        receive(opening);
        try {
            call(model.onOpen(), null);
        } catch (Throwable e) {
            failed(e);
            close(CloseCodes.UNEXPECTED_CONDITION, "@OnOpen failed");
            return;
        }
        opening.opened();
        if (ended.get()) {
            // It ended meanwhile, on another thread, perhaps before the hub knew it.
            hub.known().ended(session);
        }
    }

    private void receive(JakartaSession opening) {
        List<Reception> receptions = model.onMessage().stream()
                .map(method -> new Reception(this, method, hub.messageBytes()))
                .toList();
        session.addMessageHandler(PongMessage.class, pong -> {
            hub.known().pong(opening);
            receptions.forEach(reception -> reception.pong(pong));
        });
        Conversation conversation = opening.conversation();
        if (conversation == null) {
            receptions.forEach(reception -> reception.register(session));
        } else {
            new FrameReception(conversation, receptions, hub.messageBytes()).register(session);
        }
    }

    private boolean admitted() {
        try {
            channel = EndpointConfigurator.admit(hub, model.admission(), session, query);
            return true;
        } catch (RefusedHandshakeException e) {
            refuse(e);
            return false;
        }
    }

    /** Closes a session that no filter refused before it was one. Its @OnClose is called, as there is an instance. */
    private void refuse(RefusedHandshakeException why) {
        var reason = new CloseReason(why.closeCode(), Utf8.cut(String.valueOf(why.getMessage()), 123));
        close(reason);
        ended(reason);
    }

    private @Nullable JakartaSession openInHub() {
        try {
            return hub.known().open(session, this);
        } catch (IllegalStateException e) {
            // The hub is closed: clients that come before the container is must look for another node.
            LOG.log(Level.DEBUG, "A session came too late", e);
            if (ended.compareAndSet(false, true)) {
                release();
            }
            close(CloseCodes.GOING_AWAY, "the server is going away");
            return null;
        }
    }

    /** The container says that the session ended, or nobody waits any longer for it to say so: the first counts. */
    void ended(CloseReason reason) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        JakartaSession opened = hub.known().find(session);
        if (opened != null) {
            opened.turns().ended(); // threads of the application that still send, for which @OnClose may wait
        }
        try {
            call(model.onClose(), view.ended(reason));
        } catch (Throwable e) {
            failed(e, Level.WARNING);
        } finally {
            hub.known().ended(session);
            release();
        }
    }

    private void release() {
        coders.destroy();
        try {
            instances.release(instance);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "An instance of " + instance.getClass().getName() + " was not released", e);
        }
    }

    /** The container reports an error of the connection; without an @OnError it is @OnClose that tells of it. */
    void broken(Throwable cause) {
        if (ended.get()) {
            // Jetty still complains about a connection that was refused before @OnOpen, or dropped after @OnClose.
            LOG.log(Level.DEBUG, "A session broke after its end", cause);
            return;
        }
        failed(cause, Level.DEBUG);
    }

    /** A method of the endpoint, or a decoder or encoder, failed. That it could not send to a client is no news. */
    void failed(Throwable cause) {
        failed(cause, cause instanceof IOException || ended.get() ? Level.DEBUG : Level.WARNING);
    }

    private void failed(Throwable cause, Level unheard) {
        if (model.onError() == null) {
            LOG.log(unheard, instance.getClass().getName() + " has no @OnError for this", cause);
            return;
        }
        try {
            call(model.onError(), cause);
        } catch (Throwable e) {
            if (e != cause) {
                e.addSuppressed(cause);
            }
            LOG.log(unheard, "@OnError of " + instance.getClass().getName() + " failed", e);
        }
    }

    @Override
    public Session view(Session container) {
        return view;
    }

    @Override
    public void pinged(JakartaSession pinged) {
        // The pong is what counts.
        Conversation conversation = pinged.conversation();
        if (conversation != null) {
            conversation.pinged();
        }
    }

    @Override
    public void refused(CloseCodes code, String reason) {
        close(code, Utf8.cut(reason, 123));
    }

    @Override
    public void closing(CloseReason reason) {
        view.givenUp(reason);
    }

    @Override
    public void closed(JakartaSession closed, CloseReason reason, boolean hard) {
        if (hard) {
            // Undertow never tells of a session whose client is gone without a word.
            ended(reason);
        }
    }

    /** Calls {@code method} of the endpoint, if there is one; what it throws comes through. */
    @Nullable
    Object call(@Nullable BoundMethod method, @Nullable Object event) throws Throwable {
        return method == null ? null : call(method, event, true);
    }

    /** The same for a message or, unless {@code last}, a part of one. */
    @Nullable
    Object call(BoundMethod method, @Nullable Object event, boolean last) throws Throwable {
        return hub.known().patience().call(method, instance, new Call(view, config, query, event, last));
    }

    /** What converts this session's messages. */
    Coders coders() {
        return coders;
    }

    /** Broadcasts what an @OnMessage method returned; without @Broadcast it goes to the sender, through the outbox. */
    void returned(Object value) throws EncodeException, IOException {
        Message message = coders.encode(value);
        if (channel == null) {
            hub.send(session, message);
            return;
        }
        try {
            hub.broadcast(channel, message).whenComplete((receipt, cause) -> notBroadcast(cause));
        } catch (IllegalArgumentException | IllegalStateException e) {
            notBroadcast(new BroadcastException("what @OnMessage returned was not broadcast: " + e.getMessage(), e));
        }
    }

    /** Tells the endpoint, if there is anything to tell; the hub itself has logged it, once for many. */
    private void notBroadcast(@Nullable Throwable cause) {
        if (cause != null && !ended.get()) {
            failed(cause, Level.DEBUG);
        }
    }

    /** Closes the session, which ends it in the end. */
    void close(CloseCodes code, String reason) {
        close(new CloseReason(code, reason));
    }

    private void close(CloseReason reason) {
        JakartaSession opened = hub.known().find(session);
        if (opened != null) {
            opened.closing(false);
        }
        try {
            session.close(reason);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "Closing a session failed", e);
        }
    }
}
