package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Broadcaster.State;
import dev.fanfare.Gap;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RedisCluster;
import dev.fanfare.fixtures.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.DefaultJedisClientConfig;

/** Slots and masters of a cluster change under load, nodes follow them, the account is right and nothing is left. */
@Timeout(120)
class ClusterFailureTest {

    private static final boolean FULL = Boolean.getBoolean("fanfare.chaos");

    private RedisCluster cluster;
    private Storm storm;

    @BeforeEach
    void startCluster() {
        cluster = RedisCluster.start(1);
        // The first master, which has a replica, has one of the channels at least.
        int slot = cluster.slot("red");
        if (cluster.owner(slot) != cluster.servers().get(0)) {
            cluster.move(slot, cluster.servers().get(0));
        }
        storm = new Storm(3, n -> builder().build(), Duration.ofMillis(3));
    }

    private RedisBroadcaster.Builder builder() {
        return ClusterTest.builder(
                        cluster,
                        DefaultJedisClientConfig.builder()
                                .socketTimeoutMillis(1_500)
                                .connectionTimeoutMillis(500)
                                .build())
                .liveness(Duration.ofMillis(500), Duration.ofSeconds(3))
                .backoff(Duration.ofMillis(5), Duration.ofMillis(100), Duration.ofMillis(300))
                .publishTimeout(Duration.ofSeconds(2));
    }

    @AfterEach
    void nothingIsLeft() {
        assertTrue(storm.accepted() > 0);
        storm.close();
        OwnRedis.awaitNoThread();
        cluster.servers().stream().filter(RedisServer::running).forEach(server -> {
            Await.until(
                    "no connection is left",
                    () -> server.command("CLIENT", "LIST")
                            .lines()
                            .noneMatch(client -> client.contains("cmd=spublish") || client.contains("cmd=ssubscribe")));
            Await.until(
                    "no subscription is left",
                    () -> server.command("PUBSUB", "SHARDCHANNELS").isEmpty());
        });
        cluster.close();
    }

    @Test
    void slotsMigrate() {
        var masters = cluster.servers().subList(0, 3);
        for (int round = 0; round < (FULL ? 30 : 6); round++) {
            int slot = cluster.slot(Storm.CHANNELS.get(round % 3));
            cluster.move(slot, masters.get((masters.indexOf(cluster.owner(slot)) + 1) % 3));
            Storm.blow(Duration.ofMillis(100));
        }
        storm.settle();
        storm.nodes().forEach(node -> {
            assertTrue(node.hasGap(Gap.Reason.FAILOVER), node.gaps::toString);
            assertFalse(node.states.isEmpty());
        });
    }

    @Test
    void aMasterIsLostAndItsReplicaTakesOver() {
        var threads = OwnRedis.threads();
        cluster.servers().get(0).kill();
        awaitDown();
        storm.settle();
        storm.nodes()
                .forEach(node -> assertTrue(
                        node.gaps.stream().anyMatch(gap -> gap.channel().equals("red"))));
        Await.until("as many threads as before", () -> OwnRedis.threads().equals(threads));
    }

    @Test
    void aMasterHandsOverToItsReplica() {
        cluster.failover();
        Await.until("it took over", () -> cluster.owner(cluster.slot("red")) == cluster.replica());
        storm.settle();
        storm.nodes()
                .forEach(node -> assertTrue(
                        node.gaps.stream().anyMatch(gap -> gap.channel().equals("red"))));
    }

    @Test
    @Tag("chaos")
    void allConnectionsToAllMastersAreKilled() {
        for (int round = 0; round < 20; round++) {
            for (var server : cluster.servers()) {
                server.command("CLIENT", "KILL", "TYPE", round % 2 == 0 ? "pubsub" : "normal");
            }
            Storm.blow(Duration.ofMillis(150));
        }
        storm.settle();
    }

    @Test
    @Tag("chaos")
    void aMasterIsFrozenAndComesBackAsAReplica() {
        var old = cluster.servers().get(0);
        storm.masterFreezes();
        old.pause();
        try {
            // Whoever hears of the new master first leaves the frozen one without having missed its answer.
            Await.until(
                    "everybody noticed",
                    () -> storm.nodes().stream()
                            .allMatch(node -> node.states.contains(State.DOWN) || node.hasGap(Gap.Reason.FAILOVER)));
            Storm.blow(Duration.ofSeconds(10));
        } finally {
            old.resume();
        }
        storm.settle();
    }

    private void awaitDown() {
        Await.until(
                "everybody noticed", () -> storm.nodes().stream().allMatch(node -> node.states.contains(State.DOWN)));
    }
}
