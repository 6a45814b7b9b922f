package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.BroadcastException;
import dev.fanfare.fixtures.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A socket that takes no more bytes has no timeout of its own. */
class WatchdogTest extends OwnRedis {

    @Test
    void aPublisherThatIsStuckInAFullSocketIsFreed() {
        var node = node(sensitive(redis.port()));
        node.publish("chat", "before").join();
        redis.pause();
        var megabyte = "x".repeat(1 << 20);
        var stuck = IntStream.range(0, 40)
                .mapToObj(n -> node.publish("chat", megabyte))
                .toList();
        Await.until("every outcome is known", () -> stuck.stream().allMatch(CompletableFuture::isDone));
        assertInstanceOf(BroadcastException.UnknownOutcome.class, failure(stuck.get(0)));
        assertTrue(stuck.stream().allMatch(CompletableFuture::isCompletedExceptionally));
        redis.resume();
        Await.until(
                "published",
                () -> !node.publish("chat", "after")
                        .handle((receipt, failure) -> failure != null)
                        .join());
    }

    @Test
    void aSubscriberThatIsStuckInAFullSocketIsFreed() {
        var node = node(sensitive(redis.port()));
        node.awaitLive();
        redis.pause();
        var name = "x".repeat(500);
        List<CompletableFuture<Void>> joins = IntStream.range(0, 20_000)
                .mapToObj(n -> node.broadcaster.subscribe(name + n))
                .toList();
        awaitDown(node);
        redis.resume();
        joins.forEach(CompletableFuture::join);
        node.awaitLive();
    }
}
