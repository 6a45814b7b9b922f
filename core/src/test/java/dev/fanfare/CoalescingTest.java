package dev.fanfare;

import static dev.fanfare.HubTest.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lane that collects messages for a while, by a clock that goes when the test says so. */
class CoalescingTest {

    private final ManualTimer timer = new ManualTimer();
    private final ExecutorService lane = Executors.newSingleThreadExecutor();
    private final RunTaker session = new RunTaker("id", lane);
    private Hub hub;

    @BeforeEach
    void open() throws Exception {
        var builder = Hub.builder(LocalBroadcaster.create()).coalescing(Duration.ofMillis(5));
        builder.settings.timer = () -> timer;
        builder.settings.clock = () -> 0; // no turn takes so long that the lane rests
        hub = builder.build();
        hub.open(session);
        get(hub.join(session, "chat"));
        idle();
        assertEquals(0, timer.waiting());
    }

    /** A turn of the lane that is under way takes what comes, however short the window was. */
    private void idle() throws Exception {
        get(CompletableFuture.runAsync(() -> {}, lane));
    }

    @AfterEach
    void close() {
        hub.close();
        lane.shutdown();
    }

    private void broadcast(String... texts) throws Exception {
        for (String text : texts) {
            get(hub.broadcast("chat", text));
        }
        Await.until("the lane has them", () -> hub.stats().laneMessages() > 0 && timer.waiting() > 0);
    }

    @Test
    void whatComesWithinTheWindowIsOneRunWhenItIsOver() throws Exception {
        broadcast("1", "2", "3");
        timer.pass(4, TimeUnit.MILLISECONDS);
        assertEquals(List.of(), session.taken());
        timer.pass(1, TimeUnit.MILLISECONDS);
        Await.until("it left", () -> session.taken().equals(List.of(List.of("1", "2", "3"))));
    }

    @Test
    void nextWindowBeginsWithTheNextMessage() throws Exception {
        broadcast("1");
        timer.pass(5, TimeUnit.MILLISECONDS);
        Await.until("it left", () -> session.taken().size() == 1);
        idle();
        assertEquals(0, timer.waiting());
        timer.pass(100, TimeUnit.MILLISECONDS);
        broadcast("2", "3");
        timer.pass(5, TimeUnit.MILLISECONDS);
        Await.until("they left", () -> session.taken().equals(List.of(List.of("1"), List.of("2", "3"))));
    }

    @Test
    void messageToOneSessionDoesNotWaitAndWhatCameBeforeGoesAlong() throws Exception {
        broadcast("1", "2");
        get(hub.send(session, "own"));
        Await.until(
                "all left", () -> session.taken().stream().mapToInt(List::size).sum() == 3);
    }

    @Test
    void joinDoesNotWait() throws Exception {
        broadcast("1");
        get(hub.join(session, "another"));
        Await.until("it left", () -> session.taken().equals(List.of(List.of("1"))));
    }

    @Test
    void closingTheHubSendsWhatWaits() throws Exception {
        broadcast("1");
        hub.close();
        assertEquals(List.of(List.of("1")), session.taken());
    }

    @Test
    void windowIsFromNothingToOneSecond() {
        var builder = Hub.builder(LocalBroadcaster.create());
        assertThrows(IllegalArgumentException.class, () -> builder.coalescing(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> builder.coalescing(Duration.ofMillis(1_001)));
        builder.coalescing(Duration.ofSeconds(1)).coalescing(Duration.ZERO);
    }
}
