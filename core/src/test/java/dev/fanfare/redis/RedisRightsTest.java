package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster.State;
import dev.fanfare.Gap;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import dev.fanfare.fixtures.RawRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Redis refuses what it is asked: connections, channels, messages, housekeeping. */
class RedisRightsTest extends OwnRedis {

    @Test
    void withoutTheRightToKillItGoesOnAndSaysOnceWhatThatCosts() {
        redis.command("ACL", "SETUSER", "alice", "on", ">secret", "-@all", "+subscribe", "+publish", "+ping", "&*");
        try (var log = CapturedLog.of(Predecessor.class.getName())) {
            var node = node(quick(redis.port()).uri("redis://alice:secret@127.0.0.1:" + redis.port()));
            node.join("chat");
            node.publish("chat", "0").join();
            for (int round = 1; round <= 3; round++) {
                redis.command("CLIENT", "KILL", "TYPE", "normal");
                Await.until("published", () -> published(node.publish("chat", "again")));
            }
            assertEquals(1, log.lines().size(), log.lines()::toString);
            assertTrue(log.lines().get(0).contains("order of messages across a reconnect is not promised"));
        }
    }

    @Test
    void aUserWithoutTheControlChannelIsAConfigurationError() {
        redis.command("ACL", "SETUSER", "alice", "on", ">secret", "+@all", "resetchannels", "&chat");
        var node = node(quick(redis.port()).uri("redis://alice:secret@127.0.0.1:" + redis.port()));
        Await.until("an explanation", () -> !node.causes.isEmpty());
        assertSays("byte 0x01", assertInstanceOf(BroadcastException.Misconfigured.class, node.causes.get(0)));
    }

    @Test
    void oneRefusedChannelCostsTheOthersNothing() {
        redis.command(
                "ACL",
                "SETUSER",
                "alice",
                "on",
                ">secret",
                "+subscribe",
                "+unsubscribe",
                "+publish",
                "&ok:*",
                "&\u0001nodes");
        var node = node(quick(redis.port()).uri("redis://alice:secret@127.0.0.1:" + redis.port()));
        List<CompletableFuture<Void>> joins = new ArrayList<>();
        for (int n = 0; n < 600; n++) {
            joins.add(node.broadcaster.subscribe("ok:" + n));
        }
        var refused = node.broadcaster.subscribe("secret");
        for (int n = 600; n < 700; n++) {
            joins.add(node.broadcaster.subscribe("ok:" + n));
        }
        joins.forEach(CompletableFuture::join);
        var failure = assertInstanceOf(BroadcastException.Refused.class, failure(refused));
        assertSays("ACL SETUSER <user> &secret", failure);
        node.awaitLive();
        assertEquals(1, node.publish("ok:650", "hello").join().receivers());
        assertInstanceOf(BroadcastException.Refused.class, failure(node.publish("secret", "hello")));
        assertEquals(1, node.publish("ok:1", "hello").join().receivers());
        Await.until(
                "PING was refused, and that was an answer",
                () -> redis.command("INFO", "commandstats").contains("cmdstat_ping"));
        assertFalse(node.states.contains(State.DOWN));
        redis.command("ACL", "SETUSER", "alice", "&secret");
        node.join("secret");
    }

    @Test
    void everyOutcomeBelongsToItsOwnMessage() {
        redis.command("ACL", "SETUSER", "alice", "on", ">secret", "+@all", "resetchannels", "&ok:*", "&\u0001nodes");
        var node = node(quick(redis.port()).uri("redis://alice:secret@127.0.0.1:" + redis.port()));
        var outcomes = IntStream.range(0, 3_000)
                .mapToObj(n -> node.publish(n % 3 == 0 ? "forbidden" : "ok:" + n, "x"))
                .toList();
        for (int n = 0; n < outcomes.size(); n++) {
            if (n % 3 == 0) {
                assertInstanceOf(BroadcastException.Refused.class, failure(outcomes.get(n)));
            } else {
                assertEquals(0, outcomes.get(n).join().receivers());
            }
        }
    }

    @Test
    void aChannelThatIsRefusedAfterAReconnectIsTriedAgainAndItsGapIsReportedThen() {
        var acl = new String[] {
            "ACL", "SETUSER", "alice", "on", ">secret", "+@all", "resetchannels", "&\u0001nodes", "&other"
        };
        redis.command("ACL", "SETUSER", "alice", "on", ">secret", "+@all", "&*");
        var node = node(quick(redis.port()).uri("redis://alice:secret@127.0.0.1:" + redis.port()));
        node.join("chat");
        node.join("other");
        redis.command(acl);
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");
        awaitLiveAgain(node);
        assertEquals(List.of("other"), node.gaps.stream().map(Gap::channel).toList());
        redis.command("ACL", "SETUSER", "alice", "&chat");
        Await.until("subscribed again", () -> node.gaps.size() == 2);
        assertEquals("chat", node.gaps.get(1).channel());
        assertEquals(1, node.publish("chat", "hello").join().receivers());
    }

    @Test
    void aWrongPasswordIsAConfigurationErrorAndHealsWhenItIsCorrected() {
        redis.command("CONFIG", "SET", "requirepass", "right");
        var node = node(quick(redis.port()).uri("redis://:wrong-secret@127.0.0.1:" + redis.port()));
        Await.until("an explanation", () -> !node.causes.isEmpty());
        var cause = assertInstanceOf(BroadcastException.Misconfigured.class, node.causes.get(0));
        assertSays("to do: correct user and password", cause);
        assertFalse(String.valueOf(cause.getMessage()).contains("wrong-secret"));
        assertInstanceOf(BroadcastException.Misconfigured.class, failure(node.publish("c", "m")));
        try (var admin = RawRedis.connect("127.0.0.1", redis.port())) {
            admin.command("AUTH", "right");
            admin.command("CONFIG", "SET", "requirepass", "wrong-secret");
        }
        node.awaitLive();
    }

    @Test
    void aMissingPasswordIsAConfigurationError() {
        redis.command("CONFIG", "SET", "requirepass", "right");
        var node = node(quick(redis.port()));
        Await.until("an explanation", () -> !node.causes.isEmpty());
        var cause = assertInstanceOf(BroadcastException.Misconfigured.class, node.causes.get(0));
        assertSays("redis://:password@host:port", cause);
    }

    @Test
    void anEpisodeIsOneWarningAndOneRecovery() {
        try (var log = CapturedLog.of(RedisSubscriber.class.getName())) {
            redis.kill();
            var node = node(quick(redis.port()).uri("redis://:secret@127.0.0.1:" + redis.port()));
            Await.until("many attempts", () -> node.causes.size() > 10);
            assertEquals(1, log.lines().size(), log.lines()::toString);
            redis.restart();
            redis.command("CONFIG", "SET", "requirepass", "secret");
            node.awaitLive();
            Await.until("recovery", () -> log.count("INFO") == 1);
            // A second warning only if an attempt met Redis before it had its password.
            assertTrue(log.count("WARNING") <= 2, log.lines()::toString);
            assertFalse(log.lines().toString().contains("secret"), log.lines()::toString);
        }
    }
}
