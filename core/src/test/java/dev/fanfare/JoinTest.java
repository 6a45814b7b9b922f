package dev.fanfare;

import static dev.fanfare.HubTest.failure;
import static dev.fanfare.HubTest.get;
import static dev.fanfare.HubTest.opened;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Joins while the carrier takes its time, says no, or says nothing at all. */
class JoinTest {

    private final ManualBroadcaster carrier = new ManualBroadcaster();
    private final Hub hub =
            Hub.builder(carrier).broadcastTimeout(Duration.ofMillis(300)).build();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void aJoinIsPendingUntilTheCarrierConfirms() throws Exception {
        var session = opened(hub);
        var join = hub.join(session, "chat");
        get(hub.send(session, "the lane has handled the join"));
        assertFalse(join.isDone());
        carrier.confirm("chat");
        get(join);
    }

    @Test
    void broadcastsDuringAPendingJoinWaitForItInOrder() throws Exception {
        var session = opened(hub);
        hub.join(session, "chat");
        hub.broadcast("chat", "1");
        hub.broadcast("chat", "2");
        hub.broadcast("other", "does not wait");
        assertEquals(List.of("does not wait"), carrier.publishedTexts());

        carrier.confirm("chat");
        hub.broadcast("chat", "3");

        assertEquals(List.of("does not wait", "1", "2", "3"), carrier.publishedTexts());
    }

    @Test
    void aBroadcastDoesNotWaitLongerThanItsTimeout() {
        hub.join(opened(hub), "chat");
        var outcome = failure(hub.broadcast("chat", "held"));
        assertInstanceOf(BroadcastException.class, outcome);
        assertTrue(outcome.getMessage().startsWith("not published within 300 ms"), outcome.getMessage());
        carrier.confirm("chat");
        assertEquals(List.of(), carrier.publishedTexts());
    }

    @Test
    void aBroadcastThatWaitedInVainSaysWhatIsWrongWithTheCarrier() {
        hub.join(opened(hub), "chat");
        carrier.receiver()
                .state(Broadcaster.State.DOWN, new BroadcastException.Misconfigured("wrong password: set one", null));
        var outcome = failure(hub.broadcast("chat", "held"));
        assertInstanceOf(BroadcastException.Misconfigured.class, outcome);
        assertTrue(outcome.getMessage().endsWith("wrong password: set one"), outcome.getMessage());
    }

    @Test
    void aRefusedChannelFailsItsJoinsAndNothingElse() throws Exception {
        var session = opened(hub);
        var refused = hub.join(session, "secret");
        var allowed = hub.join(session, "chat");
        hub.broadcast("secret", "perhaps one may publish");
        carrier.refuse("secret");
        carrier.confirm("chat");

        assertInstanceOf(BroadcastException.Refused.class, failure(refused));
        get(allowed);
        assertEquals(List.of("perhaps one may publish"), carrier.publishedTexts());
        assertEquals(0, hub.sessions().count("secret"));
        Await.until("given up", () -> carrier.unsubscribed().contains("secret"));
    }

    @Test
    void aChannelThatWasRefusedCanBeJoinedLater() throws Exception {
        var session = opened(hub);
        var first = hub.join(session, "secret");
        carrier.refuse("secret");
        failure(first);
        Await.until("given up", () -> !carrier.isSubscribed("secret"));

        var second = hub.join(session, "secret");
        carrier.confirm("secret");
        get(second);
    }

    @Test
    void leavingCancelsAPendingJoin() {
        var session = opened(hub);
        var join = hub.join(session, "chat");
        hub.leave(session, "chat");
        assertThrows(CancellationException.class, () -> join.get(20, TimeUnit.SECONDS));
    }

    @Test
    void theEndOfTheSessionCancelsItsPendingJoinAndNobodyElses() throws Exception {
        var leaver = opened(hub);
        var stayer = opened(hub);
        var cancelled = hub.join(leaver, "chat");
        var pending = hub.join(stayer, "chat");
        hub.ended(leaver);
        assertThrows(CancellationException.class, () -> cancelled.get(20, TimeUnit.SECONDS));
        assertFalse(pending.isDone());
        carrier.confirm("chat");
        get(pending);
    }

    @Test
    void closingCancelsPendingJoins() {
        var join = hub.join(opened(hub), "chat");
        hub.close();
        assertThrows(CancellationException.class, () -> join.get(20, TimeUnit.SECONDS));
    }

    @Test
    void theLastToLeaveGivesTheChannelUpAndTheNextToJoinAsksAnew() throws Exception {
        var first = opened(hub);
        var second = opened(hub);
        hub.join(first, "chat");
        hub.join(second, "chat");
        carrier.confirm("chat");
        get(hub.leave(first, "chat"));
        assertTrue(carrier.isSubscribed("chat"));
        get(hub.leave(second, "chat"));
        assertEquals(List.of("chat"), carrier.unsubscribed());

        var again = hub.join(first, "chat");
        carrier.confirm("chat");
        get(again);
    }

    @Test
    void aJoinAfterTheConnectionWasLostWaitsForTheNextConfirmation() throws Exception {
        var member = opened(hub);
        var first = hub.join(member, "chat");
        carrier.confirm("chat");
        get(first);
        carrier.lose("chat");

        var late = opened(hub);
        var join = hub.join(late, "chat");
        hub.broadcast("chat", "own first message");
        get(hub.send(late, "the lane has handled the join"));
        assertFalse(join.isDone());
        assertEquals(List.of(), carrier.publishedTexts());

        carrier.confirm("chat");
        get(join);
        assertEquals(List.of("own first message"), carrier.publishedTexts());
    }

    @Test
    void aChannelRefusedAfterAReconnectFailsTheLateJoinAndTheMembersStay() throws Exception {
        var member = opened(hub);
        var first = hub.join(member, "chat");
        carrier.confirm("chat");
        get(first);
        carrier.lose("chat");
        var refused = hub.join(opened(hub), "chat");
        carrier.refuse("chat");
        assertInstanceOf(BroadcastException.Refused.class, failure(refused));
        assertEquals(1, hub.sessions().count("chat"));

        carrier.lose("chat");
        var allowed = hub.join(opened(hub), "chat");
        carrier.confirm("chat");
        get(allowed);
        assertEquals(2, hub.sessions().count("chat"));
    }

    @Test
    void messagesThatCameBeforeTheLeaveAreDeliveredAndNoneAfter() throws Exception {
        var session = opened(hub);
        var other = opened(hub);
        hub.join(session, "chat");
        hub.join(other, "chat");
        carrier.confirm("chat");
        carrier.deliver("chat", "before");
        var left = hub.leave(session, "chat");
        carrier.deliver("chat", "after");
        get(left);
        Await.until("both", () -> other.count() == 2);
        assertEquals(List.of("before"), session.texts());
    }

    @Test
    void readyCompletesWhenLiveAndFailsAtOnceWhenMisconfigured() throws Exception {
        var ready = hub.ready();
        assertFalse(ready.isDone());
        carrier.receiver().state(Broadcaster.State.LIVE, null);
        get(ready);
        get(hub.ready());
        carrier.receiver()
                .state(Broadcaster.State.DOWN, new BroadcastException.Misconfigured("wrong password: set one", null));
        assertInstanceOf(BroadcastException.Misconfigured.class, failure(hub.ready()));
    }

    @Test
    void aJoinThatComesWhenTheChannelWasJustRefusedFailsToo() throws Exception {
        hub.join(opened(hub), "secret");
        carrier.refuse("secret");
        var late = hub.join(opened(hub), "secret"); // perhaps before the first one has been told
        carrier.refuse("secret");
        assertInstanceOf(BroadcastException.Refused.class, failure(late));
        carrier.refuse("other");
        assertInstanceOf(BroadcastException.Refused.class, failure(hub.join(opened(hub), "other")));
    }

    @Test
    void whoJoinsTwiceOrHasEndedKeepsNoChannelSubscribed() throws Exception {
        var session = opened(hub);
        hub.join(session, "chat");
        var again = hub.join(session, "chat");
        carrier.confirm("chat");
        get(again);
        get(hub.leave(session, "chat"));
        assertEquals(List.of("chat"), carrier.unsubscribed());

        var executor = new HeldBack();
        var ending = new RecordingSession().on(executor);
        hub.open(ending);
        hub.ended(ending);
        var late = hub.join(ending, "late");
        executor.runAll();
        assertThrows(CancellationException.class, () -> late.get(20, TimeUnit.SECONDS));
        Await.until("given up", () -> !carrier.isSubscribed("late"));
    }

    @Test
    void messagesThatCameBeforeTheJoinAreNotForTheNewMember() {
        var executor = new HeldBack();
        var member = new RecordingSession().on(executor);
        var late = new RecordingSession().on(executor);
        hub.open(member);
        hub.open(late);
        hub.join(member, "chat");
        carrier.confirm("chat");
        executor.runAll();
        carrier.deliver("chat", "before");
        hub.join(late, "chat");
        carrier.deliver("chat", "after");
        executor.runAll();
        assertEquals(2, member.count());
        assertEquals(1, late.count());
    }

    @Test
    void broadcastsThatWaitForAJoinNobodyWantsAnyMoreArePublished() throws Exception {
        var session = opened(hub);
        hub.join(session, "chat");
        hub.broadcast("chat", "1");
        get(hub.leave(session, "chat"));
        assertEquals(List.of("1"), carrier.publishedTexts());
    }

    @Test
    void onlySoManyBroadcastsWaitForJoinsAndTheirRoomComesBack() throws Exception {
        var other = new ManualBroadcaster();
        try (var patient = Hub.create(other)) {
            var session = opened(patient);
            var large = Message.text("x".repeat(1 << 20));
            for (var channel : List.of("1", "2")) {
                patient.join(session, channel);
                for (int i = 0; i < 64; i++) {
                    patient.broadcast(channel, large);
                }
                var tooMuch = patient.broadcast(channel, large);
                assertInstanceOf(BroadcastException.QueueFull.class, failure(tooMuch));
                other.confirm(channel);
            }
            assertEquals(128, other.published().size());
        }
    }

    /** A lane that does nothing until it is told to. */
    private static final class HeldBack implements Executor {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void runAll() {
            for (var task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }

    @Test
    void aKeptChannelStaysSubscribedWithoutSessions() throws Exception {
        var kept = hub.keep("news");
        assertFalse(kept.isDone());
        assertTrue(carrier.isSubscribed("news"));
        carrier.confirm("news");
        get(kept);
        get(hub.keep("news"));

        var session = opened(hub);
        get(hub.join(session, "news"));
        carrier.deliver("news", "hello");
        Await.until("it is received", () -> session.texts().equals(List.of("hello")));
        get(hub.leave(session, "news"));
        assertTrue(carrier.isSubscribed("news"));
        assertEquals(List.of(), carrier.unsubscribed());
        assertEquals(0, hub.sessions().count("news"));
    }

    @Test
    void aKeptChannelThatIsRefusedIsNotKept() throws Exception {
        var kept = hub.keep("secret");
        carrier.refuse("secret");
        assertInstanceOf(BroadcastException.Refused.class, failure(kept));
        Await.until("given up", () -> carrier.unsubscribed().equals(List.of("secret")));

        var join = hub.join(opened(hub), "secret");
        carrier.confirm("secret");
        get(join);
    }

    @Test
    void keepingWaitsForTheCarrierUntilTheHubCloses() {
        var kept = hub.keep("news");
        hub.close();
        assertThrows(CancellationException.class, kept::join);
        assertThrows(IllegalStateException.class, () -> hub.keep("news"));
        assertThrows(IllegalArgumentException.class, () -> Hub.checkChannel(""));
    }
}
