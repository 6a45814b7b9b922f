package dev.fanfare.redis;

import java.util.List;
import java.util.function.Consumer;
import redis.clients.jedis.HostAndPort;

/** Where the Redis is that may be published to: asked anew for every connection. Thread-safe. */
sealed interface Topology permits Topology.OneServer, Topology.Seeds, Sentinels {

    /**
     * Its address; may block for a few connections' time.
     *
     * @param asking told of every connection that is opened in order to find out, so that it can be ended
     * @throws RuntimeException if nobody knows
     */
    HostAndPort master(Consumer<RedisLink> asking);

    /** A connection to {@code address} turned out not to lead to the master, or nowhere. */
    void rejected(HostAndPort address);

    /** As shown to people. */
    String describe(String scheme);

    /** Always the same. */
    record OneServer(HostAndPort address) implements Topology {

        @Override
        public HostAndPort master(Consumer<RedisLink> asking) {
            return address;
        }

        @Override
        public void rejected(HostAndPort rejected) {
            // There is no other.
        }

        @Override
        public String describe(String scheme) {
            return scheme + show(address);
        }
    }

    /** Some servers of a cluster, which has many masters: {@link Cluster} connects to each by its own address. */
    record Seeds(List<HostAndPort> addresses) implements Topology {

        @Override
        public HostAndPort master(Consumer<RedisLink> asking) {
            throw new IllegalStateException("a cluster has no single master");
        }

        @Override
        public void rejected(HostAndPort rejected) {
            // The cluster says itself who owns what.
        }

        @Override
        public String describe(String scheme) {
            return scheme + "cluster of " + show(addresses);
        }
    }

    static String show(HostAndPort address) {
        var host = address.getHost();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    static String show(List<HostAndPort> addresses) {
        return String.join(", ", addresses.stream().map(Topology::show).toList());
    }
}
