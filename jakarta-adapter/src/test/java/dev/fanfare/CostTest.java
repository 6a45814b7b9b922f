package dev.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.fanfare.fixtures.Await;
import dev.fanfare.jakarta.Broadcast;
import dev.fanfare.jakarta.WebSocketHub;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What sessions, channels and deliveries cost in memory: of the hub itself, with sessions that cost next to nothing. */
class CostTest {

    private static final int SESSIONS = 5_000;

    private final Hub hub = Hub.create(LocalBroadcaster.create());

    @AfterEach
    void close() {
        sessions.forEach(hub::ended); // or the hub would wait for each
        hub.close();
    }

    private final List<Sink> sessions = new ArrayList<>();

    /** Takes each run at once, as a socket with room does. */
    private static final class Sink implements ClientSession {
        private final String id;
        private final @Nullable Executor lane;
        private final AtomicInteger received = new AtomicInteger();

        Sink(String id, @Nullable Executor lane) {
            this.id = id;
            this.lane = lane;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public @Nullable Executor affinity() {
            return lane;
        }

        @Override
        public void send(Run run, Completion completion) {
            if (run.frames().hasRemaining()) {
                received.addAndGet(run.size());
                completion.done();
            }
        }

        @Override
        public void ping() {}

        @Override
        public void close(int code, String reason, boolean hard) {}
    }

    /** What an application deploys. */
    @ServerEndpoint("/rooms/{room}")
    @Broadcast("room.{room}")
    public static final class Room {
        /** Broadcasts. */
        @OnMessage
        public String message(String text) {
            return text;
        }
    }

    private static void get(CompletableFuture<?> future) throws Exception {
        future.get(20, TimeUnit.SECONDS);
    }

    private void make(int count, @Nullable Executor lane) {
        IntStream.range(0, count).forEach(i -> sessions.add(new Sink("session-" + i, lane)));
    }

    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    @Test
    void idleSessionInOneChannelTakesLessThanOneAndAHalfKilobytes() throws Exception {
        make(SESSIONS, null);
        get(hub.keep("chat"));
        long before = heap();
        for (var session : sessions) {
            hub.open(session);
            hub.join(session, "chat");
        }
        get(hub.join(sessions.get(SESSIONS - 1), "chat"));
        hub.broadcast("chat", "each has received something");
        Await.until("all have", () -> hub.stats().sent() == SESSIONS);
        long each = (heap() - before) / SESSIONS;
        assertTrue(each > 100 && each < 1_500, each + " bytes for each session");
    }

    /** The hub's objects and the adapter's, without the container's. */
    @Test
    void idleSessionOfAnEndpointTakesLessThanOneAndAHalfKilobytes() throws Exception {
        try (var webSockets = WebSocketHub.create(LocalBroadcaster.create())) {
            var config = webSockets.endpoint(Room.class);
            var handlers = new ArrayList<>(SESSIONS); // as containers keep them
            var quiet = new ArrayList<Session>(SESSIONS);
            IntStream.range(0, SESSIONS).forEach(i -> quiet.add(QuietSession.of(handlers)));
            var endpoints = new ArrayList<Endpoint>(SESSIONS);
            get(webSockets.keep("room.tea"));
            long before = heap();
            for (var session : quiet) {
                var endpoint = (Endpoint) config.getConfigurator().getEndpointInstance(config.getEndpointClass());
                endpoint.onOpen(session, config);
                endpoints.add(endpoint);
            }
            Await.until("all have joined", () -> webSockets.sessions().count("room.tea") == SESSIONS);
            get(webSockets.broadcast("room.tea", "each has received something"));
            Await.until("all have", () -> webSockets.stats().sent() == SESSIONS);
            long each = (heap() - before) / SESSIONS;
            assertTrue(each > 300 && each < 1_500, each + " bytes for each session");
            for (int i = 0; i < SESSIONS; i++) { // or the hub would wait for each
                endpoints.get(i).onClose(quiet.get(i), new CloseReason(CloseReason.CloseCodes.GOING_AWAY, ""));
            }
        }
    }

    @Test
    void idleSessionsAllocateNothingBetweenPings() throws Exception {
        Queue<Runnable> turns = new ConcurrentLinkedQueue<>();
        make(SESSIONS, turns::add);
        sessions.forEach(hub::open);
        run(turns);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int check = 0; check < 3; check++) { // of all sessions, about once a second
            Await.until("they are looked after", () -> !turns.isEmpty());
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            run(turns);
            long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertTrue(check == 0 || bytes < SESSIONS, bytes + " bytes for " + SESSIONS + " sessions");
        }
    }

    @Test
    void deliveryAllocatesAtMostSixtyFourBytesWhenSomeMessagesGoTogether() throws Exception {
        Queue<Runnable> turns = new ConcurrentLinkedQueue<>();
        make(1_000, turns::add);
        sessions.forEach(hub::open);
        List<CompletableFuture<?>> joins = new ArrayList<>();
        sessions.forEach(session -> joins.add(hub.join(session, "chat")));
        while (!joins.stream().allMatch(CompletableFuture::isDone)) {
            run(turns);
        }
        int rounds = 200;
        int together = 4;
        deliver(turns, rounds, together); // compiled by then
        long bytes = deliver(turns, rounds, together);
        long each = bytes / rounds / together / sessions.size();
        assertEquals(2 * rounds * together, sessions.get(0).received.get());
        assertTrue(each <= 64, each + " bytes for each delivery");
    }

    /** Delivers on this thread, and says how much that allocated. */
    private long deliver(Queue<Runnable> turns, int rounds, int together) throws Exception {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int round = 0; round < rounds; round++) {
            List<CompletableFuture<?>> sent = new ArrayList<>();
            for (int i = 0; i < together; i++) {
                sent.add(hub.broadcast("chat", "x".repeat(128)));
            }
            for (var each : sent) {
                get(each);
            }
            long expected = hub.stats().sent() + (long) together * sessions.size();
            while (hub.stats().sent() < expected) {
                long before =
                        threads.getThreadAllocatedBytes(Thread.currentThread().getId());
                run(turns);
                allocated +=
                        threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
                Thread.onSpinWait();
            }
        }
        return allocated;
    }

    private static void run(Queue<Runnable> turns) {
        for (var turn = turns.poll(); turn != null; turn = turns.poll()) {
            turn.run();
        }
    }

    @Test
    void hundredThousandChannelsWithOneMemberEachAreServedAndForgotten() throws Exception {
        int channels = 100_000;
        make(100, null);
        sessions.forEach(hub::open);
        var joins = new ArrayDeque<CompletableFuture<?>>();
        for (int i = 0; i < channels; i++) {
            joins.add(hub.join(sessions.get(i % 100), "channel-" + i));
        }
        for (var join : joins) {
            get(join);
        }
        assertEquals(channels, hub.stats().channels());
        for (int i = 0; i < channels; i++) {
            var broadcast = hub.broadcast("channel-" + i, "x");
            if (i % 1_000 == 999) { // not more at a time than a lane may hold
                get(broadcast);
            }
        }
        for (var session : sessions) {
            Await.until("each has its own", () -> session.received.get() == channels / 100);
        }
        for (var session : sessions) {
            get(hub.leave(session));
        }
        assertEquals(0, hub.sessions().channels().size());
    }
}
