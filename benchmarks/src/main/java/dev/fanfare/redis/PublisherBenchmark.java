package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import dev.fanfare.Broadcaster;
import dev.fanfare.Gap;
import dev.fanfare.Message;
import dev.fanfare.Position;
import dev.fanfare.Receiver;
import dev.fanfare.fixtures.RedisServer;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import redis.clients.jedis.Jedis;

/**
 * How many messages a second do 8 threads publish: through the one connection of a broadcaster, none waiting for its own
 * answer but at most 32,768 unanswered in all; and each through a connection of its own, waiting for every answer?
 *
 * <p>{@code mvn -q -Pbenchmarks -pl benchmarks -am compile exec:java -Dexec.args="jmh PublisherBenchmark"}
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@Threads(8)
public class PublisherBenchmark {

    private static final int UNANSWERED = 32_768;

    /** A Redis and a broadcaster for all threads. */
    @State(Scope.Benchmark)
    public static class Shared {
        private final RedisServer redis = RedisServer.start();
        private final RedisBroadcaster broadcaster = RedisBroadcaster.connect(redis.uri());
        private final Semaphore room = new Semaphore(UNANSWERED);
        private final Message message = Message.text("x".repeat(128));

        @Setup
        public void start() {
            broadcaster.start(new Nobody());
        }

        @TearDown
        public void close() {
            broadcaster.close();
            redis.close();
        }
    }

    /** A connection of one thread. */
    @State(Scope.Thread)
    public static class Own {
        private @Nullable Jedis jedis;

        @Setup
        public void connect(Shared shared) {
            jedis = new Jedis("127.0.0.1", shared.redis.port());
        }

        @TearDown
        public void close() {
            connection().close();
        }

        Jedis connection() {
            var connected = jedis;
            if (connected == null) {
                throw new IllegalStateException("not connected");
            }
            return connected;
        }
    }

    @Benchmark
    public void broadcaster(Shared shared) throws InterruptedException {
        shared.room.acquire();
        shared.broadcaster.publish("chat", shared.message).whenComplete((receipt, cause) -> shared.room.release());
    }

    @Benchmark
    public long jedisEachThread(Shared shared, Own own) {
        return own.connection().publish("chat", ((Message.Text) shared.message).text());
    }

    /** Nothing is subscribed, so nothing comes. */
    private static final class Nobody implements Receiver {
        @Override
        public void message(String channel, Message message, @Nullable Position position) {}

        @Override
        public void gap(Gap gap) {}

        @Override
        public void unreadable(String channel, String reason) {}

        @Override
        public void uncertain(String channel, long count, Instant from, Instant to) {}

        @Override
        public void state(Broadcaster.State state, @Nullable BroadcastException cause) {}
    }
}
