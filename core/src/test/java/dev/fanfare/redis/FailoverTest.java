package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcasterContract.Node;
import dev.fanfare.Gap;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.fixtures.SentinelGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The master changes, and nodes follow it. */
class FailoverTest {

    private SentinelGroup group;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void startGroup() {
        group = SentinelGroup.start();
    }

    @AfterEach
    void everythingEnds() throws Exception {
        for (var closeable : opened) {
            closeable.close();
        }
        group.close();
        OwnRedis.awaitNoThread();
    }

    private Node node(RedisBroadcaster.Builder builder) {
        var broadcaster = builder.liveness(Duration.ofMillis(500), Duration.ofSeconds(3))
                .backoff(Duration.ofMillis(5), Duration.ofMillis(100), Duration.ofMillis(300))
                .publishTimeout(Duration.ofSeconds(2))
                .build();
        opened.add(broadcaster);
        return Node.start(broadcaster);
    }

    private void awaitNewMaster(RedisServer old) {
        Await.until("another master", () -> {
            try {
                return group.master().port() != old.port();
            } catch (IllegalStateException e) {
                return false;
            }
        });
    }

    private void assertDelivers(Node from, Node to) {
        Await.until("published and received", () -> {
            OwnRedis.published(from.publish("chat", "after"));
            return to.texts("chat").contains("after");
        });
    }

    @Test
    void nodesFollowTheMasterWhileTheOldOneIsAlive() {
        var one = node(SentinelTest.builder(group));
        var two = node(SentinelTest.builder(group));
        one.join("chat");
        two.join("chat");
        two.publish("chat", "before").join();
        one.awaitTexts("chat", 1);
        var old = group.master();
        group.failover();
        Await.until("gaps", () -> !one.gaps.isEmpty() && !two.gaps.isEmpty());
        Await.until("live", () -> one.live() && two.live());
        assertDelivers(one, two);
        assertDelivers(two, one);
        assertEquals("chat", one.gaps.get(0).channel());
        assertTrue(
                List.of(Gap.Reason.FAILOVER, Gap.Reason.RECONNECT)
                        .contains(one.gaps.get(0).reason()),
                one.gaps::toString);
        Await.until(
                "nobody publishes on the old master any more",
                () -> group.command(old, "CLIENT", "LIST")
                        .lines()
                        .noneMatch(client -> client.contains("cmd=publish") && !client.contains("name=sentinel")));
    }

    @Test
    void nodesFollowTheMasterWhenTheOldOneIsDead() {
        var one = node(SentinelTest.builder(group));
        one.join("chat");
        for (int n = 0; n < 10; n++) {
            one.publish("chat", "before").join();
        }
        one.awaitTexts("chat", 10);
        var old = group.master();
        old.kill();
        awaitNewMaster(old);
        assertDelivers(one, one);
        Await.until("a gap", () -> !one.gaps.isEmpty());
        Await.until("what the dead master took last is uncertain", () -> one.uncertain.containsKey("chat"));
        assertTrue(one.uncertain.get("chat") <= 10, one.uncertain::toString);
    }
}
