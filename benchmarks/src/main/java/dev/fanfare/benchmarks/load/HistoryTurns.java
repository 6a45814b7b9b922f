package dev.fanfare.benchmarks.load;

import dev.fanfare.Hub;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.redis.RedisBroadcaster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What history costs a publish: the same hub on a channel without history, on one with history by the Function and by the
 * script, and by the Function where Redis writes each message to its disk before it answers. They take turns.
 */
final class HistoryTurns {

    /** Of one way, a figure for each round. {@code redisMicros}: CPU time that Redis spent for one publish. */
    record Costs(String way, List<Double> rates, List<Double> redisMicros, List<Double> p50, List<Double> p99) {}

    private static final int MESSAGES = 1_000;
    private static final Duration AGE = Duration.ofHours(1);
    private static final int PACED_PER_SECOND = 1_000;
    private static final Pattern CPU = Pattern.compile("used_cpu_(?:user|sys):([0-9.]+)");

    private final Options options;
    private final PublishLoad load;

    HistoryTurns(Options options) {
        this.options = options;
        this.load = new PublishLoad(options.traffic(Scenario.HISTORY));
    }

    List<Costs> run() throws Exception {
        try (var redis = RedisServer.start();
                var durable = RedisServer.start("--appendonly", "yes", "--appendfsync", "always")) {
            redis.command("ACL", "SETUSER", "scripts", "on", ">secret", "~*", "&*", "+@all", "-function", "-fcall");
            try (var plain = new Way("Pub/Sub, no history", redis, redis.uri(), false);
                    var function = new Way("history, by the Function", redis, redis.uri(), true);
                    var script = new Way("history, by the script", redis, as("scripts:secret", redis), true);
                    var always = new Way("history, `appendfsync always`", durable, durable.uri(), true)) {
                var ways = List.of(plain, function, script, always);
                for (var way : ways) {
                    way.warmUp();
                }
                for (int round = 0; round < options.rounds(); round++) {
                    for (var way : ways) {
                        way.turn();
                    }
                }
                return ways.stream().map(way -> way.costs).toList();
            }
        }
    }

    /** Who may not load Functions gets the script. */
    private static String as(String user, RedisServer redis) {
        return "redis://" + user + "@127.0.0.1:" + redis.port();
    }

    private final class Way implements AutoCloseable {
        final Costs costs;
        private final String channel;
        private final RedisServer redis;
        private final Hub hub;

        Way(String name, RedisServer redis, String uri, boolean history) throws Exception {
            this.costs = new Costs(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            this.channel = name;
            this.redis = redis;
            var builder = RedisBroadcaster.builder().uri(uri);
            if (history) {
                builder.history("*", MESSAGES, AGE);
            }
            this.hub = Hub.create(builder.build());
            hub.ready().get(10, TimeUnit.SECONDS);
        }

        void warmUp() throws Exception {
            load.saturated(hub, channel, options.warmUp() / 2);
            load.paced(hub, channel, PACED_PER_SECOND, options.warmUp() / 2);
        }

        void turn() throws Exception {
            double before = cpuSeconds();
            var answered = load.saturated(hub, channel, options.seconds());
            costs.rates().add(answered.perSecond());
            costs.redisMicros().add(1e6 * (cpuSeconds() - before) / answered.count());
            var latencies = load.paced(hub, channel, PACED_PER_SECOND, options.seconds());
            costs.p50().add(latencies.millis(0.5));
            costs.p99().add(latencies.millis(0.99));
            LoadRunner.say(
                    "%s: %.0f publishes/s, p99 %.2f ms", costs.way(), answered.perSecond(), latencies.millis(0.99));
        }

        private double cpuSeconds() {
            return CPU.matcher(redis.command("INFO", "cpu"))
                    .results()
                    .mapToDouble(used -> Double.parseDouble(used.group(1)))
                    .sum();
        }

        @Override
        public void close() {
            hub.close();
        }
    }
}
