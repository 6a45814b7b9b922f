package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Broadcaster.State;
import dev.fanfare.BroadcasterContract.Node;
import dev.fanfare.Gap;
import dev.fanfare.LocalBroadcaster;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RedisServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is published must come back, or the connections are given up. */
class CanaryTest extends OwnRedis {

    private static final Duration PERIOD = Duration.ofMillis(200);

    private RedisBroadcaster.Builder watchful(int port) {
        return quick(port).liveness(PERIOD, Duration.ofSeconds(5));
    }

    @Test
    void theBytesOfACanaryAreThoseOfTheSpecification() {
        var bytes = HexFormat.of()
                .parseHex("FF46414E0103" + "01" + "00000010" + "0102030405060708" + "0000000000000009" + "00"
                        + "63616E617279");
        var mark = new Canary.Mark(0x0102030405060708L, 9);
        assertEquals(HexFormat.of().formatHex(bytes), HexFormat.of().formatHex(Envelope.encode(mark)));
        assertEquals(
                mark,
                assertInstanceOf(Envelope.Command.class, Envelope.decode(bytes)).mark());
    }

    @Test
    void aCanaryIsMissingOnlyIfAPongCameWithoutIt() {
        long period = Duration.ofHours(1).toNanos();
        var canary = new Canary(
                RedisBroadcaster.builder()
                        .liveness(Duration.ofHours(1), Duration.ofHours(2))
                        .settings(),
                new Unproven(Clock.systemUTC()));
        assertNull(canary.due(System.nanoTime()), "nobody listens");
        canary.listening(true);
        var mark = canary.due(System.nanoTime());
        assertNotNull(mark);
        assertNull(canary.due(System.nanoTime() + 2 * period), "one at a time");
        long later = System.nanoTime() + 2 * period;
        assertFalse(canary.missing(later), "Redis has not taken it");
        long before = System.nanoTime();
        canary.acked(mark);
        canary.answered(before);
        assertFalse(canary.missing(later), "that PING was written before");
        assertTrue(canary.behind(later));
        canary.answered(System.nanoTime() + 1);
        assertFalse(canary.missing(System.nanoTime()), "it may still come");
        assertTrue(canary.missing(later));
        assertNull(canary.returned(new Canary.Mark(mark.node() + 1, mark.sequence())));
        assertNotNull(canary.returned(mark));
        assertFalse(canary.missing(later));
        assertFalse(canary.behind(later));
    }

    @Test
    void aCanaryThatReturnsLateShowsHowFarBehindTheReaderWas() {
        var canary = new Canary(
                RedisBroadcaster.builder()
                        .liveness(Duration.ofMillis(1), Duration.ofHours(2))
                        .settings(),
                new Unproven(Clock.systemUTC()));
        canary.listening(true);
        var mark = canary.due(System.nanoTime());
        assertNotNull(mark);
        canary.acked(mark);
        elapse(Duration.ofMillis(2));
        assertNotNull(canary.returned(mark));
        assertTrue(canary.behind(System.nanoTime()));
        canary.listening(true);
        assertFalse(canary.behind(System.nanoTime()));
    }

    @Test
    void aGapBeginsWhenTheLastCanaryThatReturnedWasSentAndNotWithAnAnswer() {
        var proxy = proxy();
        var node = node(watchful(proxy.port()));
        node.join("chat");
        node.awaitLive();
        var joined = Instant.now();
        elapse(PERIOD.multipliedBy(3));
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");
        var killed = Instant.now();
        awaitLiveAgain(node);
        var gap = node.gaps.get(0);
        assertTrue(gap.from().isAfter(joined.minusMillis(1)), gap + " joined " + joined);
        assertTrue(gap.from().isBefore(killed), gap::toString);
        assertEquals(Gap.Reason.RECONNECT, gap.reason());
    }

    /** As behind a balancer, or after a failover: publisher and subscriber are on different servers, both healthy. */
    @Test
    void aSubscriberThatIsDeafAndHealthyIsNoticedAndBothConnectionsAreMadeAnew() {
        try (var other = RedisServer.start()) {
            var proxy = proxy();
            var node = node(watchful(proxy.port()));
            node.join("chat");
            node.publish("chat", "before").join();
            node.awaitTexts("chat", 1);
            proxy.redirect(other.port());
            redis.command("CLIENT", "KILL", "TYPE", "normal");
            Await.until(
                    "taken by the other server",
                    () -> node.publish("chat", "to nobody")
                            .handle((receipt, failure) -> receipt != null)
                            .join());
            Await.until("noticed", () -> !node.gaps.isEmpty());
            assertEquals(Gap.Reason.DEAF, node.gaps.get(0).reason());
            assertSays("did not deliver it", node.causes.get(0));
            assertTrue(node.uncertain.containsKey("chat"), node.uncertain::toString);
            Await.until("delivered again", () -> {
                published(node.publish("chat", "after"));
                return node.texts("chat").contains("after");
            });
        }
    }

    @Test
    void aMasterThatBecomesAReplicaIsLeftAndWhatItTookLastIsUncertain() {
        try (var other = RedisServer.start()) {
            var node = node(watchful(redis.port()));
            node.join("chat");
            node.publish("chat", "taken").join();
            redis.command("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
            Await.until("left", () -> !node.live());
            Await.until("an explanation", () -> !node.causes.isEmpty());
            assertSays("not a master", node.causes.get(0));
            assertTrue(node.uncertain.containsKey("chat"), node.uncertain::toString);
            redis.command("REPLICAOF", "NO", "ONE");
            Await.until("live", node::live);
            assertEquals(Gap.Reason.FAILOVER, node.gaps.get(0).reason());
            assertEquals(1, node.gaps.size());
        }
    }

    @Test
    void whoMayNotPublishOnTheControlChannelIsNotTakenForDeaf() {
        redis.command(
                "ACL",
                "SETUSER",
                "alice",
                "on",
                ">secret",
                "+subscribe",
                "+unsubscribe",
                "+ping",
                "&chat",
                "&\u0001nodes");
        var node = node(watchful(redis.port()).uri("redis://alice:secret@127.0.0.1:" + redis.port()));
        node.join("chat");
        Await.until("canaries were refused", () -> redis.command("ACL", "LOG").contains("publish"));
        elapse(PERIOD.multipliedBy(5));
        assertTrue(node.live());
        assertFalse(node.states.contains(State.DOWN));
    }

    @Test
    void aReaderThatIsCutOffFarBehindSaysSo() throws InterruptedException {
        redis.command("CONFIG", "SET", "client-output-buffer-limit", "pubsub 100kb 100kb 0");
        var blocked = new CountDownLatch(1);
        var connections = new Connections(watchful(redis.port()).settings());
        opened.add(() -> connections.close(Duration.ZERO));
        var node = new Node(LocalBroadcaster.create()) {
            @Override
            public void message(String channel, Message message, @Nullable Position position) {
                super.message(channel, message, position);
                try {
                    blocked.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        connections.start(node);
        connections.subscribe("chat").join();
        node.awaitLive();
        var payload = "x".repeat(64 * 1024);
        Await.until(
                "Redis cuts it off",
                () -> redis.command("PUBLISH", "chat", payload).equals("0"));
        Await.until(
                "a canary has waited for a period", () -> connections.canary().behind(System.nanoTime()));
        blocked.countDown();
        Await.until("a gap", () -> !node.gaps.isEmpty());
        assertEquals(Gap.Reason.CUT_OFF, node.gaps.get(0).reason());
    }

    private static void elapse(Duration time) {
        long start = System.nanoTime();
        Await.until("time passes", () -> System.nanoTime() - start > time.toNanos());
    }
}
