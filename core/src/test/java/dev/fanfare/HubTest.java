package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HubTest {

    private final LocalBroadcaster broadcaster = LocalBroadcaster.create();
    private final Hub one = Hub.builder(broadcaster).lanes(2).build();
    private final Hub two = Hub.create(broadcaster.peer());

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    /** A session whose container says when it has ended. */
    static RecordingSession opened(Hub hub) {
        var session = new RecordingSession();
        hub.open(session);
        return session.onClose(() -> hub.ended(session));
    }

    static RecordingSession joined(Hub hub, String channel) throws Exception {
        var session = opened(hub);
        get(hub.join(session, channel));
        return session;
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS))
                .getCause();
    }

    private static void assertReceives(RecordingSession session, List<String> texts) {
        Await.until("session has " + texts.size() + " messages", () -> session.count() >= texts.size());
        assertEquals(texts, session.texts());
    }

    @Test
    void everySessionOfTheChannelOnEveryNodeReceivesABroadcast() throws Exception {
        var here = joined(one, "chat");
        var alsoHere = joined(one, "chat");
        var there = joined(two, "chat");
        var elsewhere = joined(two, "other");

        assertEquals(2, get(one.broadcast("chat", "hello")).receivers());
        one.broadcast("other", "end");

        assertReceives(here, List.of("hello"));
        assertReceives(alsoHere, List.of("hello"));
        assertReceives(there, List.of("hello"));
        assertReceives(elsewhere, List.of("end"));
    }

    @Test
    void allSessionsSeeTheSameOrderAndEachSendersOwn() throws Exception {
        var sessions = List.of(joined(one, "chat"), joined(one, "chat"), joined(two, "chat"), joined(two, "chat"));
        var senders = IntStream.range(0, 5)
                .mapToObj(sender -> new Thread(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        (sender % 2 == 0 ? one : two).broadcast("chat", sender + " " + i);
                    }
                }))
                .toList();
        senders.forEach(Thread::start);
        for (var sender : senders) {
            sender.join();
        }

        Await.until("all have all", () -> sessions.stream().allMatch(session -> session.count() == 5_000));
        var order = sessions.get(0).texts();
        sessions.forEach(session -> assertEquals(order, session.texts()));
        for (int sender = 0; sender < 5; sender++) {
            var prefix = sender + " ";
            assertEquals(
                    IntStream.range(0, 1_000).mapToObj(i -> prefix + i).toList(),
                    order.stream().filter(text -> text.startsWith(prefix)).toList());
        }
    }

    @Test
    void aSessionSeesItsOwnFirstMessage() {
        for (int i = 0; i < 1_000; i++) {
            var session = opened(one);
            one.join(session, "fresh-" + i);
            one.broadcast("fresh-" + i, "mine");
            Await.until("own message", () -> session.count() == 1);
            one.ended(session);
        }
    }

    @Test
    void joiningTwiceIsJoiningOnce() throws Exception {
        var session = joined(one, "chat");
        get(one.join(session, "chat"));
        get(one.broadcast("chat", "hello"));
        get(one.leave(session, "chat"));
        get(one.broadcast("chat", "not for us"));
        get(one.send(session, "end"));

        assertReceives(session, List.of("hello", "end"));
        assertEquals(0, one.sessions().count("chat"));
    }

    @Test
    void leavingAllChannelsLeavesAll() throws Exception {
        var session = joined(one, "a");
        get(one.join(session, "b"));
        assertEquals(Set.of("a", "b"), one.sessions().channelsOf(session.id()));

        get(one.leave(session));

        assertEquals(Set.of(), one.sessions().channelsOf(session.id()));
        assertEquals(0, get(one.broadcast("a", "nobody")).receivers());
    }

    @Test
    void aSessionThatEndedLeavesItsChannelsByItself() throws Exception {
        var session = joined(one, "chat");
        one.ended(session);
        Await.until("left", () -> one.sessions().count("chat") == 0);
        assertEquals(0, one.stats().sessions());
        assertTrue(session.closes().isEmpty(), "a session that has ended is not closed again");
        assertInstanceOf(IllegalStateException.class, failure(one.join(session, "chat")));
        get(one.leave(session, "chat"));
    }

    @Test
    void tenThousandChannelsCostTheSameThreadsAsOne() throws Exception {
        var session = joined(one, "first");
        var before = Threads.ofFanfare();
        var joins = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 10_000; i++) {
            joins.add(one.join(session, "channel-" + i));
        }
        for (var join : joins) {
            get(join);
        }
        assertEquals(10_001, one.stats().channels());
        // What starts with its first task, such as the lane of the other hub, may have started only now.
        assertTrue(Threads.ofFanfare().size() < before.size() + 20, () -> before + " and then " + Threads.ofFanfare());
        get(one.leave(session));
        assertEquals(0, one.stats().channels());
    }

    @Test
    void binaryArrivesAsBinaryAndTheCallersBufferStaysAsItWas() throws Exception {
        var session = joined(two, "chat");
        var payload = ByteBuffer.wrap(new byte[] {(byte) 0xFF, 0, 1});
        get(one.broadcast("chat", payload));
        assertEquals(3, payload.remaining());
        assertReceives(session, List.of("<3 bytes>"));
    }

    @Test
    void theExceptedSessionDoesNotGetTheMessage() throws Exception {
        var sender = joined(one, "chat");
        var other = joined(two, "chat");
        var message = Message.text("not to the sender").with(Message.Attributes.exceptSession(sender.id()));
        one.broadcast("chat", "before");
        one.broadcast("chat", message);
        get(one.broadcast("chat", "after"));
        assertReceives(other, List.of("before", "not to the sender", "after"));
        assertReceives(sender, List.of("before", "after"));
    }

    @Test
    void anExpiredMessageIsNotSent() throws Exception {
        var session = joined(one, "chat");
        var past = Instant.now().minusSeconds(1);
        one.broadcast("chat", Message.text("too late").with(Message.Attributes.expiresAt(past)));
        get(one.broadcast("chat", Message.text("in time").with(Message.Attributes.expiresAt(past.plusSeconds(3_600)))));
        assertReceives(session, List.of("in time"));
        assertEquals(1, one.stats().dropped());
    }

    @Test
    void wrongInputIsRefusedWithTheValueAndTheRule() {
        var session = opened(one);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> one.join(session, "a\nb"))
                .getMessage()
                .contains("U+000A"));
        assertThrows(IllegalArgumentException.class, () -> one.broadcast("", "text"));
        assertThrows(IllegalArgumentException.class, () -> one.broadcast("é".repeat(257), "text"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> one.broadcast("chat", "\uD800"))
                .getMessage()
                .contains("surrogate"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> one.broadcast("chat", "x".repeat((1 << 20) + 1)))
                .getMessage()
                .contains("1048577"));
        assertInstanceOf(IllegalStateException.class, failure(one.send(new RecordingSession(), "text")));
    }

    @Test
    void theLargestMessageArrives() throws Exception {
        var session = joined(two, "chat");
        var largest = "x".repeat(1 << 20);
        get(one.broadcast("chat", largest));
        assertReceives(session, List.of(largest));
    }

    @Test
    void aBroadcasterServesOneHub() {
        assertThrows(IllegalStateException.class, () -> Hub.create(broadcaster));
    }

    @Test
    void completingOrCancellingAFutureChangesNothing() throws Exception {
        var session = opened(one);
        one.join(session, "chat").cancel(true);
        one.broadcast("chat", "hello").complete(new Receipt(99, null));
        assertReceives(session, List.of("hello"));
        assertFalse(one.stats().broadcastsPending() > 1);
    }

    @Test
    void aClosedHubRefusesEverythingButQuestions() {
        var session = opened(one);
        one.close();
        one.close();
        assertThrows(IllegalStateException.class, () -> one.broadcast("chat", "late"));
        assertThrows(IllegalStateException.class, () -> one.join(session, "chat"));
        assertThrows(IllegalStateException.class, () -> one.send(session, "late"));
        assertThrows(IllegalStateException.class, () -> one.open(session));
        assertEquals(Broadcaster.State.CLOSED, one.stats().state());
        one.ended(session);
    }

    @Test
    void aSessionThatOpensWhileTheHubClosesIsRefusedOrClosed() {
        var session = new ClosingInBetween(one);
        assertThrows(IllegalStateException.class, () -> one.open(session));
        assertEquals(0, one.stats().sessions());
    }

    /** Its hub is closed when it has been found open, and before the session is known to it. */
    private record ClosingInBetween(Hub hub) implements ClientSession {
        @Override
        public String id() {
            return "late";
        }

        @Override
        public @Nullable Executor affinity() {
            hub.close();
            return null;
        }

        @Override
        public void send(Run run, Completion completion) {
            completion.done();
        }

        @Override
        public void ping() {}

        @Override
        public void close(int code, String reason, boolean hard) {}
    }

    @Test
    void aLaneWhoseExecutorHadNoRoomGoesOnWhenItHas() throws Exception {
        var thread = Executors.newSingleThreadExecutor();
        var full = new AtomicBoolean(true);
        Executor executor = task -> {
            if (full.getAndSet(false)) {
                throw new RejectedExecutionException("no room");
            }
            thread.execute(task);
        };
        try {
            var session = new RecordingSession().on(executor);
            one.open(session);
            get(one.join(session, "chat"));
            one.broadcast("chat", "hello");
            Await.until("received", () -> session.count() == 1);
        } finally {
            one.close();
            thread.shutdownNow();
        }
    }

    @Test
    void sessionsLeaveALaneWhoseExecutorHasEnded() throws Exception {
        var thread = Executors.newSingleThreadExecutor();
        var session = new RecordingSession().on(thread);
        one.open(session);
        get(one.join(session, "chat"));
        thread.shutdown();
        one.ended(session);
        Await.until(
                "it left", () -> one.stats().sessions() == 0 && one.sessions().count("chat") == 0);
        one.close();
    }
}
