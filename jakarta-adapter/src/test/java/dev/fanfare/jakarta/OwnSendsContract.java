package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import dev.fanfare.fixtures.WebSocketClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an application sends through its own session, on every container, over real sockets. */
abstract class OwnSendsContract extends TwoNodes {

    private static final int BROADCASTS = 5_000;

    private CapturedLog log;

    OwnSendsContract(Function<Container.Deployment, Container> container) {
        super(container);
    }

    @Override
    Node node(LocalBroadcaster broadcaster, UnaryOperator<WebSocketHub.Builder> options) {
        WebSocketHub.Builder builder = WebSocketHub.builder(broadcaster).outbox(30_000, 64 << 20);
        return Node.start(
                options.apply(builder).build(),
                container,
                hub -> server -> server.addEndpoint(hub.endpoint(OwnSends.class, () -> new OwnSends(hub, events))));
    }

    @BeforeEach
    void listen() {
        events.clear();
        log = CapturedLog.of(PortableSender.class.getName());
    }

    @AfterEach
    void nobodyMetAnotherSendAndEachEndpointSawOneSession() {
        log.close();
        assertEquals(List.of(), log.lines());
        assertEquals(
                List.of(), events.stream().filter(e -> e.startsWith("failed: ")).toList());
        assertTrue(!events.contains("another session"), events.toString());
    }

    private static WebSocketClient open(Node node, String room) {
        return joined(node, "/own/" + room, "own." + room);
    }

    @Test
    void sendsFromFourThreadsAndAFloodTakeNothingFromEachOther() throws InterruptedException {
        try (var client = open(a, "flood")) {
            var flood = new Thread(() -> {
                for (int i = 0; i < BROADCASTS; i++) {
                    b.hub().broadcast("own.flood", "broadcast " + i).join();
                }
            });
            flood.start();
            client.sendText("flood");
            List<String> received = new ArrayList<>();
            while (received.size() < BROADCASTS + 4 * OwnSends.EACH) {
                var message = client.next();
                assertTrue(message.opcode() <= WebSocketClient.BINARY, message + ", " + events);
                received.add(new String(message.payload(), StandardCharsets.UTF_8));
            }
            flood.join();
            assertEquals(numbered("broadcast ", "", BROADCASTS), of(received, "broadcast "));
            assertEquals(numbered("basic ", " " + OwnSends.LONG, OwnSends.EACH), of(received, "basic "));
            assertEquals(numbered("binary ", "", OwnSends.EACH), of(received, "binary "));
            assertEquals(numbered("future ", "", OwnSends.EACH), of(received, "future "));
            assertEquals(numbered("handler ", "", OwnSends.EACH), of(received, "handler "));
            Await.until("every handler is called", () -> count("handler ok") == OwnSends.EACH);
            assertEquals(
                    List.of(), events.stream().filter(e -> e.contains("failed")).toList());
        }
    }

    private long count(String event) {
        return events.stream().filter(event::equals).count();
    }

    private static List<String> numbered(String prefix, String suffix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i + suffix).toList();
    }

    private static List<String> of(List<String> received, String prefix) {
        return received.stream().filter(text -> text.startsWith(prefix)).toList();
    }

    @Test
    void whatIsSentWhileOpeningComesFirstDuringAFloodHoweverItIsSent() throws InterruptedException {
        var flooding = new AtomicBoolean(true);
        var flood = new Thread(() -> {
            while (flooding.get()) {
                b.hub().broadcast("own.welcome", "flood").join();
            }
        });
        flood.start();
        try {
            for (int i = 0; i < 20; i++) {
                try (var client = a.connect("/own/welcome")) {
                    everyWayArrives(client);
                    assertEquals("flood", client.next().text());
                }
            }
        } finally {
            flooding.set(false);
            flood.join();
        }
    }

    @Test
    void manyAsynchronousSendsWhileOpeningNeitherGrowTheStackNorGetLost() {
        try (var client = a.connect("/own/many")) {
            assertEquals(numbered("m", "", 10_000), client.texts(10_000));
            Await.until("every handler is called", () -> count("many ok") == 10_000);
            client.sendText("and now");
            assertEquals("and now", client.next().text());
        }
    }

    @Test
    void everyWayOfSendingMakesOneWholeMessageInItsTurn() {
        try (var client = open(a, "ways")) {
            client.sendText("every way");
            everyWayArrives(client);
        }
    }

    private void everyWayArrives(WebSocketClient client) {
        events.clear();
        int pings = client.pings();
        assertEquals("text", client.next().text());
        assertArrayEquals(new byte[] {1}, client.next().payload());
        assertEquals("in parts", client.next().text());
        assertArrayEquals(new byte[] {1, 2}, client.next().payload());
        assertEquals("written", client.next().text());
        assertArrayEquals(new byte[] {3, 4, 5}, client.next().payload());
        assertEquals("1,2", client.next().text());
        assertEquals("future", client.next().text());
        List<String> rest = new ArrayList<>();
        while (!rest.contains("last")) {
            var message = client.next(); // the pong may stand anywhere
            rest.add(message.opcode() == WebSocketClient.TEXT ? message.text() : "" + message.payload()[0]);
        }
        assertTrue(rest.remove("9"), rest.toString());
        assertEquals(List.of("6", "3,4", "7", "5,6", "handler", "last"), rest);
        assertEquals(pings + 1, client.pings());
    }

    @Test
    void handlersAreToldOfEverySend() {
        try (var client = open(a, "told")) {
            client.sendText("every way");
            for (String handler : List.of("binary ok", "object ok", "text ok")) {
                Await.until(handler, () -> count(handler) == 1);
            }
        }
    }

    @Test
    void whatWasSentBeforeCloseArrivesAndWhatIsSentAfterFailsWithTheReason() {
        for (String how : List.of("bye", "late")) {
            try (var client = open(a, how)) {
                client.sendText(how);
                if (how.equals("bye")) {
                    assertEquals(OwnSends.LONG + OwnSends.LONG, client.next().text());
                    assertEquals("bye", client.next().text());
                }
                assertEquals(1000, client.closeCode());
                Await.until("three sends are over", () -> events.contains(how + " open false"));
                String closed = " the message was not sent: the session is closed";
                assertEquals(
                        List.of("basic" + closed, "handler" + closed, "future" + closed, "open false"),
                        events.stream()
                                .filter(e -> e.startsWith(how))
                                .map(e -> e.substring(how.length() + 1))
                                .toList());
            }
        }
    }

    @Test
    void messageOverTheLimitIsRefusedAtOnceAndTheSessionStaysOpen() {
        try (var client = open(a, "long")) {
            client.sendText("too long");
            assertEquals("nothing of it was sent", client.next().text());
            String limit = ": at most 1048576 are allowed (Builder.messageBytes)";
            assertEquals(
                    List.of(
                            "whole: the message has 1048577 bytes" + limit,
                            "parts: the message has more than 1048576 bytes" + limit,
                            "writer: the message has 1048581 bytes" + limit),
                    events.stream().filter(e -> e.contains(": the message has")).toList());
        }
    }

    @Test
    void hubKnowsTheViewAndTheContainersSessionAsOne() {
        try (var client = open(a, "ids");
                var other = open(a, "ids")) {
            client.sendText("ids");
            assertEquals("true true true", client.next().text());
            other.sendText("others");
            assertEquals("from another session", client.next().text());
        }
    }

    @Test
    void threadThatSendsToAClientThatDoesNotReadIsFreeWhenTheSessionIsGivenUp() {
        try (var node = node(bus.peer(), options -> options.sendTimeout(Duration.ofSeconds(2)))) {
            var client = node.connectSmall("/own/stuck");
            client.sendText("stuck");
            String told = "stuck failed: the message was not sent: ";
            Await.until("its thread is told", () -> events.stream().anyMatch(e -> e.startsWith(told)));
            Await.until("it has ended", () -> node.hub().stats().sessions() == 0);
            client.close();
        }
    }
}
