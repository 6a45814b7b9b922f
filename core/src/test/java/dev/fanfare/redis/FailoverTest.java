package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Broadcaster.State;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.SentinelGroup;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The master changes under load, nodes follow it, and the account is right. */
class FailoverTest {

    private SentinelGroup group;
    private Storm storm;

    @BeforeEach
    void startGroup() {
        group = SentinelGroup.start();
        storm = new Storm(3, n -> builder().build(), Duration.ofMillis(3));
    }

    private RedisBroadcaster.Builder builder() {
        return SentinelTest.builder(group)
                .liveness(Duration.ofMillis(500), Duration.ofSeconds(3))
                .backoff(Duration.ofMillis(5), Duration.ofMillis(100), Duration.ofMillis(300))
                .publishTimeout(Duration.ofSeconds(2));
    }

    @AfterEach
    void everythingEnds() {
        storm.close();
        group.close();
        OwnRedis.awaitNoThread();
    }

    private void awaitDown() {
        Await.until(
                "everybody noticed", () -> storm.nodes().stream().allMatch(node -> node.states.contains(State.DOWN)));
    }

    @Test
    void nodesFollowTheMasterWhileTheOldOneIsAlive() {
        var old = group.master();
        group.failover();
        awaitDown();
        storm.settle();
        Await.until(
                "nobody publishes on the old master any more",
                () -> group.command(old, "CLIENT", "LIST")
                        .lines()
                        .noneMatch(client -> client.contains("cmd=publish") && !client.contains("name=sentinel")));
    }

    @Test
    void nodesFollowTheMasterWhenTheOldOneIsDead() {
        group.master().kill();
        awaitDown();
        storm.settle();
        storm.nodes().forEach(node -> {
            assertTrue(!node.gaps.isEmpty());
            assertTrue(!node.reports.isEmpty(), "what the dead master took last is uncertain");
        });
    }

    @Test
    @Tag("chaos")
    void nodesFollowTheMasterWhenTheOldOneIsFrozenAndComesBack() {
        var old = group.master();
        old.pause();
        try {
            awaitDown();
            Storm.blow(Duration.ofSeconds(10));
        } finally {
            old.resume();
        }
        storm.settle();
    }
}
