package dev.fanfare.redis;

import dev.fanfare.History.Retention;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.util.JedisClusterCRC16;

/** What {@link RedisBroadcaster.Builder} was told. Immutable. */
record Settings(
        Topology topology,
        JedisClientConfig client,
        String prefix,
        int queueMessages,
        long queueBytes,
        Duration publishTimeout,
        Duration bufferAge,
        Duration linger,
        Duration pingInterval,
        Duration readTimeout,
        Duration backoffFirst,
        Duration backoffRefused,
        Duration backoffSlow,
        boolean sharded,
        List<Retention> history,
        boolean functions,
        Clock clock) {

    /** The same for one server of a cluster. */
    Settings ofServer(HostAndPort address) {
        return new Settings(
                new Topology.OneServer(address),
                client,
                prefix,
                queueMessages,
                queueBytes,
                publishTimeout,
                bufferAge,
                linger,
                pingInterval,
                readTimeout,
                backoffFirst,
                backoffRefused,
                backoffSlow,
                sharded,
                history,
                functions,
                clock);
    }

    /** The address as shown to people: never with a password. */
    String address() {
        return topology.describe(tls() ? "rediss://" : "redis://");
    }

    boolean tls() {
        return client.isSsl() || client.getSslOptions() != null;
    }

    /** Whether messages may wait for Redis for longer than their outcome may take. */
    boolean buffers() {
        return !bufferAge.isZero();
    }

    /** How long a message may wait to be written. */
    Duration patience() {
        return bufferAge.compareTo(publishTimeout) > 0 ? bufferAge : publishTimeout;
    }

    /** How long an answer may take. */
    Duration replyTimeout() {
        int millis = client.getSocketTimeoutMillis();
        return millis > 0 ? Duration.ofMillis(millis) : publishTimeout;
    }

    /** The slot of a channel in a cluster. */
    int slot(String channel) {
        return JedisClusterCRC16.getSlot(wire(channel));
    }

    /** The channel's name in Redis. */
    byte[] wire(String channel) {
        return (prefix + channel).getBytes(StandardCharsets.UTF_8);
    }

    /** Always subscribed, so that a connection without channels still receives; see docs/wire-format.md. */
    String controlChannel() {
        return "\u0001nodes";
    }

    /** How often liveness and deadlines are looked at: often enough to be late by a twentieth. */
    Duration tick() {
        long shortest = Math.min(
                publishTimeout.toMillis(),
                Math.min(readTimeout.toMillis(), replyTimeout().toMillis()));
        return Duration.ofMillis(Math.max(5, Math.min(250, shortest / 20)));
    }

    /** The defaults, to be changed before there is a broadcaster. Not thread-safe. */
    static final class Draft {
        Topology topology = new Topology.OneServer(new HostAndPort("localhost", 6379));
        JedisClientConfig client = RedisUri.parse("redis://localhost").clientConfig();
        String prefix = "";
        int queueMessages = 65_536;
        long queueBytes = 64L << 20;
        Duration publishTimeout = Duration.ofSeconds(5);
        Duration bufferAge = Duration.ZERO;
        Duration linger = Duration.ofSeconds(5);
        Duration pingInterval = Duration.ofSeconds(5);
        Duration readTimeout = Duration.ofSeconds(12);
        Duration backoffFirst = Duration.ofMillis(50);
        Duration backoffRefused = Duration.ofSeconds(1);
        Duration backoffSlow = Duration.ofSeconds(5);
        final List<Retention> history = new ArrayList<>();
        boolean functions = true;
        Clock clock = Clock.systemUTC();

        Settings settings() {
            return new Settings(
                    topology,
                    client,
                    prefix,
                    queueMessages,
                    queueBytes,
                    publishTimeout,
                    bufferAge,
                    linger,
                    pingInterval,
                    readTimeout,
                    backoffFirst,
                    backoffRefused,
                    backoffSlow,
                    topology instanceof Topology.Seeds,
                    List.copyOf(history),
                    functions,
                    clock);
        }
    }
}
