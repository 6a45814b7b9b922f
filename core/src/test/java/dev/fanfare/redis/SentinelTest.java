package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster;
import dev.fanfare.BroadcasterContract;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.fixtures.SentinelGroup;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** The contract over a master that Sentinels name. */
class SentinelTest extends BroadcasterContract {

    private static SentinelGroup group;

    @BeforeAll
    static void startGroup() {
        group = SentinelGroup.start();
    }

    @AfterAll
    static void stopGroup() {
        group.close();
    }

    @Override
    protected List<? extends Broadcaster> nodes(int count) {
        return Stream.generate(() -> builder(group).linger(Duration.ofMillis(1)).build())
                .limit(count)
                .toList();
    }

    static RedisBroadcaster.Builder builder(SentinelGroup group) {
        return builder(SentinelGroup.NAME, group, password(SentinelGroup.SENTINEL_PASSWORD));
    }

    static RedisBroadcaster.Builder builder(String name, SentinelGroup group, JedisClientConfig sentinelClient) {
        var sentinels = group.sentinelPorts().stream()
                .map(port -> new HostAndPort("127.0.0.1", port))
                .collect(Collectors.toSet());
        return RedisBroadcaster.builder().sentinel(name, sentinels, password(SentinelGroup.PASSWORD), sentinelClient);
    }

    static JedisClientConfig password(String password) {
        return DefaultJedisClientConfig.builder()
                .password(password)
                .socketTimeoutMillis(1_000)
                .connectionTimeoutMillis(500)
                .build();
    }

    @Test
    void oneSentinelThatAnswersIsEnough() {
        var dead = group.sentinels().subList(0, 2);
        dead.forEach(RedisServer::kill);
        try (var broadcaster = builder(group).build()) {
            var node = Node.start(broadcaster);
            node.join("chat");
            assertEquals(1, node.publish("chat", "hello").join().receivers());
        } finally {
            dead.forEach(RedisServer::restart);
        }
    }

    @Test
    void whenNoSentinelAnswersThatIsSaidAndStandingConnectionsGoOn() {
        try (var early = builder(group).build();
                var late = builder(group).build()) {
            var standing = Node.start(early);
            standing.join("chat");
            standing.publish("chat", "first").join();
            group.sentinels().forEach(RedisServer::kill);
            var waiting = Node.start(late);
            Await.until("an explanation", () -> !waiting.causes.isEmpty());
            var cause = waiting.causes.get(0);
            assertEquals(BroadcastException.class, cause.getClass());
            OwnRedis.assertSays("no Sentinel says where the master is: Connection refused", cause);
            assertEquals(1, standing.publish("chat", "hello").join().receivers());
            assertTrue(standing.live());
            group.sentinels().forEach(RedisServer::restart);
            waiting.awaitLive();
        }
    }

    @Test
    void aNameThatNoSentinelKnowsIsAConfigurationError() {
        var known = password(SentinelGroup.SENTINEL_PASSWORD);
        try (var broadcaster = builder("nobody", group, known).build()) {
            OwnRedis.assertSays(
                    "no Sentinel knows a master named nobody; to do: give the name", misconfigured(broadcaster));
        }
    }

    @Test
    void aWrongPasswordOfTheSentinelsIsAConfigurationError() {
        try (var broadcaster =
                builder(SentinelGroup.NAME, group, password("wrong-secret")).build()) {
            var cause = misconfigured(broadcaster);
            OwnRedis.assertSays("WRONGPASS", cause);
            assertFalse(String.valueOf(cause.getMessage()).contains("wrong-secret"));
        }
    }

    private static BroadcastException misconfigured(RedisBroadcaster broadcaster) {
        var node = Node.start(broadcaster);
        Await.until("an explanation", () -> !node.causes.isEmpty());
        return assertInstanceOf(BroadcastException.Misconfigured.class, node.causes.get(0));
    }
}
