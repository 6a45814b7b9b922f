package dev.fanfare;

import static dev.fanfare.HubTest.joined;
import static dev.fanfare.HubTest.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LivenessTest {

    private final Hub hub = Hub.builder(LocalBroadcaster.create())
            .pingInterval(Duration.ofMillis(100))
            .build();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void aSessionThatAnswersPingsStaysAndOneThatDoesNotIsGivenUp() throws Exception {
        var alive = joined(hub, "chat");
        alive.onPing(() -> hub.pong(alive));
        var dead = joined(hub, "chat");
        Await.until("given up", () -> dead.closes().equals(List.of("1001", "1001 hard")));
        assertEquals(2, dead.pings());
        Await.until("the other one is pinged on", () -> alive.pings() > 3);
        assertTrue(alive.closes().isEmpty());
        assertEquals(1, hub.sessions().count("chat"));
    }

    @Test
    void aPingThatThrowsEndsTheSession() {
        var gone = opened(hub);
        gone.onPing(() -> {
            throw new IllegalStateException("the session has ended");
        });
        Await.until("given up", () -> hub.stats().sessions() == 0);
        assertEquals(1, gone.pings());
    }

    @Test
    void closesThatBlockDoNotMakeOthersLookDead() throws Exception {
        var release = new CountDownLatch(1);
        var blocked = new AtomicInteger();
        try (var busy = Hub.builder(LocalBroadcaster.create())
                .pingInterval(Duration.ofMillis(100))
                .sendTimeout(Duration.ofSeconds(4))
                .build()) {
            var alive = joined(busy, "chat");
            alive.onPing(() -> busy.pong(alive));
            for (int i = 0; i < 8; i++) { // as many as the reaper has threads on old JDKs
                var dead = opened(busy);
                dead.onClose(() -> {
                    blocked.incrementAndGet();
                    awaitIgnoringInterrupts(release);
                });
            }
            Await.until("all of them block", () -> blocked.get() == 8);
            var clock = joined(busy, "clock").stall();
            busy.send(clock, "the send timeout is longer than it takes to miss two pings");
            Await.until("time has passed", () -> busy.stats().disconnectedAsSlow() == 1);
            assertEquals(1, busy.sessions().count("chat"));
            release.countDown();
            int pings = alive.pings();
            Await.until("pinged on", () -> alive.pings() > pings);
            assertTrue(alive.closes().isEmpty());
        } finally {
            release.countDown();
        }
    }

    private static void awaitIgnoringInterrupts(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // as deaf as a container that waits for a semaphore
            }
        }
    }
}
