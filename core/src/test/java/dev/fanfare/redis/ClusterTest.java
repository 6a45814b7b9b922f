package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster;
import dev.fanfare.BroadcasterContract;
import dev.fanfare.Gap;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import dev.fanfare.fixtures.RedisCluster;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.fixtures.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** The contract over a cluster, and what a cluster adds to it as long as no server fails. */
class ClusterTest extends BroadcasterContract {

    private static RedisCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = RedisCluster.start(0);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Override
    protected List<? extends Broadcaster> nodes(int count) {
        return Stream.generate(
                        () -> builder(cluster).linger(Duration.ofMillis(1)).build())
                .limit(count)
                .toList();
    }

    static RedisBroadcaster.Builder builder(RedisCluster cluster) {
        return builder(cluster, DefaultJedisClientConfig.builder().build());
    }

    static RedisBroadcaster.Builder builder(RedisCluster cluster, JedisClientConfig client) {
        return RedisBroadcaster.builder()
                .cluster(
                        cluster.ports().stream()
                                .map(port -> new HostAndPort("127.0.0.1", port))
                                .collect(Collectors.toSet()),
                        client);
    }

    @Test
    void historyIsRefusedAsLongAsAClusterCannotKeepIt() {
        var builder = builder(cluster).history("room.*", 100, Duration.ofHours(1));
        var refusal = assertThrows(IllegalArgumentException.class, builder::build);
        assertEquals("history is not available on a cluster yet: it cannot keep \"room.*\"", refusal.getMessage());
    }

    private RedisServer other(int slot) {
        var owner = cluster.owner(slot);
        return cluster.servers().stream()
                .filter(server -> server != owner)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void channelsAreSpreadOverAllMasters() {
        try (var broadcaster = builder(cluster).build()) {
            var node = Node.start(broadcaster);
            var name = channel();
            IntStream.range(0, 60).forEach(n -> node.join(name + n));
            for (var server : cluster.servers()) {
                long here = server.command("PUBSUB", "SHARDCHANNELS")
                        .lines()
                        .filter(channel -> channel.startsWith(name))
                        .count();
                assertTrue(here > 0 && here < 60, () -> here + " at " + server.port());
            }
            IntStream.range(0, 60)
                    .forEach(n -> assertEquals(
                            1, node.publish(name + n, "hello").join().receivers()));
            IntStream.range(0, 60).forEach(n -> node.awaitTexts(name + n, 1));
        }
    }

    @Test
    void otherProgramsTakePartByShardedPubSub() {
        try (var broadcaster = builder(cluster).build()) {
            var node = Node.start(broadcaster);
            var channel = channel();
            node.join(channel);
            try (var raw = RawRedis.connect(
                    "127.0.0.1", cluster.owner(cluster.slot(channel)).port())) {
                assertEquals("1", raw.command("SPUBLISH", channel, "hello"));
            }
            node.awaitTexts(channel, 1);
        }
    }

    @Test
    void aChannelMovesWithItsSlotAndThatIsAGapOfThisChannelAlone() {
        try (var one = builder(cluster).build();
                var two = builder(cluster).build()) {
            var publishing = Node.start(one);
            var node = Node.start(two);
            var moves = channel();
            int slot = cluster.slot(moves);
            var stays = Stream.generate(BroadcasterContract::channel)
                    .filter(name ->
                            cluster.slot(name) != slot && cluster.owner(cluster.slot(name)) == cluster.owner(slot))
                    .findFirst()
                    .orElseThrow();
            node.join(moves);
            node.join(stays);
            publishing.publish(moves, "before").join();
            node.awaitTexts(moves, 1);
            cluster.move(slot, other(slot));
            Await.until("a gap", () -> !node.gaps.isEmpty());
            assertEquals(1, publishing.publish(moves, "after").join().receivers());
            node.awaitTexts(moves, 2);
            assertEquals(1, node.gaps.size(), node.gaps::toString);
            assertEquals(moves, node.gaps.get(0).channel());
            assertEquals(Gap.Reason.FAILOVER, node.gaps.get(0).reason());
            assertFalse(node.states.contains(Broadcaster.State.DOWN), node.states::toString);
        }
    }

    @Test
    void messagesKeepTheirOrderWhileTheirSlotMoves() {
        try (var one = builder(cluster).publishTimeout(Duration.ofSeconds(20)).build();
                var two = builder(cluster).build()) {
            var publishing = Node.start(one);
            var node = Node.start(two);
            var channel = channel();
            int slot = cluster.slot(channel);
            node.join(channel);
            var receipts = IntStream.range(0, 6_000)
                    .mapToObj(n -> {
                        if (n % 2_000 == 1_000) {
                            cluster.move(slot, other(slot));
                        }
                        return publishing.publish(channel, Integer.toString(n));
                    })
                    .toList();
            receipts.forEach(receipt -> receipt.join());
            var last = new AtomicInteger(5_999);
            Await.until("one of the last", () -> {
                publishing
                        .publish(channel, Integer.toString(last.incrementAndGet()))
                        .join();
                return node.texts(channel).stream().anyMatch(text -> Integer.parseInt(text) >= 6_000);
            });
            var numbers = node.texts(channel).stream().map(Integer::valueOf).toList();
            assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
        }
    }

    @Test
    void everyMasterIsProvenByACanaryOfItsOwn() {
        var before = cluster.servers().stream().map(ClusterTest::published).toList();
        try (var broadcaster = builder(cluster)
                .liveness(Duration.ofMillis(100), Duration.ofSeconds(5))
                .build()) {
            Node.start(broadcaster).awaitLive();
            for (int n = 0; n < 3; n++) {
                var server = cluster.servers().get(n);
                long enough = before.get(n) + 3;
                Await.until("canaries", () -> published(server) >= enough);
                assertTrue(server.command("PUBSUB", "SHARDCHANNELS").contains("\u0001nodes"));
            }
        }
    }

    /** How many messages {@code server} took. */
    private static long published(RedisServer server) {
        return server.command("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_spublish:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("cmdstat_spublish:calls=(\\d+),.*", "$1")))
                .sum();
    }

    @Test
    void aClusterThatIsDownAtTheStartIsWaitedFor() {
        try (var proxy = TcpProxy.to("127.0.0.1", cluster.ports().get(0))) {
            proxy.refuse();
            try (var broadcaster = RedisBroadcaster.builder()
                    .cluster(
                            Set.of(new HostAndPort("127.0.0.1", proxy.port())),
                            DefaultJedisClientConfig.builder().build())
                    .publishTimeout(Duration.ofMillis(300))
                    .build()) {
                var node = Node.start(broadcaster);
                var channel = channel();
                var join = broadcaster.subscribe(channel);
                Await.until("an explanation", () -> !node.causes.isEmpty());
                var failure = OwnRedis.failure(node.publish(channel, "too early"));
                assertEquals(BroadcastException.class, failure.getClass());
                OwnRedis.assertSays("Connection refused", failure);
                assertFalse(join.isDone());
                proxy.accept();
                join.join();
                node.awaitLive();
                Await.until("published", () -> OwnRedis.published(node.publish(channel, "hello")));
                Await.until("received", () -> node.texts(channel).contains("hello"));
                assertEquals(List.of(), node.gaps);
            }
        }
    }

    @Test
    void aPrefixThatPutsEverythingIntoOneSlotLeavesTheOtherMastersInPeace() {
        try (var broadcaster = builder(cluster)
                .prefix("{shop}:")
                .liveness(Duration.ofMillis(100), Duration.ofSeconds(5))
                .build()) {
            var node = Node.start(broadcaster);
            var channel = channel();
            node.join(channel);
            Storm.blow(Duration.ofMillis(500));
            assertEquals(1, node.publish(channel, "hello").join().receivers());
            node.awaitTexts(channel, 1);
            node.awaitLive();
            assertFalse(node.states.contains(Broadcaster.State.DOWN), node.causes::toString);
        }
    }

    @Test
    void documentedRightsAreAllThatANodeNeeds() throws Exception {
        for (var server : cluster.servers()) {
            server.command(DocumentedRightsTest.documented("+ssubscribe"));
            server.command("ACL", "LOG", "RESET");
        }
        var client = DefaultJedisClientConfig.builder()
                .user("app")
                .password("secret")
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .build();
        try (var broadcaster = builder(cluster, client)
                .prefix("shop:")
                .linger(Duration.ofMillis(1))
                .build()) {
            var node = Node.start(broadcaster);
            var channel = channel();
            node.join(channel);
            var owner = cluster.owner(cluster.slot("shop:" + channel));
            assertEquals(1, node.publish(channel, "one").join().receivers());
            owner.command("CLIENT", "KILL", "USER", "app");
            Await.until("back", () -> OwnRedis.published(node.publish(channel, "two")));
            node.broadcaster.unsubscribe(channel);
            Await.until("left", () -> !owner.command("PUBSUB", "SHARDCHANNELS").contains(channel));
            for (var server : cluster.servers()) {
                assertEquals("", server.command("ACL", "LOG"), "what Redis refused");
            }
        }
    }

    @Test
    void aServerThatIsNoClusterIsAConfigurationError() {
        try (var single = RedisServer.start();
                var broadcaster = RedisBroadcaster.builder()
                        .cluster(
                                Set.of(new HostAndPort("127.0.0.1", single.port())),
                                DefaultJedisClientConfig.builder().build())
                        .build()) {
            var node = Node.start(broadcaster);
            Await.until("an explanation", () -> !node.causes.isEmpty());
            var cause = assertInstanceOf(BroadcastException.Misconfigured.class, node.causes.get(0));
            OwnRedis.assertSays("name this Redis by uri or address instead of cluster", cause);
        }
    }
}
