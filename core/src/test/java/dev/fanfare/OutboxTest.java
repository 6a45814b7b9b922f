package dev.fanfare;

import static dev.fanfare.HubTest.failure;
import static dev.fanfare.HubTest.get;
import static dev.fanfare.HubTest.joined;
import static dev.fanfare.HubTest.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Containers complete sends inline, elsewhere, late, twice, or say that somebody else is writing. */
class OutboxTest {

    private final Hub hub = Hub.create(LocalBroadcaster.create());

    @AfterEach
    void close() {
        hub.close();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    private void broadcast(int count) {
        for (int i = 0; i < count; i++) {
            hub.broadcast("chat", "" + i);
        }
    }

    @Test
    void inlineCompletionsDoNotGrowTheStack() throws Exception {
        var session = joined(hub, "chat").stall();
        hub.broadcast("chat", "first");
        Await.until("in flight", session::hasInFlight);
        for (int i = 0; i < 10_000; i++) { // each a run of its own
            hub.send(session, "" + i);
        }
        session.flow();
        Await.until("all", () -> session.count() == 10_001);
        assertTrue(session.closes().isEmpty());
        assertEquals(0, session.overlapping());
    }

    @Test
    void completionsOnOtherThreadsNeverOverlapAndLoseNoWakeUp() throws Exception {
        var session = joined(hub, "chat").stall();
        var container = Executors.newFixedThreadPool(2);
        try {
            session.onSend(() -> container.execute(() -> {
                Await.until("in flight", session::hasInFlight);
                if (ThreadLocalRandom.current().nextBoolean()) {
                    Thread.onSpinWait();
                }
                session.takeInFlight().done();
            }));
            for (int i = 0; i < 5_000; i++) {
                hub.send(session, "" + i);
                if (i % 7 == 0) {
                    int sent = i + 1;
                    Await.until("taken", () -> session.count() == sent);
                }
            }
            Await.until("all", () -> session.count() == 5_000);
            assertEquals(numbers(5_000), session.texts());
            assertEquals(0, session.overlapping());
        } finally {
            container.shutdownNow();
        }
    }

    @Test
    void aSecondOrLateCompletionChangesNothing() throws Exception {
        var session = joined(hub, "chat").stall();
        hub.send(session, "1");
        Await.until("in flight", session::hasInFlight);
        var first = session.takeInFlight();
        hub.send(session, "2");
        first.done();
        Await.until("the second is in flight", session::hasInFlight);
        first.done();
        first.failed(new IllegalStateException("twice"));
        first.busy(0);
        hub.send(session, "3");
        get(hub.join(session, "the lane has handled it all"));
        assertEquals(2, session.count());
        session.flow();
        Await.until("all three", () -> session.count() == 3);
        assertTrue(session.closes().isEmpty());
        assertEquals(0, session.overlapping());
    }

    @Test
    void aFailedSendEndsTheSession() throws Exception {
        var session = joined(hub, "chat").stall();
        broadcast(1);
        Await.until("in flight", session::hasInFlight);
        session.takeInFlight().failed(new IllegalStateException("broken pipe"));
        Await.until("closed", () -> session.closes().equals(List.of("1011", "1011 hard")));
        assertEquals(0, hub.stats().sessions());
    }

    /** Often the application has closed the session: what it sent before, and its close frame, may be on the way yet. */
    @Test
    void aSessionOfWhichASendFailedHasTimeToTakeItsCloseFrame() throws Exception {
        var timer = new ManualTimer();
        var builder = Hub.builder(LocalBroadcaster.create());
        builder.settings.timer = () -> timer;
        try (var patient = builder.build()) {
            var session = joined(patient, "chat").stall();
            patient.broadcast("chat", "1");
            Await.until("in flight", session::hasInFlight);
            session.takeInFlight().failed(new IllegalStateException("the session is closing"));
            Await.until("closed", () -> session.closes().contains("1011"));
            Await.until("its container is done", () -> patient.stats().closesPending() == 0);
            assertEquals(List.of("1011"), session.closes());
            timer.pass(2, TimeUnit.SECONDS);
            Await.until("given up", () -> session.closes().equals(List.of("1011", "1011 hard")));
        }
    }

    @Test
    void aSendThatThrowsIsAFailedSend() throws Exception {
        var session = joined(hub, "chat");
        var other = joined(hub, "chat");
        session.onSend(() -> {
            throw new IllegalStateException("closed");
        });
        broadcast(10);
        Await.until("closed", () -> session.closes().contains("1011"));
        Await.until("the other one goes on", () -> other.count() == 10);
    }

    @Test
    void aSessionThatEndsWhileSomebodyElseIsWritingIsNotSentToAgain() throws Exception {
        var session = new AlwaysBusy();
        hub.open(session);
        var sent = hub.send(session, "never taken");
        Await.until("tried again", () -> session.sends.get() > 1);
        hub.ended(session);
        assertInstanceOf(BroadcastException.class, failure(sent));
        Await.until("its memory is no longer counted", () -> hub.stats().pinnedBytes() == 0);
    }

    private static final class AlwaysBusy implements ClientSession {
        private final AtomicInteger sends = new AtomicInteger();

        @Override
        public String id() {
            return "busy";
        }

        @Override
        public void send(Run run, Completion completion) {
            sends.incrementAndGet();
            completion.busy(0);
        }

        @Override
        public void ping() {}

        @Override
        public void close(int code, String reason, boolean hard) {}
    }

    @Test
    void whatABusySessionDidNotTakeIsSentAgain() throws Exception {
        var session = joined(hub, "chat").stall();
        hub.send(session, "0");
        Await.until("in flight", session::hasInFlight);
        var blocker = session.takeInFlight();
        broadcast(5); // wait together, perhaps in several runs
        get(hub.join(session, "the lane has handled it all"));
        blocker.done();
        for (int i = 0; i < 4; i++) {
            Await.until("in flight", session::hasInFlight);
            session.takeInFlight().busy(0);
        }
        Await.until("in flight again", session::hasInFlight);
        session.flow();
        Await.until("nothing waits", () -> hub.stats().pinnedBytes() == 0);
        var texts = session.texts();
        assertEquals(numbers(5), texts.subList(texts.size() - 5, texts.size()));
        assertEquals(6, hub.stats().sent());
    }

    @Test
    void whatLeftBeforeASessionWasBusyIsNotSentTwice() throws Exception {
        var session = joined(hub, "chat").stall();
        hub.send(session, "first");
        Await.until("in flight", session::hasInFlight);
        var blocker = session.takeInFlight();
        var lane = new CountDownLatch(1);
        var other = joined(hub, "chat");
        other.onSend(() -> Await.until("released", () -> lane.getCount() == 0)); // so that the rest becomes one run
        hub.send(other, "holds the lane up");
        broadcast(3);
        lane.countDown();
        Await.until("handed out", () -> other.count() == 4);
        blocker.done();
        Await.until("in flight", session::hasInFlight);
        int inFlight = session.count() - 1;
        session.takeInFlight().busy(1);
        Await.until("in flight again", session::hasInFlight);
        assertEquals("1", session.texts().get(1 + inFlight));
        session.flow();
        Await.until("all", () -> hub.stats().sent() == 8);
    }

    @Test
    void aSessionThatStaysBusyIsClosedWhenTheSendTimeoutIsOver() {
        try (var impatient = Hub.builder(LocalBroadcaster.create())
                .sendTimeout(Duration.ofMillis(100))
                .build()) {
            var session = new AlwaysBusy();
            impatient.open(session);
            impatient.send(session, "never taken");
            Await.until("closed as slow", () -> impatient.stats().disconnectedAsSlow() == 1);
        }
    }

    @Test
    void everySendToASessionThatEndsFails() throws Exception {
        var session = opened(hub).stall();
        var inFlight = hub.send(session, "in flight");
        var waiting = hub.send(session, "waiting");
        Await.until("in flight", session::hasInFlight);
        hub.ended(session);
        assertInstanceOf(BroadcastException.class, failure(inFlight));
        assertInstanceOf(BroadcastException.class, failure(waiting));
    }

    @Test
    void theFutureOfAFailedSendFails() throws Exception {
        var session = opened(hub).stall();
        var sent = hub.send(session, "broken");
        Await.until("in flight", session::hasInFlight);
        session.takeInFlight().failed(new IllegalStateException("broken pipe"));
        var failure = failure(sent);
        assertTrue(failure.getMessage().contains("broken pipe"), failure.getMessage());
    }
}
