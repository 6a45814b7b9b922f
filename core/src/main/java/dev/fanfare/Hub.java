package dev.fanfare;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sessions join and leave channels; messages are broadcast to channels, on every node, or sent to one session. For the
 * authors of adapters; applications hold an adapter's hub, which offers the same operations for its container's sessions.
 *
 * <p>Thread-safe. No method but {@link #close} blocks: they enqueue and return a future. The futures complete on the
 * {@linkplain Builder#executor executor}, so what is chained to them may block without delaying a message; completing or
 * cancelling one changes nothing in the hub.
 *
 * <p>All sessions of a channel, on all nodes, see its messages in one order; messages that one thread broadcasts keep that
 * thread's order as long as their outcome is a receipt. Between channels there is no order.
 *
 * <p>The hub owns its broadcaster, and the caller owes the hub a {@link #close}. After that every method but {@code
 * close}, {@link #stats}, {@link #sessions} and {@link #ended} throws {@link IllegalStateException}.
 */
public final class Hub implements AutoCloseable {

    private final Engine engine;

    private Hub(Broadcaster broadcaster, Settings settings) {
        this.engine = new Engine(broadcaster, settings);
        engine.start();
    }

    /** A hub over {@code broadcaster}, with the defaults of {@link Builder}. @see Builder#build */
    public static Hub create(Broadcaster broadcaster) {
        return builder(broadcaster).build();
    }

    /** A builder for a hub over {@code broadcaster}. */
    public static Builder builder(Broadcaster broadcaster) {
        return new Builder(broadcaster);
    }

    /**
     * Returns {@code channel} if it may be the name of a channel: for adapters that ask before there is a session.
     *
     * @throws IllegalArgumentException if it is empty, longer than 512 bytes of UTF-8, or has control characters
     */
    public static String checkChannel(String channel) {
        return ChannelName.check(channel);
    }

    /** Takes a session in, before it joins or is sent anything. Opening it again does nothing. */
    public void open(ClientSession session) {
        engine.opened().open(session);
    }

    /** The session has ended, says its container: it leaves its channels, and what waits for it is given up. */
    public void ended(ClientSession session) {
        engine.ended(session);
    }

    /** The session's client answered a ping. */
    public void pong(ClientSession session) {
        engine.pong(session);
    }

    /**
     * Joins a channel. Broadcasts that this node makes to the channel while the join is pending wait for it, so that a
     * session always sees its own first message; they wait no longer than the broadcast timeout.
     *
     * @return completes when every message that the carrier accepts from now on reaches the session. Stays pending while
     *     the carrier is down; fails with {@link BroadcastException.Refused} if it refuses the channel; is cancelled when
     *     the session leaves the channel or ends, and when the hub closes; fails with {@link IllegalStateException} if
     *     the session is not open
     * @throws IllegalArgumentException if {@code channel} could not be the name of a channel: see {@link #checkChannel}
     */
    public CompletableFuture<@Nullable Void> join(ClientSession session, String channel) {
        ChannelName.check(channel);
        return engine.opened().join(session, lane -> engine.channels().acquire(channel, lane));
    }

    /** Joins a channel of events as it is: the session gets what its codec encoded. @see #join(ClientSession, String) */
    public <T> CompletableFuture<@Nullable Void> join(ClientSession session, Channel<T> channel) {
        return join(session, channel.name());
    }

    /**
     * Joins a channel of events: the session gets, as text, what {@code renderer} makes of each. {@linkplain Channel Keep
     * the renderer in a constant}: sessions that join with the same object share what it makes.
     *
     * @return as {@link #join(ClientSession, String)}; fails with {@link IllegalStateException} if the session has joined
     *     that channel with another renderer or codec, or without one: it has to leave before
     */
    public <T> CompletableFuture<@Nullable Void> join(
            ClientSession session, Channel<T> channel, Function<? super T, String> renderer) {
        Objects.requireNonNull(renderer, "renderer");
        return engine.opened().join(session, lane -> engine.channels().acquire(channel, renderer, lane));
    }

    /** Whether messages of {@code channel} are kept, so that a join may {@linkplain Replay replay} them. */
    public boolean hasHistory(String channel) {
        return engine.opened().hasHistory(ChannelName.check(channel));
    }

    /**
     * Joins a channel with history: the session gets what {@code replay} says first, then everything that comes.
     *
     * @return completes when that is in the session's outbox; fails as {@link #join(ClientSession, String)}, and with {@link
     *     IllegalStateException} if the session has joined the channel already
     * @throws IllegalArgumentException if the channel has no history, or {@code channel} could not be a channel's name
     */
    public CompletableFuture<Replay.Outcome> join(ClientSession session, String channel, Replay replay) {
        ChannelName.check(channel);
        return engine.opened()
                .join(session, channel, replay, lane -> engine.channels().acquire(channel, lane));
    }

    /** Joins a channel of events as it is, with a replay. @see #join(ClientSession, String, Replay) */
    public <T> CompletableFuture<Replay.Outcome> join(ClientSession session, Channel<T> channel, Replay replay) {
        return join(session, channel.name(), replay);
    }

    /** Joins a channel of events with a renderer and a replay. @see #join(ClientSession, String, Replay) */
    public <T> CompletableFuture<Replay.Outcome> join(
            ClientSession session, Channel<T> channel, Function<? super T, String> renderer, Replay replay) {
        Objects.requireNonNull(renderer, "renderer");
        return engine.opened()
                .join(session, channel.name(), replay, lane -> engine.channels().acquire(channel, renderer, lane));
    }

    /** For adapters with a protocol of their own; a null replay is none, and needs no history. @see #join(ClientSession, String) */
    public CompletableFuture<Replay.Outcome> join(
            ClientSession session, String channel, ClientSession.Framing framing, @Nullable Replay replay) {
        ChannelName.check(channel);
        return engine.opened()
                .join(session, channel, replay, lane -> engine.channels().acquire(channel, framing, lane));
    }

    /** Leaves a channel, if joined; completes when nothing more of it is handed to the session. @see #checkChannel */
    public CompletableFuture<@Nullable Void> leave(ClientSession session, String channel) {
        ChannelName.check(channel);
        return engine.opened().onLane(session, member -> member.leave(channel));
    }

    /** Leaves a channel of events, however it was joined. @see #leave(ClientSession, String) */
    public <T> CompletableFuture<@Nullable Void> leave(ClientSession session, Channel<T> channel) {
        return leave(session, channel.name());
    }

    /** Leaves every channel; completes when no further message of any is handed to the session. */
    public CompletableFuture<@Nullable Void> leave(ClientSession session) {
        return engine.opened().onLane(session, Member::leaveAll);
    }

    /**
     * Keeps this node subscribed to {@code channel} until the hub closes, whether or not one of its sessions joined.
     * Keeping it again does nothing.
     *
     * @return completes when the subscription is confirmed. Stays pending while the carrier is down; fails with {@link
     *     BroadcastException.Refused} if it refuses the channel, which is then not kept; is cancelled when the hub closes
     * @throws IllegalArgumentException if {@code channel} could not be the name of a channel
     */
    public CompletableFuture<@Nullable Void> keep(String channel) {
        return engine.opened().keep(ChannelName.check(channel));
    }

    /** Has {@code handler} called with every message of {@code channel}. @see #subscribe(Channel, Consumer, Consumer) */
    public Subscription subscribe(String channel, Consumer<? super Message> handler) {
        return subscribe(channel, handler, gap -> {});
    }

    /** The same, and {@code gaps} called where messages may be missing. @see #subscribe(Channel, Consumer, Consumer) */
    public Subscription subscribe(String channel, Consumer<? super Message> handler, Consumer<? super Gap> gaps) {
        return engine.opened().subscribe(ChannelName.check(channel), handler, gaps);
    }

    /** Has {@code handler} called with every event of {@code channel}. @see #subscribe(Channel, Consumer, Consumer) */
    public <T> Subscription subscribe(Channel<T> channel, Consumer<? super T> handler) {
        return subscribe(channel, handler, gap -> {});
    }

    /**
     * Has {@code handler} called with every event of {@code channel}, of this node's own too, without any session. In order
     * and one call at a time, on the executor; it may block, at its own expense.
     *
     * @param gaps called in order with it, where events may be missing: lost, or {@link Gap.Reason#HANDLER_OVERFLOW} here
     * @return what ends it, as closing the hub does; what comes from {@link Subscription#ready} on is complete
     */
    public <T> Subscription subscribe(Channel<T> channel, Consumer<? super T> handler, Consumer<? super Gap> gaps) {
        return engine.opened().subscribe(channel, handler, gaps);
    }

    /** Broadcasts text. @see #broadcast(String, Message) */
    public CompletableFuture<Receipt> broadcast(String channel, String text) {
        return broadcast(channel, Message.text(text));
    }

    /** Broadcasts a copy of what remains in {@code binary}. @see #broadcast(String, Message) */
    public CompletableFuture<Receipt> broadcast(String channel, ByteBuffer binary) {
        return broadcast(channel, Message.binary(binary));
    }

    /**
     * Broadcasts a message to every session that joined {@code channel}, on every node, those of this node included.
     *
     * @return completes with what the carrier answered, or fails with a {@link BroadcastException} that says what became
     *     of the message: within the publish timeout while the carrier is down, at once when too much waits
     * @throws IllegalArgumentException if {@code channel} could not be the name of a channel, or {@code message} is larger
     *     than {@link #messageBytes}
     */
    public CompletableFuture<Receipt> broadcast(String channel, Message message) {
        return engine.opened().broadcast(ChannelName.check(channel), message);
    }

    /** Broadcasts an event, encoded by the channel's codec, which may throw, in this thread. @see #broadcast(String, Message) */
    public <T> CompletableFuture<Receipt> broadcast(Channel<T> channel, T event) {
        return broadcast(channel.name(), channel.codec().encode(event));
    }

    /** Sends text to one session of this node. @see #send(ClientSession, Message) */
    public CompletableFuture<@Nullable Void> send(ClientSession session, String text) {
        return send(session, Message.text(text));
    }

    /** Sends a copy of what remains in {@code binary} to one session of this node. @see #send(ClientSession, Message) */
    public CompletableFuture<@Nullable Void> send(ClientSession session, ByteBuffer binary) {
        return send(session, Message.binary(binary));
    }

    /**
     * Sends a message to one session of this node, through its outbox: never at the same time as a broadcast.
     *
     * @return completes when the session's container took the message; fails with a {@link BroadcastException} if the
     *     session ended before or its outbox is full, with {@link IllegalStateException} if it is not open
     * @throws IllegalArgumentException if {@code message} is larger than {@link #messageBytes}
     */
    public CompletableFuture<@Nullable Void> send(ClientSession session, Message message) {
        return engine.opened().send(session, message);
    }

    /** For adapters with a protocol of their own: a message that may be larger by its frame. @see #send(ClientSession, Message) */
    public CompletableFuture<@Nullable Void> sendFramed(ClientSession session, Message frame) {
        return engine.opened().sendFramed(session, frame);
    }

    /** Completes when messages flow; fails at once with {@link BroadcastException.Misconfigured} if waiting does not help. */
    public CompletableFuture<@Nullable Void> ready() {
        return engine.opened().connectivity().ready();
    }

    /** Counters and state at this instant. */
    public HubStats stats() {
        return engine.stats();
    }

    /** Which sessions of this node joined which channels. */
    public SessionRegistry sessions() {
        return engine.internals().registry();
    }

    /** The largest message that may be broadcast or sent, in bytes; adapters raise their inbound limits to it. */
    public int messageBytes() {
        return engine.settings().messageBytes();
    }

    /**
     * Closes the hub, its broadcaster and its sessions, within the close timeout: refuses new calls, cancels joins that
     * wait, publishes what waits, flushes outboxes for at most 2 s, closes every session with 1001 (Going Away) after its
     * last message, gives up those that do not answer. Blocks meanwhile. Closing again does nothing.
     */
    @Override
    public void close() {
        engine.close();
    }

    /** Limits and choices of a hub. Each method returns the builder; sizes are in bytes. Not thread-safe. */
    public static final class Builder {
        private final Broadcaster broadcaster;
        final Settings.Draft settings = new Settings.Draft();

        private Builder(Broadcaster broadcaster) {
            this.broadcaster = Objects.requireNonNull(broadcaster, "broadcaster");
        }

        /**
         * What the log calls this node, such as its host or its port: a random name by default. No other node learns it.
         *
         * @throws IllegalArgumentException if it is blank, has a control character or more than 100 characters
         */
        public Builder node(String name) {
            settings.node = Settings.node(name);
            return this;
        }

        /** Who is told what happens; nobody by default. */
        public Builder listener(HubListener listener) {
            settings.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Where listeners run and futures complete. By default virtual threads where the JDK has them, else a pool of 8
         * threads. A given executor is the caller's to close; one that runs tasks in the calling thread would let
         * application code into the hub's own threads and must not be used.
         */
        public Builder executor(Executor executor) {
            settings.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /** What happens when an outbox is full: {@link OverflowPolicy#DISCONNECT} by default. */
        public Builder overflow(OverflowPolicy policy) {
            settings.overflow = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** What happens to the messages of one channel when an outbox is full. */
        public Builder overflow(String channel, OverflowPolicy policy) {
            settings.overflowByChannel.put(ChannelName.check(channel), Objects.requireNonNull(policy, "policy"));
            return this;
        }

        /** How much may wait for one session behind the run in flight: 16,384 messages, 4 MiB. An empty outbox takes any run. */
        public Builder outbox(int messages, long bytes) {
            settings.outboxMessages = (int) Settings.positive("outbox messages", messages);
            settings.outboxBytes = Settings.positive("outbox bytes", bytes);
            return this;
        }

        /** How much may wait for a lane, a channel's renderers, a handler: 65,536 messages, 64 MiB. More is a gap. */
        public Builder laneQueue(int messages, long bytes) {
            settings.laneMessages = (int) Settings.positive("lane queue messages", messages);
            settings.laneBytes = Settings.positive("lane queue bytes", bytes);
            return this;
        }

        /**
         * How many bytes of messages that some session has not taken yet this node may hold in all: 64 MiB or, if more, a
         * quarter of the heap, by default. Beyond that the session with the oldest ones is disconnected.
         */
        public Builder pinnedBytes(long bytes) {
            settings.pinnedBytes = Settings.positive("pinned bytes", bytes);
            return this;
        }

        /** The largest message, in both directions: 1 MiB by default. */
        public Builder messageBytes(int bytes) {
            settings.messageBytes = (int) Settings.positive("message bytes", bytes);
            return this;
        }

        /** A send without any progress for so long ends its session: 30 s by default. */
        public Builder sendTimeout(Duration timeout) {
            settings.sendTimeout = Settings.positive("send timeout", timeout);
            return this;
        }

        /** How long a broadcast may wait for a join that is pending: 5 s by default. */
        public Builder broadcastTimeout(Duration timeout) {
            settings.broadcastTimeout = Settings.positive("broadcast timeout", timeout);
            return this;
        }

        /** How often a quiet session is pinged: every 25 s by default; two pings without an answer end it. */
        public Builder pingInterval(Duration interval) {
            settings.pingInterval = Settings.positive("ping interval", interval);
            return this;
        }

        /** How long {@link Hub#close} may take: 10 s by default. */
        public Builder closeTimeout(Duration timeout) {
            settings.closeTimeout = Settings.positive("close timeout", timeout);
            return this;
        }

        /** How many lanes serve sessions that have none of their own: a quarter of the processors, 1 to 8, by default. */
        public Builder lanes(int lanes) {
            settings.lanes = (int) Settings.positive("lanes", lanes);
            return this;
        }

        /** How long a lane collects messages before it sends them, so that more go in one write: 0 by default, at most 1 s. */
        public Builder coalescing(Duration window) {
            settings.coalescing = Settings.upTo(Duration.ofSeconds(1), "coalescing", window);
            return this;
        }

        /** Makes the hub and starts its broadcaster, unless that serves another hub: {@link IllegalStateException}. */
        public Hub build() {
            return new Hub(broadcaster, settings.settings());
        }
    }
}
