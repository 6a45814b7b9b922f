package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Gap;
import dev.fanfare.Hub;
import dev.fanfare.Message;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.fixtures.SentinelGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** History under load while connections and servers are killed: whatever was accepted comes once and in its order. */
class HistoryChaosTest {

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void everythingEnds() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        OwnRedis.awaitNoThread();
    }

    private static RedisBroadcaster.Builder kept(RedisBroadcaster.Builder builder) {
        return builder.history("room", 100_000, Duration.ofHours(1)).publishTimeout(Duration.ofSeconds(5));
    }

    /** A node that listens, and counts what it hears. */
    private final class Node {
        final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Gap> gaps = new ConcurrentLinkedQueue<>();
        final Hub hub;

        Node(RedisBroadcaster.Builder builder) throws Exception {
            hub = Hub.create(kept(builder).build());
            opened.add(hub);
            hub.subscribe("room", message -> heard.add(((Message.Text) message).text()), gaps::add)
                    .ready()
                    .get(20, TimeUnit.SECONDS);
        }

        void close() {
            opened.remove(hub);
            hub.close();
        }
    }

    /** Broadcasts numbers, a few at a time, and knows which were accepted. */
    private static final class Sender {
        final List<String> accepted = new ArrayList<>();
        private final Hub hub;
        private int number;

        Sender(Hub hub) {
            this.hub = hub;
        }

        void send(int count) {
            List<CompletableFuture<Boolean>> outcomes = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                texts.add("" + ++number);
                outcomes.add(hub.broadcast("room", "" + number).handle((receipt, failure) -> receipt != null));
            }
            for (int i = 0; i < count; i++) {
                if (outcomes.get(i).join()) {
                    accepted.add(texts.get(i));
                }
            }
        }

        /** Until one is accepted, after which everybody can be level. */
        void sendUntilAccepted() {
            int before = accepted.size();
            Await.until("accepted again", () -> {
                send(1);
                return accepted.size() > before;
            });
        }
    }

    /** Everything that was accepted is there once, in order; what is there besides had an unknown outcome. */
    private static void assertComplete(Sender sender, Node node) {
        var last = sender.accepted.get(sender.accepted.size() - 1);
        Await.until("the last one came", () -> node.heard.contains(last));
        var heard = List.copyOf(node.heard);
        var missing = new ArrayList<>(sender.accepted);
        missing.removeAll(new HashSet<>(heard));
        assertEquals(List.of(), missing);
        for (int i = 1; i < heard.size(); i++) {
            var before = heard.get(i - 1);
            assertTrue(
                    Integer.parseInt(before) < Integer.parseInt(heard.get(i)), heard.get(i) + " came behind " + before);
        }
    }

    private RedisServer durable() {
        var redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        opened.add(redis);
        return redis;
    }

    @Test
    void restartsOfADurableRedisLoseNothing() throws Exception {
        restarts(2);
    }

    @Test
    @Tag("chaos")
    void tenRestartsOfADurableRedisLoseNothing() throws Exception {
        restarts(10);
    }

    private void restarts(int times) throws Exception {
        var redis = durable();
        var one = new Node(OwnRedis.quick(redis.port()));
        var two = new Node(OwnRedis.quick(redis.port()));
        var sender = new Sender(two.hub);
        for (int i = 0; i < times; i++) {
            sender.send(300);
            var sending = CompletableFuture.runAsync(() -> sender.send(300));
            redis.restart();
            sending.join();
            sender.sendUntilAccepted();
        }
        assertComplete(sender, one);
        assertComplete(sender, two);
        assertEquals(List.of(), List.copyOf(one.gaps));
        assertEquals(List.of(), List.copyOf(two.gaps));
    }

    @Test
    @Tag("chaos")
    void aHundredKillsOfConnectionsLoseNothing() throws Exception {
        var redis = durable();
        var one = new Node(OwnRedis.quick(redis.port()));
        var two = new Node(OwnRedis.quick(redis.port()));
        var sender = new Sender(two.hub);
        try (var raw = RawRedis.connect("127.0.0.1", redis.port())) {
            for (int i = 0; i < 100; i++) {
                var sending = CompletableFuture.runAsync(() -> sender.send(200));
                raw.command("CLIENT", "KILL", "TYPE", i % 3 == 0 ? "normal" : "pubsub", "SKIPME", "yes");
                sending.join();
            }
        }
        sender.sendUntilAccepted();
        assertComplete(sender, one);
        assertComplete(sender, two);
        assertEquals(List.of(), List.copyOf(one.gaps));
    }

    @Test
    @Tag("chaos")
    void tenNodesThatDieLoseNothingForTheOthers() throws Exception {
        var redis = durable();
        var stays = new Node(OwnRedis.quick(redis.port()));
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            var dies = new Node(OwnRedis.quick(redis.port()));
            int first = i * 1_000;
            for (int n = 0; n < 200; n++) {
                var text = "" + (first + n);
                dies.hub.broadcast("room", text).get(20, TimeUnit.SECONDS);
                accepted.add(text);
            }
            dies.close();
        }
        Await.until("all came", () -> stays.heard.size() >= accepted.size());
        assertEquals(accepted, List.copyOf(stays.heard));
        assertEquals(List.of(), List.copyOf(stays.gaps));
    }

    @Test
    void aFailoverToAReplicaThatLagsIsAGapAndSwallowsNothingNew() throws Exception {
        var group = SentinelGroup.start();
        opened.add(group);
        var node = new Node(sentinel(group));
        var sender = new Sender(node.hub);
        sender.send(100);
        var master = group.master();
        var replica = group.replica();
        Await.until(
                "the replica has them",
                () -> group.command(replica, "HGET", "\u0001meta:{room}", "top").equals("100"));
        group.command(replica, "CONFIG", "SET", "masterauth", "wrong");
        group.command(master, "CLIENT", "KILL", "TYPE", "replica");
        sender.send(50);
        Await.until("all came", () -> node.heard.size() == 150);
        var before = sender.accepted.size();
        master.kill();
        sender.sendUntilAccepted();
        sender.send(50);
        var last = sender.accepted.get(sender.accepted.size() - 1);
        Await.until("the last one came", () -> node.heard.contains(last));
        var after = sender.accepted.subList(before, sender.accepted.size());
        var heard = List.copyOf(node.heard);
        assertEquals(after, heard.stream().filter(after::contains).toList(), "what is new is swallowed");
        assertEquals(heard.size(), new HashSet<>(heard).size(), "twice");
        Await.until("told", () -> !node.gaps.isEmpty());
        assertTrue(node.gaps.stream().anyMatch(gap -> gap.reason() == Gap.Reason.HISTORY_LOST), node.gaps.toString());
    }

    private static RedisBroadcaster.Builder sentinel(SentinelGroup group) {
        return SentinelTest.builder(group)
                .liveness(Duration.ofMillis(500), Duration.ofSeconds(3))
                .backoff(Duration.ofMillis(5), Duration.ofMillis(100), Duration.ofMillis(300));
    }
}
