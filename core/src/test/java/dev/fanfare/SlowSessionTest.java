package dev.fanfare;

import static dev.fanfare.HubTest.failure;
import static dev.fanfare.HubTest.get;
import static dev.fanfare.HubTest.joined;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a session that does not take its messages costs: something, but only itself. */
class SlowSessionTest {

    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final HubListener listener = new HubListener() {
        @Override
        public void disconnectedAsSlow(String sessionId, String reason) {
            events.add("slow " + sessionId);
        }

        @Override
        public void dropped(String sessionId, String channel, long messages) {
            events.add("dropped " + messages + " of " + channel);
        }
    };
    private final Hub.Builder builder =
            Hub.builder(LocalBroadcaster.create()).listener(listener).lanes(1);
    private Hub hub = Hub.create(LocalBroadcaster.create());

    @AfterEach
    void close() {
        hub.close();
    }

    private void use(Hub other) {
        hub.close();
        hub = other;
    }

    private void broadcast(int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            get(hub.broadcast("chat", "" + i));
            handedOut();
        }
    }

    /** Messages that wait for the lane together become one run. Whoever joins gets nothing of what came before. */
    private void handedOut() throws Exception {
        var late = joined(hub, "chat");
        get(hub.leave(late, "chat"));
        hub.ended(late);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private String nextEvent() throws InterruptedException {
        var event = events.poll(20, TimeUnit.SECONDS);
        return event == null ? "none" : event;
    }

    @Test
    void slowSessionIsDisconnectedAndDoesNotDelayOthers() throws Exception {
        use(builder.outbox(10, 1 << 20).build());
        var slow = joined(hub, "chat").stall();
        var quick = joined(hub, "chat");

        broadcast(0, 100);

        Await.until("the quick one has all", () -> quick.count() == 100);
        assertEquals(numbers(0, 100), quick.texts());
        assertEquals("slow " + slow.id(), nextEvent());
        assertEquals(1, hub.sessions().count("chat"));
        slow.flow();
        Await.until("closed", () -> slow.closes().contains("1013"));
        assertEquals(1, hub.stats().disconnectedAsSlow());
        assertTrue(quick.closes().isEmpty());
    }

    @Test
    void slowSessionIsClosedAlthoughItsLastRunNeverEnds() throws Exception {
        use(builder.outbox(1, 1 << 20).build());
        var slow = joined(hub, "chat").stall().onClose(() -> {});
        broadcast(0, 10);
        Await.until("closed hard", () -> slow.closes().equals(List.of("1013", "1013 hard")));
        Await.until("its memory is no longer counted", () -> hub.stats().pinnedBytes() == 0);
    }

    @Test
    void aFullOutboxIsMeasuredInBytesToo() throws Exception {
        use(builder.outbox(1_000, 1_000).build());
        var slow = joined(hub, "chat").stall();
        for (int i = 0; i < 4; i++) {
            get(hub.broadcast("chat", "x".repeat(400)));
            handedOut();
        }
        assertEquals("slow " + slow.id(), nextEvent());
    }

    @Test
    void anEmptyOutboxTakesAnyLegalMessage() throws Exception {
        use(builder.outbox(1_000, 1_000).build());
        var session = joined(hub, "chat").stall();
        get(hub.broadcast("chat", "in flight"));
        Await.until("in flight", session::hasInFlight);
        get(hub.broadcast("chat", "x".repeat(1 << 20)));
        session.flow();
        Await.until("both", () -> session.count() == 2);
        assertTrue(session.closes().isEmpty());
    }

    @Test
    void dropOldestKeepsTheNewest() throws Exception {
        use(builder.outbox(3, 1 << 20).overflow(OverflowPolicy.DROP_OLDEST).build());
        var slow = joined(hub, "chat").stall();
        broadcast(0, 1);
        Await.until("in flight", slow::hasInFlight);
        broadcast(1, 8);
        Await.until("four are dropped", () -> hub.stats().dropped() == 4);
        assertTrue(nextEvent().startsWith("dropped "));
        slow.flow();
        Await.until("the newest", () -> slow.count() == 4);
        assertEquals(List.of("0", "5", "6", "7"), slow.texts());
        assertEquals(4, hub.stats().dropped());
    }

    @Test
    void dropOldestTakesAMessageLargerThanTheOutboxInsteadOfWhatWaited() throws Exception {
        use(builder.outbox(10, 1_000).overflow(OverflowPolicy.DROP_OLDEST).build());
        var slow = joined(hub, "chat").stall();
        broadcast(0, 1);
        Await.until("in flight", slow::hasInFlight);
        broadcast(1, 3);
        var large = "x".repeat(2_000);
        get(hub.broadcast("chat", large));
        Await.until("two are dropped", () -> hub.stats().dropped() == 2);
        slow.flow();
        Await.until("the newest", () -> slow.count() == 2);
        assertEquals(List.of("0", large), slow.texts());
    }

    @Test
    void dropNewestKeepsTheOldest() throws Exception {
        use(builder.outbox(3, 1 << 20)
                .overflow("chat", OverflowPolicy.DROP_NEWEST)
                .build());
        var slow = joined(hub, "chat").stall();
        broadcast(0, 1);
        Await.until("in flight", slow::hasInFlight);
        broadcast(1, 8);
        Await.until("four are dropped", () -> hub.stats().dropped() == 4);
        assertTrue(nextEvent().startsWith("dropped "));
        slow.flow();
        Await.until("the oldest", () -> slow.count() == 4);
        assertEquals(List.of("0", "1", "2", "3"), slow.texts());
    }

    @Test
    void keepLatestReplacesTheMessageWithTheSameKey() throws Exception {
        use(builder.outbox(3, 1 << 20).overflow(OverflowPolicy.KEEP_LATEST).build());
        var slow = joined(hub, "chat").stall();
        broadcast(0, 1);
        Await.until("in flight", slow::hasInFlight);
        for (var text : List.of("a1", "b1", "c1", "b2", "d1")) {
            get(hub.broadcast("chat", Message.text(text).with(Message.Attributes.key(text.substring(0, 1)))));
            handedOut();
        }
        Await.until("two are dropped", () -> hub.stats().dropped() == 2);
        slow.flow();
        Await.until("the latest", () -> slow.count() == 4);
        assertEquals(List.of("0", "c1", "b2", "d1"), slow.texts());
    }

    @Test
    void aSendToAFullOutboxFailsAndSaysWhy() throws Exception {
        use(builder.outbox(1, 1 << 20).overflow(OverflowPolicy.DROP_NEWEST).build());
        var slow = joined(hub, "chat").stall();
        broadcast(0, 1);
        Await.until("in flight", slow::hasInFlight);
        broadcast(1, 2);
        var failure = failure(hub.send(slow, "too much"));
        assertInstanceOf(BroadcastException.class, failure);
        assertTrue(failure.getMessage().contains("full"), failure.getMessage());
    }

    @Test
    void pinnedMemoryIsBoundedByDisconnectingTheHolderOfTheOldestRun() throws Exception {
        use(builder.pinnedBytes(10_000).build());
        var oldest = joined(hub, "chat").stall();
        get(hub.broadcast("chat", "x".repeat(4_000)));
        Await.until("in flight", oldest::hasInFlight);
        var younger = joined(hub, "chat").stall();
        get(hub.broadcast("chat", "x".repeat(4_000)));
        Await.until("in flight", younger::hasInFlight);
        get(hub.broadcast("chat", "x".repeat(4_000)));

        assertEquals("slow " + oldest.id(), nextEvent());
        oldest.flow();
        Await.until("closed", () -> oldest.closes().contains("1013"));
        Await.until("below the limit", () -> hub.stats().pinnedBytes() <= 10_000);
        younger.flow();
        Await.until("the other one got everything", () -> younger.count() == 2);
        assertTrue(younger.closes().isEmpty());
    }

    @Test
    void aSendWithoutProgressEndsTheSessionAndProgressKeepsIt() throws Exception {
        use(builder.sendTimeout(Duration.ofMillis(1_500)).build());
        var stuck = joined(hub, "chat").stall();
        var crawling = joined(hub, "chat").stall();
        broadcast(0, 1);
        Await.until("in flight", crawling::hasInFlight);
        var completion = crawling.takeInFlight();
        Await.until("the stuck one is closed", () -> {
            completion.progress();
            return stuck.closes().equals(List.of("1013", "1013 hard"));
        });
        assertTrue(crawling.closes().isEmpty());
        completion.done();
        crawling.flow();
        broadcast(1, 2);
        Await.until("goes on", () -> crawling.count() == 2);
    }

    @Test
    void theCloseFollowsTheRunInFlightAndIsRepeatedHardIfTheClientDoesNotAnswer() throws Exception {
        use(builder.outbox(1, 1 << 20).build());
        var slow = joined(hub, "chat").stall();
        var closedInFlight = new AtomicBoolean();
        slow.onClose(() -> closedInFlight.compareAndSet(false, slow.hasInFlight()));
        broadcast(0, 3);
        assertEquals("slow " + slow.id(), nextEvent());
        handedOut();
        slow.flow();
        Await.until("closed, and again", () -> slow.closes().equals(List.of("1013", "1013 hard")));
        assertFalse(closedInFlight.get());
    }

    @Test
    void aSlowSessionThatEndsByItselfIsNoLongerCountedAsClosing() throws Exception {
        use(builder.outbox(1, 1 << 20).build());
        var slow = joined(hub, "chat").stall();
        broadcast(0, 3);
        Await.until("being closed", () -> hub.stats().closesPending() == 1);
        hub.ended(slow);
        Await.until("closed", () -> hub.stats().closesPending() == 0);
        assertEquals(List.of(), slow.closes());
    }
}
