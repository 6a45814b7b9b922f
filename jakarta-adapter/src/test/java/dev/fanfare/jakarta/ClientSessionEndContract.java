package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.HubListener;
import dev.fanfare.Message;
import dev.fanfare.OverflowPolicy;
import dev.fanfare.Run;
import dev.fanfare.Runs;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.TcpProxy;
import dev.fanfare.fixtures.WebSocketClient;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How sessions end, whoever ends them and whatever is on its way then, on every container and by every way of sending, over real
 * sockets.
 */
abstract class ClientSessionEndContract extends TwoNodes {

    private static final int MIB = 1 << 20;
    /** More than the kernel takes for a client that reads nothing, which is some 3 MB. */
    private static final int LONG = 20;

    ClientSessionEndContract(Function<Container.Deployment, Container> container) {
        super(container);
    }

    private static Run longRun() {
        return Runs.of(IntStream.range(0, LONG)
                .mapToObj(i -> Message.binary(ByteBuffer.allocate(MIB - i)))
                .toArray(Message[]::new));
    }

    /** Why sessions were closed as too slow. */
    private static final class Slow implements HubListener {
        private final List<String> reasons = new CopyOnWriteArrayList<>();

        @Override
        public void disconnectedAsSlow(String sessionId, String reason) {
            reasons.add(reason);
        }
    }

    private void awaitOneEnd(Line line, String room) {
        var node = line.node();
        var id = line.session().id();
        Await.until("it left", () -> node.hub().sessions().channelsOf(id).isEmpty());
        Await.until("@OnClose", () -> !closesOf(room).isEmpty());
        Await.until("the container let go", () -> node.hub().stats().closesPending() == 0);
        Await.until("nothing is held for it", () -> node.hub().stats().pinnedBytes() == 0);
        assertEquals(1, closesOf(room).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1008, 1009, 1011, 1013})
    void clientSeesCodeAndReasonAfterTheLastRunAndIsDroppedWhenItAnswers(int code) {
        String room = "code" + code;
        String reason = "r".repeat(120) + "€"; // as long as it may be
        try (var line = line(a, room)) {
            line.send(Runs.ofTexts("last words"));
            line.session().close(code, reason, false);
            assertEquals("last words", line.client().next().text());
            var end = line.client().end();
            assertEquals(code, end.closeCode());
            assertEquals(reason, end.closeReason());
            assertEquals(1006, line.client().closeCode());
            awaitOneEnd(line, room);
            assertEquals(List.of(room + " closed " + code), closesOf(room));
        }
    }

    @Test
    void clientThatReadsAndNeverAnswersTheCloseFrameIsDropped() {
        try (var line = line(a, "unanswered")) {
            line.session().close(1013, "too slow", false);
            assertEquals(1013, line.client().nextUnanswered().closeCode());
            line.session().close(1013, "too slow", true);
            assertEquals(1006, line.client().nextUnanswered().closeCode());
            awaitOneEnd(line, "unanswered");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientThatReadsNothingIsDropped(boolean duringARun) {
        String room = "unread" + duringARun;
        try (var line = smallLine(a, room)) {
            if (duringARun) {
                line.begin(longRun());
                Await.until("it is on its way", () -> line.outcome().progress.get() > 0);
            } else {
                line.send(Runs.ofTexts("last words"));
            }
            line.session().close(1013, "too slow", false);
            line.session().close(1013, "too slow", true);
            Await.until("it is dropped", line.client()::isDropped);
            awaitOneEnd(line, room);
            assertEquals(0, line.outcome().told.stream().filter("done"::equals).count());
            assertTrue(line.outcome().told.size() <= 1, () -> "told " + line.outcome().told);
        }
    }

    @Test
    void closeDuringARunCutsNoMessageThatTheClientSees() {
        Run run = longRun();
        try (var line = line(a, "during")) {
            line.begin(run);
            line.receives(run.slice(0, 1));
            line.session().close(1001, "going away", false);
            int whole = 1;
            var received = line.client().next();
            while (received.opcode() != WebSocketClient.CLOSE) {
                Line.assertIs(run.messages().get(whole++), received);
                received = line.client().next();
            }
            assertTrue(List.of(1001, 1006).contains(received.closeCode()), received.toString());
            line.session().close(1001, "going away", true);
            awaitOneEnd(line, "during");
            assertTrue(line.outcome().told.size() <= 1, () -> "told " + line.outcome().told);
        }
    }

    @Test
    void closeFromWithinAMethodOfTheApplicationDuringAFloodIsSeen() throws InterruptedException {
        var flooding = new AtomicBoolean(true);
        var flood = new Thread(() -> {
            for (int i = 0; flooding.get(); i++) {
                b.hub().broadcast("inside", "x".repeat(i % 20_000)).join();
            }
        });
        try (var line = line(a, "inside")) {
            flood.start();
            assertEquals(WebSocketClient.TEXT, line.client().next().opcode());
            line.client().sendText("close");
            assertEquals(1000, line.client().closeCode());
            awaitOneEnd(line, "inside");
            assertEquals(List.of("inside closed 1000"), closesOf("inside"));
        } finally {
            flooding.set(false);
            flood.join();
        }
    }

    @Test
    void clientThatClosesIsAnsweredAndTheApplicationIsToldOnce() {
        try (var line = line(a, "leaving")) {
            line.client().sendClose(1000);
            assertEquals(1000, line.client().closeCode());
            awaitOneEnd(line, "leaving");
            assertEquals(List.of("leaving closed 1000"), closesOf("leaving"));
        }
    }

    /** How a client vanishes. */
    enum Vanishing {
        RST,
        FIN,
        /** Undertow learns of the end when its send ends. */
        FIN_AND_READS_NO_MORE,
        CUT_LINK;

        boolean isFoundByTheDeadline() {
            return this == FIN_AND_READS_NO_MORE || this == CUT_LINK;
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatVanishesDuringARunLeavesAndNothingIsHeldForIt(Vanishing how) throws IOException {
        String room = "vanish" + how;
        var slow = new Slow();
        try (var node = node(
                        bus.peer(),
                        options -> options.outbox(1_000, 64 << 20)
                                .sendTimeout(Duration.ofSeconds(how.isFoundByTheDeadline() ? 1 : 30))
                                .listener(slow));
                var link = TcpProxy.to("127.0.0.1", node.container().port());
                var client = WebSocketClient.connectSmall(
                        how == Vanishing.CUT_LINK
                                ? link.port()
                                : node.container().port(),
                        "/held/" + room);
                var line = line(node, room, client);
                var other = joined(node, "/chat/" + room)) {
            for (Message message : longRun().messages()) {
                b.hub().broadcast(room, message);
            }
            line.receives(longRun().slice(0, 1));
            switch (how) {
                case RST -> client.reset();
                case FIN -> {
                    client.finish();
                    client.drain(); // Tomcat then writes its close frame into a message of which a part is written
                }
                case FIN_AND_READS_NO_MORE -> client.finish();
                case CUT_LINK -> link.stall();
            }
            for (Message message : longRun().messages()) {
                Line.assertIs(message, other.next());
            }
            awaitOneEnd(line, room);
            // After a FIN containers differ in what they call it, and Undertow in when it tells of it.
            String end = closesOf(room).get(0);
            assertTrue(how != Vanishing.CUT_LINK || end.endsWith("1013"), end);
            assertTrue(how != Vanishing.RST || end.endsWith("1006") || end.endsWith("1011"), end);
            assertTrue(how.isFoundByTheDeadline() || slow.reasons.isEmpty(), () -> "slow: " + slow.reasons);
            assertTrue(slow.reasons.stream().allMatch(reason -> reason.startsWith("a send made no progress")));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RST", "FIN"})
    void clientThatVanishesWhileNothingHappensLeaves(Vanishing how) throws IOException {
        String room = "quiet" + how;
        try (var line = line(a, room)) {
            if (how == Vanishing.RST) {
                line.client().reset();
            } else {
                line.client().finish();
            }
            awaitOneEnd(line, room);
            assertEquals(List.of(room + " closed 1006"), closesOf(room));
        }
    }

    @Test
    void clientThatAnswersNoPingIsClosedAndOneThatDoesStays() {
        try (var node = node(bus.peer(), options -> options.pingInterval(Duration.ofMillis(500)));
                var dead = line(node, "dead");
                var alive = line(node, "alive");
                var undeployed = joined(node, "/native/undeployed")) {
            new Thread(alive.client()::closeCode).start();
            new Thread(undeployed::closeCode).start();
            awaitOneEnd(dead, "dead");
            // More than the dead one was allowed to miss.
            Await.until("more pings", () -> alive.client().pings() > 3 && undeployed.pings() > 3);
            assertEquals(1, node.hub().sessions().count("alive"));
            assertEquals(1, node.hub().sessions().count("undeployed"));
            assertEquals(WebSocketClient.PING, dead.client().nextUnanswered().opcode());
            Await.until("its connection is dropped", dead.client()::isDropped);
        }
    }

    @Test
    void readerThatStopsIsClosedAndHarmsNobody() {
        var slow = new Slow();
        try (var node = node(bus.peer(), options -> options.outbox(200, MIB).listener(slow));
                var stuck = smallLine(node, "stuck");
                var reading = joined(a, "/chat/stuck")) {
            String text = "x".repeat(10_000);
            int sent = 0;
            while (slow.reasons.isEmpty()) {
                a.hub().broadcast("stuck", text).join();
                sent++;
                assertTrue(sent < 5_000, "nobody minds the reader that stopped");
                assertEquals(text, reading.next().text());
                assertTrue(node.hub().stats().pinnedBytes() < 2 * MIB, "what waits for it is not bounded");
            }
            awaitOneEnd(stuck, "stuck");
            Await.until("its connection is dropped", stuck.client()::isDropped);
            assertTrue(List.of(1013, 1006).contains(stuck.client().closeCode()));
            assertTrue(List.of("stuck closed 1013", "stuck closed 1006")
                    .contains(closesOf("stuck").get(0)));
        }
    }

    @Test
    void moreThanTheHeapFlowsPastAReaderThatStoppedAndMayStay() {
        try (var node = node(bus.peer(), options -> options.outbox(200, 4 * MIB).overflow(OverflowPolicy.DROP_OLDEST));
                var stuck = smallLine(node, "past");
                var reading = joined(node, "/chat/past")) {
            for (int i = 0; i < Runtime.getRuntime().maxMemory() / MIB; i++) {
                a.hub().broadcast("past", ByteBuffer.allocate(MIB)).join();
                assertEquals(MIB, reading.next().payload().length);
            }
            assertTrue(node.hub().stats().dropped() > 0);
            assertEquals(2, node.hub().sessions().count("past"));
            for (int i = 0; i < 3; i++) {
                assertEquals(MIB, stuck.client().next().payload().length, "it goes on when it reads again");
            }
        }
    }

    @Test
    void thousandSessionsLeaveNoSessionThreadOrCount() throws IOException {
        List<WeakReference<?>> sessions = new ArrayList<>();
        try (var node = node(bus.peer(), options -> options)) {
            comeAndGo(node, sessions);
            int threads = Thread.activeCount();
            for (int wave = 1; wave < 10; wave++) {
                comeAndGo(node, sessions);
            }
            held.clear();
            assertEquals(2_000, sessions.size());
            // Threads of a container that have nothing to do may still refer to what they did last: Jetty's to one
            // session.
            Await.until("the sessions are garbage", () -> {
                System.gc();
                return sessions.stream()
                                .filter(session -> !session.refersTo(null))
                                .count()
                        < 20;
            });
            int more = Thread.activeCount() - threads;
            assertTrue(more < 50, more + " more threads");
            var stats = node.hub().stats();
            assertEquals(List.of(0L, 0L), List.of(stats.closesPending(), stats.pinnedBytes()));
            assertEquals(List.of(0, 0), List.of(stats.sessions(), stats.channels()));
        }
    }

    private void comeAndGo(Node node, List<WeakReference<?>> sessions) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            var line = line(node, "wave" + sessions.size());
            sessions.add(new WeakReference<>(line.session()));
            sessions.add(new WeakReference<>(held.get("wave" + (sessions.size() - 1))));
            lines.add(line);
        }
        for (int i = 0; i < lines.size(); i++) {
            var client = lines.get(i).client();
            client.sendText("hello");
            assertEquals("hello", client.next().text());
            if (i % 3 == 0) {
                client.sendClose(1000);
                assertEquals(1000, client.closeCode());
            } else if (i % 3 == 1) {
                client.reset();
            }
            client.close();
        }
        Await.until("all left", () -> node.hub().stats().sessions() == 0);
    }
}
