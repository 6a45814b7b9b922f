package dev.fanfare.jakarta;

import dev.fanfare.Broadcaster;
import dev.fanfare.Channel;
import dev.fanfare.ClientSession;
import dev.fanfare.Gap;
import dev.fanfare.Hub;
import dev.fanfare.HubStats;
import dev.fanfare.Message;
import dev.fanfare.Receipt;
import dev.fanfare.Replay;
import dev.fanfare.SessionRegistry;
import dev.fanfare.Subscription;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an application with Jakarta WebSocket sessions holds: what is broadcast to a channel reaches every session that
 * joined it, on every node.
 *
 * <p>Thread-safe. No method but {@link #close} blocks. Every session of a channel, its own sender included, gets the
 * channel's messages in the same order; between channels there is no order. Futures complete on the
 * {@linkplain Builder#executor executor}; completing or cancelling one changes nothing in the hub.
 *
 * <p>The session may be one of an {@link #endpoint endpoint of this hub} or of one that the container deployed natively.
 * A native one is known from its first use on; as the container does not tell the hub of its end, that is found by the
 * first send that fails, or by the ping. A session that ended leaves its channels by itself.
 *
 * <p>What the methods of {@link Hub} with the same names throw, these throw. Whoever creates a hub closes it, and the hub
 * closes its broadcaster.
 */
public final class WebSocketHub implements AutoCloseable {

    /**
     * The subprotocol of browsers that resume, for {@code subprotocols} of an endpoint: sessions have it whose clients ask for
     * it, see docs/protocol.md. Whoever may join a channel may then read what is kept of it.
     */
    public static final String SUBPROTOCOL = "fanfare.v1";

    private final Hub hub;
    private final Sessions sessions;
    private final Admissions admissions;
    private final AtomicBoolean closed = new AtomicBoolean();

    private WebSocketHub(Builder builder) {
        this.hub = builder.hub.build();
        this.sessions = new Sessions(hub, new FastPaths(builder.fastPaths), builder.sendTimeout, builder.spread);
        this.admissions = new Admissions(builder.origins, builder.authorizer, builder.deflate);
    }

    /** The same as {@code builder(broadcaster).build()}, and throws the same. */
    public static WebSocketHub create(Broadcaster broadcaster) {
        return builder(broadcaster).build();
    }

    /** Options for a hub on {@code broadcaster}, which serves that hub alone and is closed by it. See {@link Hub#builder}. */
    public static Builder builder(Broadcaster broadcaster) {
        return new Builder(Hub.builder(broadcaster));
    }

    /**
     * A standard configuration for the class {@code type}, ready for {@code ServerContainer.addEndpoint}; each session
     * has its own instance. It comes from the configurator that the class names if that one makes instances, else from a
     * public constructor that takes a {@code WebSocketHub}, else from the public constructor without parameters. How the
     * annotated methods work, and what they are spared, says the {@linkplain dev.fanfare.jakarta package}.
     *
     * @throws IllegalArgumentException if the class has no {@code @ServerEndpoint}, is not public, cannot be
     *     instantiated, or has a method that is not one of the specification or a template that is none; the
     *     message names class, method and rule
     * @throws IllegalStateException if this hub is closed and the class has a channel of its own
     */
    public <T> ServerEndpointConfig endpoint(Class<T> type) {
        return EndpointConfigurator.config(this, type, null);
    }

    /** The same with instances from {@code instances}, asked once for each session, on a container's thread. */
    public <T> ServerEndpointConfig endpoint(Class<T> type, Supplier<? extends T> instances) {
        return endpoint(type, instances, instance -> {});
    }

    /**
     * The same with instances that are given to {@code released} when their session has ended, each of them once, after
     * its {@code @OnClose}, on a thread of the container or of the hub; for example beans, which are to be destroyed.
     *
     * @throws IllegalArgumentException as for {@link #endpoint(Class)}, save that any constructor will do
     */
    public <T> ServerEndpointConfig endpoint(
            Class<T> type, Supplier<? extends T> instances, Consumer<? super T> released) {
        Objects.requireNonNull(instances, "instances");
        Objects.requireNonNull(released, "released");
        return EndpointConfigurator.config(this, type, Instances.of(type, instances, released));
    }

    /**
     * The id of {@code session}, unique among the sessions of all nodes: for {@link Message.Attributes#exceptSession} and
     * {@link SessionRegistry#channelsOf}. It is not the container's id, which some containers count from 0 on each node.
     *
     * @throws IllegalStateException if the session is closed, or this hub is
     */
    public String id(Session session) {
        return sessions.id(session);
    }

    /**
     * The container's own session of which {@code session} is the view that an endpoint of a hub sees; any other is returned
     * as it is. What is sent through it may meet a broadcast: see docs/not-bugs.md.
     */
    public static Session unwrap(Session session) {
        return SessionView.raw(Objects.requireNonNull(session, "session"));
    }

    /**
     * Has {@code session} receive what is broadcast to {@code channel}. Joining again does nothing.
     *
     * @return completes when every message accepted from then on is received, or fails; see {@link Hub#join}
     */
    public CompletableFuture<@Nullable Void> join(Session session, String channel) {
        return sessions.join(session, channel);
    }

    /** Has {@code session} receive what the channel's codec encodes. See {@link Hub#join(ClientSession, Channel)}. */
    public <T> CompletableFuture<@Nullable Void> join(Session session, Channel<T> channel) {
        return join(session, channel.name());
    }

    /**
     * Has {@code session} receive, as text, what {@code renderer} makes of each event. {@linkplain Channel Keep the renderer
     * in a constant}: sessions that join with the same object share what it makes.
     *
     * @return completes when every event accepted from then on is received; fails if the session has joined the channel
     *     with another renderer or codec, or without one; see {@link Hub#join(ClientSession, Channel, Function)}
     */
    public <T> CompletableFuture<@Nullable Void> join(
            Session session, Channel<T> channel, Function<? super T, String> renderer) {
        return sessions.rendered(session, known -> hub.join(known, channel, renderer));
    }

    /** Whether messages of {@code channel} are kept. See {@link Hub#hasHistory}. */
    public boolean hasHistory(String channel) {
        return hub.hasHistory(channel);
    }

    /** Joins a channel with history, and replays some. See {@link Hub#join(ClientSession, String, Replay)}. */
    public CompletableFuture<Replay.Outcome> join(Session session, String channel, Replay replay) {
        return sessions.join(session, channel, replay);
    }

    /** The same for a channel of events as it is. See {@link Hub#join(ClientSession, Channel, Replay)}. */
    public <T> CompletableFuture<Replay.Outcome> join(Session session, Channel<T> channel, Replay replay) {
        return join(session, channel.name(), replay);
    }

    /** The same with a renderer. See {@link Hub#join(ClientSession, Channel, Function, Replay)}. */
    public <T> CompletableFuture<Replay.Outcome> join(
            Session session, Channel<T> channel, Function<? super T, String> renderer, Replay replay) {
        return sessions.rendered(session, known -> hub.join(known, channel, renderer, replay));
    }

    /**
     * Takes {@code session} out of {@code channel}.
     *
     * @return completes when nothing more of the channel is sent to the session; at once if it did not join
     */
    public CompletableFuture<@Nullable Void> leave(Session session, String channel) {
        return sessions.leave(session, channel);
    }

    /** The same with a channel of events, however it was joined. */
    public <T> CompletableFuture<@Nullable Void> leave(Session session, Channel<T> channel) {
        return leave(session, channel.name());
    }

    /** Takes {@code session} out of all its channels, as {@link #leave(Session, String)} does for one. */
    public CompletableFuture<@Nullable Void> leave(Session session) {
        return sessions.leave(session);
    }

    /** Keeps this node subscribed to {@code channel}, whether or not one of its sessions joined. See {@link Hub#keep}. */
    public CompletableFuture<@Nullable Void> keep(String channel) {
        return hub.keep(channel);
    }

    /** Has {@code handler} called with every message. See {@link Hub#subscribe(String, Consumer, Consumer)}. */
    public Subscription subscribe(String channel, Consumer<? super Message> handler) {
        return hub.subscribe(channel, handler);
    }

    /** The same, and {@code gaps} called where messages may be missing. */
    public Subscription subscribe(String channel, Consumer<? super Message> handler, Consumer<? super Gap> gaps) {
        return hub.subscribe(channel, handler, gaps);
    }

    /** Has {@code handler} called with every event. See {@link Hub#subscribe(Channel, Consumer, Consumer)}. */
    public <T> Subscription subscribe(Channel<T> channel, Consumer<? super T> handler) {
        return hub.subscribe(channel, handler);
    }

    /** The same, and {@code gaps} called where events may be missing. */
    public <T> Subscription subscribe(Channel<T> channel, Consumer<? super T> handler, Consumer<? super Gap> gaps) {
        return hub.subscribe(channel, handler, gaps);
    }

    /** Broadcasts {@code text} to all that joined {@code channel}, on all nodes. See {@link Hub#broadcast(String, String)}. */
    public CompletableFuture<Receipt> broadcast(String channel, String text) {
        return hub.broadcast(channel, text);
    }

    /** The same with a copy of what remains in {@code binary}, whose position does not move. */
    public CompletableFuture<Receipt> broadcast(String channel, ByteBuffer binary) {
        return hub.broadcast(channel, binary);
    }

    /** The same with a message that may have attributes. */
    public CompletableFuture<Receipt> broadcast(String channel, Message message) {
        return hub.broadcast(channel, message);
    }

    /** The same with an event, as the channel's codec encodes it. See {@link Hub#broadcast(Channel, Object)}. */
    public <T> CompletableFuture<Receipt> broadcast(Channel<T> channel, T event) {
        return hub.broadcast(channel, event);
    }

    /**
     * Sends {@code text} to one session of this node, through its outbox: after what waits there, and in no conflict with
     * broadcasts. See {@link Hub#send(ClientSession, String)}.
     */
    public CompletableFuture<@Nullable Void> send(Session session, String text) {
        return send(session, Message.text(text));
    }

    /** The same with a copy of what remains in {@code binary}, whose position does not move. */
    public CompletableFuture<@Nullable Void> send(Session session, ByteBuffer binary) {
        return send(session, Message.binary(binary));
    }

    /** The same with a message that may have attributes. */
    public CompletableFuture<@Nullable Void> send(Session session, Message message) {
        return sessions.send(session, message);
    }

    /** Completes when messages flow; fails at once if the broadcaster needs another configuration. See {@link Hub#ready}. */
    public CompletableFuture<@Nullable Void> ready() {
        return hub.ready();
    }

    /** Counters and state at this instant. */
    public HubStats stats() {
        return hub.stats();
    }

    /** Which channels the sessions of this node joined, by session {@link #id}. */
    public SessionRegistry sessions() {
        return hub.sessions();
    }

    /** The largest message that may be broadcast, sent or received, in bytes. */
    public int messageBytes() {
        return hub.messageBytes();
    }

    /**
     * Refuses further calls, sends what waits, and closes the broadcaster and all sessions, with 1001 (Going Away). Blocks
     * until that is done, or the {@linkplain Builder#closeTimeout timeout} has passed; sessions of endpoints that the
     * container deployed natively are waited for 2 s. Closing again does nothing.
     */
    @Override
    public void close() {
        boolean first = closed.compareAndSet(false, true);
        sessions.close();
        hub.close();
        if (first) {
            sessions.endWriters();
        }
    }

    /** What stands for the container's sessions. */
    Sessions known() {
        return sessions;
    }

    /** Which handshakes may become sessions of this hub's endpoints. */
    Admissions admissions() {
        return admissions;
    }

    /** Options of a hub; the defaults are those of {@link Hub.Builder}. Not thread-safe. */
    public static final class Builder extends HubOptions<Builder> {
        private Origins origins = Origins.allowing();
        private boolean fastPaths = true;
        private @Nullable Authorizer authorizer;
        private boolean deflate;
        private Duration spread = Duration.ofMillis(500);

        private Builder(Hub.Builder hub) {
            super(hub);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Lets pages of {@code origins}, such as {@code https://app.example.com}, open sessions of this hub's endpoints,
         * besides pages of the host that the handshake was sent to, whatever its port, and clients that tell no origin as
         * they are no browsers. Replaces what was allowed before. Behind a proxy that changes the {@code Host} header the
         * page's own origin is to be allowed, as {@code X-Forwarded-Host}, which anybody can send, is not trusted.
         *
         * @throws IllegalArgumentException if one of them is not a scheme, a host and perhaps a port
         */
        public Builder allowOrigins(String... origins) {
            this.origins = Origins.allowing(origins);
            return this;
        }

        /**
         * Whether to send by ways that Tomcat, Jetty and Undertow have besides the standard's (on by default). With the first
         * session such a way is tried, over a connection to a free port of the loopback address.
         */
        public Builder fastPaths(boolean allowed) {
            fastPaths = allowed;
            return this;
        }

        /**
         * Has {@code authorizer} decide which handshakes may become sessions of this hub's endpoints, those with the wrong
         * origin or without a required parameter aside. Everybody may by default.
         */
        public Builder authorize(Authorizer authorizer) {
            this.authorizer = Objects.requireNonNull(authorizer, "authorizer");
            return this;
        }

        /**
         * Whether to compress messages for clients that offer it, on Tomcat and Jetty (off by default): that costs 150 to
         * 300 KB of memory for each session, and its fast path. An endpoint's own configurator decides by itself.
         */
        public Builder permessageDeflate(boolean on) {
            deflate = on;
            return this;
        }

        /**
         * Over how long clients with {@link #SUBPROTOCOL} spread their return when this node closes their sessions with 1001
         * (Going Away), so that they do not come to the other nodes in one wave: half a second by default.
         *
         * @throws IllegalArgumentException if it is negative or more than an hour
         */
        public Builder reconnectSpread(Duration spread) {
            if (spread.isNegative() || spread.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("spread is " + spread + ": it must be from 0 to 1 hour");
            }
            this.spread = spread;
            return this;
        }

        /** The hub, which is at work at once. */
        public WebSocketHub build() {
            return new WebSocketHub(this);
        }
    }
}
