package dev.fanfare.benchmarks.load;

import dev.fanfare.Hub;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.fixtures.TcpProxy;
import dev.fanfare.redis.RedisBroadcaster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/**
 * 8 threads publish as fast as they can, by a hub and by a pool of 8 Jedis connections, on loopback and through a proxy
 * that makes a round trip take 1 ms. What is counted was answered by Redis.
 */
final class PublishTurns {

    /** Answered publishes a second. */
    record Rates(String network, List<Double> hub, List<Double> pool) {}

    private static final String CHANNEL = "publish";
    private static final Duration ONE_WAY = Duration.ofNanos(500_000);

    private final RedisServer redis;
    private final Options options;
    private final Traffic traffic;
    private final PublishLoad load;

    PublishTurns(RedisServer redis, Options options) {
        this.redis = redis;
        this.options = options;
        this.traffic = options.traffic(Scenario.PUBLISH);
        this.load = new PublishLoad(traffic);
    }

    List<Rates> run() throws Exception {
        try (var proxy = TcpProxy.to("127.0.0.1", redis.port())) {
            proxy.delay(ONE_WAY);
            return List.of(network("loopback", redis.port()), network("1 ms round trip", proxy.port()));
        }
    }

    private Rates network(String name, int port) throws Exception {
        var rates = new Rates(name, new ArrayList<>(), new ArrayList<>());
        try (var hub = Hub.create(RedisBroadcaster.connect("redis://127.0.0.1:" + port));
                var pool = pool(port)) {
            hub.ready().get(10, TimeUnit.SECONDS);
            load.saturated(hub, CHANNEL, options.warmUp() / 2);
            byPool(pool, options.warmUp() / 2);
            for (int round = 0; round < options.rounds(); round++) {
                rates.hub().add(load.saturated(hub, CHANNEL, options.seconds()).perSecond());
                rates.pool().add(byPool(pool, options.seconds()));
            }
        }
        return rates;
    }

    private RedisClient pool(int port) {
        var size = new ConnectionPoolConfig();
        size.setMaxTotal(traffic.publishers());
        return RedisClient.builder()
                .hostAndPort("127.0.0.1", port)
                .poolConfig(size)
                .build();
    }

    private double byPool(RedisClient pool, double seconds) throws Exception {
        var answered = new LongAdder();
        long start = System.nanoTime();
        load.repeat(seconds, () -> {
            pool.publish(CHANNEL, load.text());
            answered.increment();
            return null;
        });
        return answered.sum() / ((System.nanoTime() - start) / 1e9);
    }
}
