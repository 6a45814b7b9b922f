package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.HubListener;
import dev.fanfare.Message;
import dev.fanfare.Run;
import dev.fanfare.Runs;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.WebSocketClient;
import jakarta.websocket.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fast path owes to the application, which may write to the same session, and to everybody else. */
abstract class FastPathContract extends TwoNodes {

    /** With the header of its array a region of G1; more would take two, and the heap of these tests is small. */
    private static final int MIB = (1 << 20) - 1024;

    FastPathContract(Function<Container.Deployment, Container> container) {
        super(container);
    }

    @Override
    abstract Class<?> sender();

    /** Whether the container compresses messages of an endpoint that it deployed natively by a configuration. */
    boolean compresses() {
        return true;
    }

    @Test
    void sendsOfTheApplicationDuringAFloodAllArriveAndInOrder() {
        int each = 1_000;
        try (var line = line(a, "own")) {
            Session session = SessionView.raw(held.get("own"));
            var flood = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < each; i++) {
                    b.hub().broadcast("own", "flood " + i + " " + "x".repeat(i));
                }
            });
            var own = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < each; i++) {
                    send(session, "own " + i + " " + "y".repeat(i * 10), i % 2 == 0);
                }
            });
            Map<String, Integer> next = new HashMap<>();
            for (int i = 0; i < 2 * each; i++) {
                String[] parts = line.client().next().text().split(" ", -1);
                int expected = next.merge(parts[0], 1, Integer::sum) - 1;
                assertEquals(parts[0] + " " + expected, parts[0] + " " + parts[1]);
                assertEquals(parts[0].equals("own") ? expected * 10 : expected, parts[2].length());
            }
            flood.join();
            own.join();
        }
    }

    private static void send(Session session, String text, boolean blocking) {
        try {
            if (blocking) {
                session.getBasicRemote().sendText(text);
            } else {
                session.getAsyncRemote().sendText(text).get();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void messageThatTheApplicationSendsInPartsIsNotTornApart() throws IOException {
        Run run = Runs.of(Message.binary(ByteBuffer.wrap(new byte[] {1})), Message.text("between"));
        try (var line = line(a, "parts")) {
            Session session = SessionView.raw(held.get("parts"));
            for (int i = 0; i < 20; i++) {
                session.getBasicRemote().sendText("be", false);
                line.begin(run);
                line.session().ping();
                session.getBasicRemote().sendText("gin", true);
                assertEquals("begin", line.client().next().text());
                if (line.outcome().told.remove("busy after 0")) {
                    line.begin(run);
                }
                line.receives(run);
                Await.until("it left", () -> line.outcome().told.remove("done"));
            }
        }
    }

    @Test
    void whatTheApplicationBatchedKeepsItsPlaceAndIsNotTornApart() throws IOException {
        List<String> batch = List.of("a".repeat(5_000), "b".repeat(5_000), "c".repeat(50), "d".repeat(50));
        try (var line = line(a, "batch")) {
            line.send(Runs.ofTexts("opened")); // from now on a run goes out on this thread, where nobody else writes
            assertEquals("opened", line.client().next().text());
            var remote = SessionView.raw(held.get("batch")).getBasicRemote();
            remote.setBatchingAllowed(true);
            for (String text : batch) {
                remote.sendText(text);
            }
            line.begin(Runs.ofTexts("run", "of two"));
            remote.flushBatch();
            remote.setBatchingAllowed(false);
            assertEquals(batch, line.client().texts(4));
            assertEquals(List.of("run", "of two"), line.client().texts(2));
            Await.until("it left", () -> line.outcome().told.equals(List.of("done")));
            line.send(Runs.ofTexts("after"));
            assertEquals("after", line.client().next().text());
        }
    }

    @Test
    void extensionSeesEveryMessageByItself() throws IOException {
        var texts = List.of("one", "two", "three");
        try (var node = node(bus.peer(), options -> options.pingInterval(Duration.ofMillis(500)));
                var client = new RawClient(
                        node.container().port(), "/native/deflated", "Sec-WebSocket-Extensions: permessage-deflate")) {
            Await.until("it joined", () -> node.hub().sessions().count("deflated") == 1);
            var session = node.hub().known().get(held.get("deflated"));
            Class<?> expected = compresses() ? PortableSender.class : sender();
            Await.until("its way is " + expected.getSimpleName(), () -> session.sender() == expected);
            var outcome = new Outcome();
            session.send(Runs.ofTexts(texts.toArray(String[]::new)), outcome);
            for (String text : texts) {
                var frame = nextText(client);
                assertEquals(compresses(), frame.isCompressed(), frame.toString());
                if (compresses() && text.equals("one")) { // later ones refer to the ones before
                    assertEquals(text, frame.inflated());
                }
            }
            Await.until("it left", () -> outcome.told.equals(List.of("done")));
        }
    }

    private static RawClient.Frame nextText(RawClient client) throws IOException {
        var frame = client.next();
        while (frame.opcode() == WebSocketClient.PING) {
            frame = client.next();
        }
        return frame;
    }

    @Test
    void runAfterTheCloseFrameFailsAndIsNotSeen() {
        try (var line = line(a, "late")) {
            line.session().close(1001, "going away", false);
            line.begin(Runs.ofTexts("too late"));
            Await.until("it is told", () -> !line.outcome().told.isEmpty());
            assertTrue(
                    line.outcome().told.get(0).startsWith("failed"),
                    line.outcome().told.toString());
            assertEquals(1001, line.client().next().closeCode());
            assertEquals(1006, line.client().next().closeCode(), "nothing follows the close frame");
        }
    }

    @Test
    void runThatComesWhileTheCloseFrameWaitsForItsTurnIsNotSeen() {
        Run run = Runs.of(Stream.generate(() -> filled('r', MIB)).limit(10).toArray(Message[]::new));
        var late = new Outcome();
        try (var line = smallLine(a, "waiting")) {
            line.begin(run);
            Await.until("it is on its way", () -> line.outcome().progress.get() > 0);
            line.session().close(1001, "going away", false);
            line.session().send(Runs.ofTexts("too late"), late);
            var received = line.client().next();
            while (received.opcode() != WebSocketClient.CLOSE) {
                assertIsAll('r', received);
                received = line.client().next();
            }
            assertTrue(List.of(1001, 1006).contains(received.closeCode()), received.toString());
            assertEquals(1006, line.client().next().closeCode(), "nothing follows the close frame");
            assertTrue(!late.told.contains("done"), late.told.toString());
        }
    }

    /** Given up by the send deadline, or as its outbox is full: then its container may go on to write what was in flight. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noClientEverSeesBytesOfAChannelThatItDidNotJoinThoughCompletionsAreHeldBack(boolean pastTheDeadline) {
        var slow = new AtomicInteger();
        var listener = new HubListener() {
            @Override
            public void disconnectedAsSlow(String sessionId, String reason) {
                slow.incrementAndGet();
            }
        };
        try (var node = node(
                        bus.peer(),
                        options -> options.outbox(pastTheDeadline ? 1_000 : 3, 64 << 20)
                                .sendTimeout(Duration.ofMillis(pastTheDeadline ? 300 : 30_000))
                                .listener(listener));
                var stuck = smallLine(node, "mine");
                var reading = joined(node, "/chat/theirs")) {
            for (int i = 0; i < 20; i++) {
                a.hub().broadcast("mine", filled('m', MIB)).join();
            }
            for (int i = 0; i < 20 || slow.get() == 0; i++) {
                a.hub().broadcast("theirs", filled('t', MIB)).join();
                assertIsAll('t', reading.next());
            }
            var received = stuck.client().next();
            while (received.opcode() != WebSocketClient.CLOSE) {
                assertIsAll('m', received);
                received = stuck.client().next();
            }
            Await.until("nothing is held for it", () -> node.hub().stats().pinnedBytes() == 0);
        }
    }

    private static Message filled(char c, int bytes) {
        var payload = new byte[bytes];
        Arrays.fill(payload, (byte) c);
        return Message.binary(ByteBuffer.wrap(payload));
    }

    private static void assertIsAll(char c, WebSocketClient.Received received) {
        for (byte b : received.payload()) {
            assertEquals(c, b);
        }
    }
}
