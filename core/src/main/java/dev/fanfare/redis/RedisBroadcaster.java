package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster;
import dev.fanfare.History;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.Receipt;
import dev.fanfare.Receiver;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/**
 * Carries messages between nodes through Redis Pub/Sub: two connections and five threads, however many channels; two of
 * each more where Sentinels name the server, one of each more with history, and so many for each master of a cluster.
 *
 * <p>The order of a channel is the order in which Redis accepted its messages. Delivery is at most once: what is
 * published while a node is not connected does not reach that node, which reports a {@linkplain Receiver#gap gap} for
 * every channel it had, unless {@linkplain Builder#history history} fills that in. A connection that ends is made anew until {@link #close}, and everything is subscribed again.
 *
 * <p>Plain text is its UTF-8 bytes on the Redis channel of the same name, so other programs can take part.
 *
 * <p>Thread-safe. Only {@link #close} blocks. Whoever creates one closes it, or gives it to a hub, which does.
 *
 * @since 0.1.0
 */
public final class RedisBroadcaster implements Broadcaster, History {

    private static final Duration DRAIN = Duration.ofSeconds(3);

    private final Settings settings;
    private final Carrier carrier;
    private final Object lifecycle = new Object();

    @GuardedBy("lifecycle")
    private boolean closed;

    private volatile boolean started;

    private RedisBroadcaster(Settings settings) {
        this.settings = settings;
        this.carrier = settings.topology() instanceof Topology.Seeds cluster
                ? new Cluster(settings, cluster.addresses())
                : new Connections(settings);
    }

    /**
     * A broadcaster for the Redis at {@code uri}, with the defaults of {@link Builder}. Returns at once: nothing is
     * connected before {@link #start}, and a Redis that cannot be reached is no error here.
     *
     * @param uri {@code redis://host}, with a port if it is not 6379, and {@code user:password@} or {@code :password@}
     *     in front of the host if Redis wants them (percent-encoded); {@code rediss://} for TLS, checked against the JVM's
     *     trust store. A {@code /database} has no meaning for Pub/Sub and is ignored
     * @throws IllegalArgumentException if {@code uri} is malformed
     */
    public static RedisBroadcaster connect(String uri) {
        return builder().uri(uri).build();
    }

    /** For everything that {@link #connect} leaves at its default. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void start(Receiver receiver) {
        Objects.requireNonNull(receiver, "receiver");
        synchronized (lifecycle) {
            if (started || closed) {
                throw new IllegalStateException(
                        closed ? "the broadcaster is closed" : "already started: one broadcaster serves one hub");
            }
            carrier.start(receiver);
            started = true;
        }
    }

    /** {@inheritDoc} @throws IllegalStateException if it was not started; once closed, the future fails instead */
    @Override
    public CompletableFuture<Receipt> publish(String channel, Message message) {
        requireStarted();
        return carrier.publish(Objects.requireNonNull(channel, "channel"), message);
    }

    @Override
    public boolean covers(String channel) {
        return carrier.histories().keys(channel) != null;
    }

    @Override
    public CompletableFuture<Page> after(String channel, Position position, int limit) {
        return carrier.histories().ask(channel, Objects.requireNonNull(position, "position"), limit);
    }

    @Override
    public CompletableFuture<Page> newest(String channel, int limit) {
        return carrier.histories().ask(channel, null, limit);
    }

    /** {@inheritDoc} @throws IllegalStateException if it was not started; once closed, the future is cancelled instead */
    @Override
    public CompletableFuture<Void> subscribe(String channel) {
        requireStarted();
        return carrier.subscribe(Objects.requireNonNull(channel, "channel"));
    }

    @Override
    public void unsubscribe(String channel) {
        carrier.unsubscribe(Objects.requireNonNull(channel, "channel"));
    }

    /** {@inheritDoc} Waits for open publishes up to 3 seconds, up to 5 more for a connection that is being opened. */
    @Override
    public void close() {
        synchronized (lifecycle) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (started) {
            carrier.close(DRAIN);
        }
    }

    @Override
    public String toString() {
        return "RedisBroadcaster[" + settings.address() + "]";
    }

    private void requireStarted() {
        if (!started) {
            throw new IllegalStateException("not started");
        }
    }

    /** What a broadcaster shall be like; see {@link #builder}. Not thread-safe. */
    public static final class Builder {

        private final Settings.Draft draft = new Settings.Draft();

        private Builder() {}

        /**
         * The Redis to use; default {@code redis://localhost:6379}.
         *
         * @throws IllegalArgumentException if {@code uri} is malformed, see {@link RedisBroadcaster#connect}
         */
        public Builder uri(String uri) {
            var parsed = RedisUri.parse(Objects.requireNonNull(uri, "uri"));
            return address(parsed.hostAndPort(), parsed.clientConfig());
        }

        /**
         * The Redis to use, in the terms of Jedis: credentials, TLS, timeouts and name are taken from {@code client} as
         * they are. Only the protocol is always that of RESP2, and its socket timeout is how long an answer may take.
         */
        public Builder address(HostAndPort hostAndPort, JedisClientConfig client) {
            draft.topology = new Topology.OneServer(Objects.requireNonNull(hostAndPort, "hostAndPort"));
            draft.client = Objects.requireNonNull(client, "client");
            return this;
        }

        /**
         * The Redis that Sentinels watch under the name {@code master}, wherever it is at the moment: they are asked before
         * every connection, and heard while it stands.
         *
         * @param sentinels some of them; one that answers is enough
         * @param client as of {@link #address}, for the master, whichever server that is
         * @param sentinelClient the same for the Sentinels, which have credentials and TLS of their own
         * @throws IllegalArgumentException if {@code master} or {@code sentinels} is empty
         */
        public Builder sentinel(
                String master, Set<HostAndPort> sentinels, JedisClientConfig client, JedisClientConfig sentinelClient) {
            if (master.isEmpty() || sentinels.isEmpty()) {
                throw new IllegalArgumentException(
                        "the master \"" + master + "\" needs a name, and one of its Sentinels");
            }
            draft.topology = new Sentinels(
                    master, List.copyOf(sentinels), Objects.requireNonNull(sentinelClient, "sentinelClient"));
            draft.client = Objects.requireNonNull(client, "client");
            return this;
        }

        /**
         * The Redis Cluster that {@code servers} belong to, by sharded Pub/Sub: every channel is at the master that has its
         * slot, and moves with the slot. Needs Redis 7.0 or newer; programs that take part use {@code SPUBLISH} and
         * {@code SSUBSCRIBE}. There are two connections and five threads for each master, and the limits of
         * {@link #publishQueue} are those of each.
         *
         * @param servers some of its servers; one that answers is enough
         * @param client as of {@link #address}, for all servers
         * @throws IllegalArgumentException if {@code servers} is empty
         */
        public Builder cluster(Set<HostAndPort> servers, JedisClientConfig client) {
            if (servers.isEmpty()) {
                throw new IllegalArgumentException("a cluster needs at least one of its servers");
            }
            draft.topology = new Topology.Seeds(List.copyOf(servers));
            draft.client = Objects.requireNonNull(client, "client");
            return this;
        }

        /** Put before every channel's name in Redis, to keep applications apart; default none. */
        public Builder prefix(String prefix) {
            draft.prefix = Objects.requireNonNull(prefix, "prefix");
            return this;
        }

        /**
         * How much may wait to be published or answered, before a publish fails with
         * {@link BroadcastException.QueueFull}; default 65,536 messages and 64 MiB.
         *
         * @throws IllegalArgumentException if one of them is not positive
         */
        public Builder publishQueue(int messages, long bytes) {
            if (messages <= 0 || bytes <= 0) {
                throw new IllegalArgumentException(
                        "publishQueue must be positive, not " + messages + " messages and " + bytes + " bytes");
            }
            draft.queueMessages = messages;
            draft.queueBytes = bytes;
            return this;
        }

        /**
         * When the outcome of a publish is known at the latest; default 5 seconds.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder publishTimeout(Duration timeout) {
            draft.publishTimeout = positive("publishTimeout", timeout);
            return this;
        }

        /**
         * Lets messages wait for up to {@code age} while Redis cannot be reached, instead of failing after the
         * {@linkplain #publishTimeout publish timeout}; bounded by the {@linkplain #publishQueue queue}, too, which they share
         * with new ones, in order. Only what was never written waits: the outcome of anything else is unknown, as ever.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder bufferWhileDown(Duration age) {
            draft.bufferAge = positive("age", age);
            return this;
        }

        /**
         * How long a channel that was left stays subscribed, because to join it again is then immediate; default 5
         * seconds.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder linger(Duration time) {
            draft.linger = positive("linger", time);
            return this;
        }

        /**
         * How often an idle connection is tried with a PING and the way through both with a canary, and how long a
         * connection may be silent before it is given up; default 5 and 12 seconds. A subscriber that answers and receives
         * nothing is noticed within two intervals.
         *
         * @throws IllegalArgumentException if one is not positive, or the timeout is not longer than the interval
         */
        public Builder liveness(Duration pingInterval, Duration readTimeout) {
            draft.pingInterval = positive("pingInterval", pingInterval);
            draft.readTimeout = positive("readTimeout", readTimeout);
            if (readTimeout.compareTo(pingInterval) <= 0) {
                throw new IllegalArgumentException("readTimeout " + readTimeout.toMillis()
                        + " ms must be longer than pingInterval " + pingInterval.toMillis() + " ms");
            }
            return this;
        }

        /**
         * How long to wait between attempts to connect: doubling from {@code first} up to {@code refused} while Redis
         * refuses or ends connections, up to {@code slow} while it is silent or wrongly configured; default 50
         * milliseconds, 1 second and 5 seconds. The last half of each wait is random.
         *
         * @throws IllegalArgumentException if one is not positive, or they do not ascend
         */
        public Builder backoff(Duration first, Duration refused, Duration slow) {
            draft.backoffFirst = positive("first", first);
            draft.backoffRefused = positive("refused", refused);
            draft.backoffSlow = positive("slow", slow);
            if (first.compareTo(refused) > 0 || refused.compareTo(slow) > 0) {
                throw new IllegalArgumentException("backoff must ascend, not " + first.toMillis() + ", "
                        + refused.toMillis() + ", " + slow.toMillis() + " ms");
            }
            return this;
        }

        /**
         * Keeps messages of the channels that {@code pattern} matches in Redis, so that nothing is missed across reconnects,
         * restarts and nodes. Of several patterns the first counts. The same on all nodes, or some messages are not kept.
         *
         * @param pattern {@code *} stands for any characters
         * @param messages so many of each channel, and up to a hundred more
         * @param age for so long, and up to an eighth longer
         * @throws IllegalArgumentException if {@link Retention} refuses it
         */
        public Builder history(String pattern, int messages, Duration age) {
            draft.history.add(new Retention(pattern, messages, age));
            return this;
        }

        Builder scriptsOnly() {
            draft.functions = false;
            return this;
        }

        /** A broadcaster, not started yet. @throws IllegalArgumentException if a {@link #cluster} shall keep {@link #history} */
        public RedisBroadcaster build() {
            if (draft.topology instanceof Topology.Seeds && !draft.history.isEmpty()) {
                throw new IllegalArgumentException("history is not available on a cluster yet: it cannot keep \""
                        + draft.history.get(0).pattern() + "\"");
            }
            return new RedisBroadcaster(settings());
        }

        /** What time it is in gaps and reports; tests set it. */
        Builder clock(Clock clock) {
            draft.clock = clock;
            return this;
        }

        Settings settings() {
            return draft.settings();
        }

        private static Duration positive(String name, Duration value) {
            if (value.toMillis() <= 0 || value.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(name + " must be between 1 millisecond and 1 day, not " + value);
            }
            return value;
        }
    }
}
