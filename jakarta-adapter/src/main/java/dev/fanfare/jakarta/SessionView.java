package dev.fanfare.jakarta;

import dev.fanfare.Message;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EncodeException;
import jakarta.websocket.Extension;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import jakarta.websocket.WebSocketContainer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A container's session as the methods of an endpoint see it: the same, but what is sent through it takes its turn in the
 * session's outbox, so that the application and the hub never write at the same time. An endpoint sees one view of its
 * session, always the same. Thread-safe.
 */
final class SessionView implements Session {

    private static final Logger LOG = System.getLogger(SessionView.class.getName());

    /** The connection ended without a word, a send failed, the session was too slow. */
    private static final Set<Integer> GIVEN_UP = Set.of(1006, 1011, 1013);

    private final Session raw;
    private final WebSocketHub hub;
    private final Coders coders;
    /** Made when they are asked for, as most sessions are only sent to by the hub. */
    private volatile RemoteEndpoint.@Nullable Basic basic;

    private volatile RemoteEndpoint.@Nullable Async async;
    /** Why the application closed the session. */
    private volatile @Nullable CloseReason closing;
    /** Why the hub closes the session. */
    private volatile @Nullable CloseReason givenUp;

    SessionView(Session raw, WebSocketHub hub, Coders coders) {
        this.raw = raw;
        this.hub = hub;
        this.coders = coders;
    }

    /** The container's session, also of one that is no view. */
    static Session raw(Session session) {
        return session instanceof SessionView view ? view.raw : session;
    }

    /** What is sent for {@code value}. */
    Message encode(Object value) throws EncodeException, IOException {
        return coders.encode(value);
    }

    /** Sends {@code message}, and returns when it is sent, or left to the outbox by a thread that may not wait. */
    void send(Message message) throws IOException {
        Patience patience = hub.known().patience();
        boolean waits = Patience.mayWait();
        var outgoing = outgoing(message, waits);
        submit(outgoing);
        if (waits) {
            var turn = patience.awaitTurn(outgoing);
            if (turn != null) {
                outgoing.write(raw, turn, patience.timeout());
                return; // the client may have got it and gone meanwhile, which is no failure
            }
        }
        outgoing.check();
    }

    /**
     * Begins to send {@code message}.
     *
     * @return what completes on a thread for the application; null while {@code @OnOpen} runs
     */
    @Nullable
    CompletableFuture<@Nullable Void> submit(Outgoing message) throws IOException {
        return turns().submit(message, sent -> hub.known().sendFramed(raw, sent));
    }

    /** A message to be submitted, as the session's client understands it. */
    Outgoing outgoing(Message message, boolean awaited) {
        if (!isAllowed(message.size())) {
            throw new IllegalArgumentException(tooLong(message.size()));
        }
        JakartaSession known = hub.known().find(raw);
        return new Outgoing(known == null ? message : known.framed(message), awaited);
    }

    /** Whether a message may have {@code length} bytes. */
    boolean isAllowed(long length) {
        return length <= hub.messageBytes();
    }

    /** What the application is told if not. */
    String tooLong(long length) {
        return "the message has " + length + " bytes: at most " + hub.messageBytes()
                + " are allowed (Builder.messageBytes)";
    }

    /** Has the application told of a message that it sent while @OnOpen ran. */
    void tell(Runnable notice) {
        JakartaSession known = hub.known().find(raw);
        if (known == null) {
            notice.run();
        } else {
            known.turns().tell(notice);
        }
    }

    private Turns turns() throws IOException {
        JakartaSession known = closing != null ? null : hub.known().find(raw);
        if (known == null) {
            throw Turns.closed();
        }
        return known.turns();
    }

    @Override
    public RemoteEndpoint.Basic getBasicRemote() {
        RemoteEndpoint.Basic known = basic;
        return known == null ? makeBasic() : known;
    }

    @Override
    public RemoteEndpoint.Async getAsyncRemote() {
        RemoteEndpoint.Async known = async;
        return known == null ? makeAsync() : known;
    }

    private synchronized RemoteEndpoint.Basic makeBasic() {
        RemoteEndpoint.Basic known = basic;
        if (known == null) {
            known = new BasicRemote(this, new Parts(hub.messageBytes()));
            basic = known;
        }
        return known;
    }

    private synchronized RemoteEndpoint.Async makeAsync() {
        RemoteEndpoint.Async known = async;
        if (known == null) {
            known = new AsyncRemote(this, hub.known().patience().timeout());
            async = known;
        }
        return known;
    }

    @Override
    public Set<Session> getOpenSessions() {
        Set<Session> views = new LinkedHashSet<>();
        for (Session open : raw.getOpenSessions()) {
            views.add(hub.known().view(open));
        }
        return views;
    }

    @Override
    public void close() throws IOException {
        close(new CloseReason(CloseReason.CloseCodes.NORMAL_CLOSURE, null));
    }

    /**
     * Why the session ended: as the application closed it, if it did and the hub gave the session up only then, because a
     * broadcast could not be sent any more. Jetty tells the later reason if that is the worse one. Undertow says 1000 of a
     * connection that broke while the hub was closing its session (UndertowSession.closeInternal of 2.3.24).
     */
    CloseReason ended(CloseReason reason) {
        int code = reason.getCloseCode().getCode();
        CloseReason own = closing;
        if (own != null) {
            return GIVEN_UP.contains(code) ? own : reason;
        }
        CloseReason hubs = givenUp;
        return hubs != null && code == CloseReason.CloseCodes.NORMAL_CLOSURE.getCode() ? hubs : reason;
    }

    /** The hub closes the session. */
    void givenUp(CloseReason reason) {
        givenUp = reason;
    }

    /** Closes when what the application sent before has left, at once if nothing of it waits. */
    @Override
    public void close(CloseReason reason) throws IOException {
        JakartaSession known = hub.known().find(raw);
        CompletableFuture<?> sent =
                known == null || closing != null ? null : known.turns().pending();
        if (closing == null) {
            closing = reason; // on some containers the session stays open until the client answers
        }
        if (sent == null) {
            close(known, reason);
            return;
        }
        sent.whenComplete((done, cause) -> {
            try {
                close(known, reason);
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.DEBUG, "Closing a session failed", e);
            }
        });
    }

    private void close(@Nullable JakartaSession known, CloseReason reason) throws IOException {
        if (known != null) {
            known.closing(false);
        }
        raw.close(reason);
    }

    @Override
    public boolean isOpen() {
        return closing == null && raw.isOpen();
    }

    @Override
    public WebSocketContainer getContainer() {
        return raw.getContainer();
    }

    @Override
    public void addMessageHandler(MessageHandler handler) {
        raw.addMessageHandler(handler);
    }

    @Override
    public <T> void addMessageHandler(Class<T> type, MessageHandler.Whole<T> handler) {
        raw.addMessageHandler(type, handler);
    }

    @Override
    public <T> void addMessageHandler(Class<T> type, MessageHandler.Partial<T> handler) {
        raw.addMessageHandler(type, handler);
    }

    @Override
    public Set<MessageHandler> getMessageHandlers() {
        return raw.getMessageHandlers();
    }

    @Override
    public void removeMessageHandler(MessageHandler handler) {
        raw.removeMessageHandler(handler);
    }

    @Override
    public String getProtocolVersion() {
        return raw.getProtocolVersion();
    }

    @Override
    public String getNegotiatedSubprotocol() {
        return raw.getNegotiatedSubprotocol();
    }

    @Override
    public List<Extension> getNegotiatedExtensions() {
        return raw.getNegotiatedExtensions();
    }

    @Override
    public boolean isSecure() {
        return raw.isSecure();
    }

    @Override
    public long getMaxIdleTimeout() {
        return raw.getMaxIdleTimeout();
    }

    @Override
    public void setMaxIdleTimeout(long milliseconds) {
        raw.setMaxIdleTimeout(milliseconds);
    }

    @Override
    public void setMaxBinaryMessageBufferSize(int length) {
        raw.setMaxBinaryMessageBufferSize(length);
    }

    @Override
    public int getMaxBinaryMessageBufferSize() {
        return raw.getMaxBinaryMessageBufferSize();
    }

    @Override
    public void setMaxTextMessageBufferSize(int length) {
        raw.setMaxTextMessageBufferSize(length);
    }

    @Override
    public int getMaxTextMessageBufferSize() {
        return raw.getMaxTextMessageBufferSize();
    }

    @Override
    public String getId() {
        return raw.getId();
    }

    @Override
    public URI getRequestURI() {
        return raw.getRequestURI();
    }

    @Override
    public Map<String, List<String>> getRequestParameterMap() {
        return raw.getRequestParameterMap();
    }

    @Override
    public String getQueryString() {
        return raw.getQueryString();
    }

    @Override
    public Map<String, String> getPathParameters() {
        return raw.getPathParameters();
    }

    @Override
    public Map<String, Object> getUserProperties() {
        return raw.getUserProperties();
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
        return raw.getUserPrincipal();
    }

    @Override
    public String toString() {
        return raw.toString();
    }

    /** Pings do not wait: they may stand between the frames of a message. */
    void ping(ByteBuffer payload) throws IOException {
        raw.getAsyncRemote().sendPing(payload);
    }

    void pong(ByteBuffer payload) throws IOException {
        raw.getAsyncRemote().sendPong(payload);
    }
}
