package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Broadcaster.State;
import dev.fanfare.BroadcasterContract.Node;
import dev.fanfare.Receipt;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.fixtures.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;

/** A Redis for each test, to be killed, paused and configured, and nodes on it that notice failures soon. */
abstract class OwnRedis {

    RedisServer redis;
    final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void startRedis() {
        redis = RedisServer.start();
    }

    @AfterEach
    void everythingEnds() throws Exception {
        for (var closeable : opened) {
            closeable.close();
        }
        redis.close();
        awaitNoThread();
    }

    static void awaitNoThread() {
        Await.until(
                "no thread is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("fanfare-")));
    }

    /** The names of our threads. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("fanfare-"))
                .sorted()
                .toList();
    }

    /** Reconnects and gives up within a second, and is as patient with silence as a busy machine needs. */
    static RedisBroadcaster.Builder quick(int port) {
        return sensitive(port, 2_000).liveness(Duration.ofMillis(100), Duration.ofSeconds(5));
    }

    /** Notices silence within half a second; so it may, on a busy machine, also see one that is none. */
    static RedisBroadcaster.Builder sensitive(int port) {
        return sensitive(port, 300);
    }

    static RedisBroadcaster.Builder sensitive(int port, int replyMillis) {
        var client = DefaultJedisClientConfig.builder()
                .socketTimeoutMillis(replyMillis)
                .connectionTimeoutMillis(300)
                .build();
        return RedisBroadcaster.builder()
                .address(new HostAndPort("127.0.0.1", port), client)
                .publishTimeout(Duration.ofMillis(800))
                .linger(Duration.ofMillis(50))
                .liveness(Duration.ofMillis(100), Duration.ofMillis(400))
                .backoff(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMillis(100));
    }

    Node node(RedisBroadcaster.Builder builder) {
        var broadcaster = builder.build();
        opened.add(broadcaster);
        return Node.start(broadcaster);
    }

    TcpProxy proxy() {
        var proxy = TcpProxy.to("127.0.0.1", redis.port());
        opened.add(proxy);
        return proxy;
    }

    static Throwable failure(CompletableFuture<?> future) {
        var failure = assertThrows(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS));
        return Objects.requireNonNull(failure.getCause());
    }

    static void assertSays(String expected, Throwable failure) {
        var message = String.valueOf(failure.getMessage());
        assertTrue(message.contains(expected), message);
    }

    static void awaitDown(Node node) {
        Await.until("down", () -> node.states.contains(State.DOWN));
    }

    static void awaitLiveAgain(Node node) {
        Await.until("live again, now " + node.states, () -> node.states.contains(State.DOWN) && node.live());
    }

    static boolean published(CompletableFuture<Receipt> publish) {
        try {
            return publish.join().receivers() > 0;
        } catch (CompletionException e) {
            return false;
        }
    }
}
