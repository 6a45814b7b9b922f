package dev.fanfare;

import static dev.fanfare.HubTest.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lane on a container's thread leaves that to the container after a long turn; by a clock and a timer of the test. */
class LaneRestTest {

    private final ManualTimer timer = new ManualTimer();
    private final AtomicLong clock = new AtomicLong();
    private final ExecutorService container = Executors.newSingleThreadExecutor();
    private final Hub hub = hub();

    private Hub hub() {
        var builder = Hub.builder(LocalBroadcaster.create());
        builder.closeTimeout(Duration.ofMillis(100));
        builder.settings.timer = () -> timer;
        builder.settings.clock = clock::get;
        return builder.build();
    }

    @AfterEach
    void close() {
        hub.close();
        container.shutdown();
    }

    /** A session for which a send takes so long, and which has taken the message "1". */
    private RunTaker after(long sendMicros, RunTaker session) throws Exception {
        return after(sendMicros, session, Lane.MEMBERS_IN_A_ROW);
    }

    /** The same, with so many others on its lane. */
    private RunTaker after(long sendMicros, RunTaker session, int others) throws Exception {
        for (int i = 0; i < others; i++) {
            var other = new RunTaker("other " + i, session.affinity());
            hub.open(other);
            get(hub.join(other, "chat"));
        }
        hub.open(session);
        get(hub.join(session, "chat"));
        session.onSend(() -> clock.addAndGet(TimeUnit.MICROSECONDS.toNanos(sendMicros)));
        get(hub.broadcast("chat", "1"));
        Await.until("it left", () -> session.taken().equals(List.of(List.of("1"))));
        get(CompletableFuture.runAsync(() -> {}, container)); // and the turn is over
        return session;
    }

    private RunTaker onTheContainer() {
        return new RunTaker("id", container);
    }

    private void broadcastAgain() throws Exception {
        get(hub.broadcast("chat", "2"));
        get(hub.broadcast("chat", "3"));
    }

    @Test
    void whatComesAfterALongTurnWaitsForMore() throws Exception {
        var session = after(2_000, onTheContainer());
        broadcastAgain();
        Await.until("the lane rests", () -> timer.waiting() == 1 && hub.stats().laneMessages() == 2);
        timer.pass(1_999, TimeUnit.MICROSECONDS);
        assertEquals(List.of(List.of("1")), session.taken());
        timer.pass(1, TimeUnit.MICROSECONDS);
        Await.until("both at once", () -> session.taken().equals(List.of(List.of("1"), List.of("2", "3"))));
    }

    @Test
    void restIsNoLongerThanThreeMilliseconds() throws Exception {
        var session = after(50_000, onTheContainer());
        broadcastAgain();
        Await.until("the lane rests", () -> timer.waiting() == 1 && hub.stats().laneMessages() == 2);
        timer.pass(3, TimeUnit.MILLISECONDS);
        Await.until("both at once", () -> session.taken().equals(List.of(List.of("1"), List.of("2", "3"))));
    }

    @Test
    void whatComesLaterDoesNotWait() throws Exception {
        var session = after(2_000, onTheContainer());
        session.onSend(() -> {});
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(4));
        broadcastAgain();
        Await.until("all left", () -> count(session) == 3);
        assertEquals(0, timer.waiting());
    }

    @Test
    void afterAShortTurnNothingWaits() throws Exception {
        var session = after(499, onTheContainer());
        broadcastAgain();
        Await.until("all left", () -> count(session) == 3);
        assertEquals(0, timer.waiting());
    }

    @Test
    void afterATurnForFewSessionsNothingWaits() throws Exception {
        var session = after(2_000, onTheContainer(), Lane.MEMBERS_IN_A_ROW - 1);
        broadcastAgain();
        Await.until("all left", () -> count(session) == 3);
        assertEquals(0, timer.waiting());
    }

    @Test
    void laneOfTheHubDoesNotRest() throws Exception {
        var session = after(2_000, new RunTaker("id", null));
        broadcastAgain();
        Await.until("all left", () -> count(session) == 3);
        assertEquals(0, timer.waiting());
    }

    private static int count(RunTaker session) {
        return session.taken().stream().mapToInt(List::size).sum();
    }
}
