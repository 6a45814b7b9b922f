package dev.fanfare.redis;

import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;

/** One master of a cluster, which has a part of the slots. */
final class Shard {

    private final HostAndPort address;
    private final SlotSubscriptions subscriptions;
    private final Connections connections;

    Shard(
            HostAndPort address,
            Settings settings,
            BiConsumer<Shard, Subscription> released,
            BiPredicate<Publication, JedisDataException> redirected) {
        var own = settings.ofServer(address);
        this.address = address;
        this.subscriptions = new SlotSubscriptions(own);
        this.connections = new Connections(own, subscriptions, s -> released.accept(this, s), redirected);
    }

    HostAndPort address() {
        return address;
    }

    SlotSubscriptions subscriptions() {
        return subscriptions;
    }

    RedisPublisher publisher() {
        return connections.publisher();
    }

    Connections connections() {
        return connections;
    }
}
