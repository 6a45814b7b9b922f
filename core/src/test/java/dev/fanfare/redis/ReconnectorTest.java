package dev.fanfare.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;

class ReconnectorTest {

    private static final Diagnosis ENDED = Diagnosis.of(new IOException("ended"));

    private final AtomicInteger uses = new AtomicInteger();
    private Thread thread = new Thread();
    private Reconnector links = new Reconnector(settings("redis://localhost"));

    private static Settings settings(String uri) {
        return RedisBroadcaster.builder()
                .uri(uri)
                .backoff(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1))
                .settings();
    }

    private void run(Reconnector.Use use) {
        thread = new Thread(() -> {
            try {
                links.run(link -> {
                    uses.incrementAndGet();
                    return use.use(link);
                });
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
    }

    private void awaitTheWait(int after) {
        Await.until("it waits", () -> uses.get() == after && thread.getState() == Thread.State.TIMED_WAITING);
    }

    @AfterEach
    void stop() {
        links.stop();
        links.abort();
        Await.until("its thread ends", () -> !thread.isAlive());
    }

    @Test
    void waitForTheNextConnectionCanBeCutShort() {
        run(link -> ENDED);
        awaitTheWait(1);
        links.hurry();
        awaitTheWait(2);
    }

    @Test
    void stopEndsTheWaitAndNothingIsOpenedAnyMore() {
        run(link -> ENDED);
        awaitTheWait(1);
        links.stop();
        Await.until("its thread ends", () -> !thread.isAlive());
        assertEquals(1, uses.get());
        var failure = assertThrows(IOException.class, () -> links.open(Objects.requireNonNull(links.current())));
        assertEquals("closed", failure.getMessage());
    }

    @Test
    void connectionToTheServerThatIsExceptedIsNotGivenUp() throws IOException {
        var opened = new CompletableFuture<RedisLink>();
        var replies = new AtomicInteger();
        try (var redis = RedisServer.start()) {
            links = new Reconnector(settings(redis.uri()));
            run(link -> {
                try {
                    links.open(link);
                    opened.complete(link);
                    while (true) {
                        link.read();
                        replies.incrementAndGet();
                    }
                } catch (IOException | RuntimeException e) {
                    return Diagnosis.of(e);
                }
            });
            var link = opened.join();
            links.giveUp(GivenUp.late(), link.address());
            var ping = new CommandBuffer();
            ping.add("PING".getBytes(StandardCharsets.UTF_8));
            link.write(ping);
            Await.until("it answers", () -> replies.get() == 1);
            links.giveUp(GivenUp.late(), new HostAndPort("elsewhere", 1));
            awaitTheWait(1);
        }
    }
}
