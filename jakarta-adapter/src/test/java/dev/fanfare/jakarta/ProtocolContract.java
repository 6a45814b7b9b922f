package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.Message;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.WebSocketClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients that speak fanfare.v1, on every container, and resume on either of two nodes. */
abstract class ProtocolContract extends TwoNodes {

    private static final String HELLO = "{\"type\":\"hello\"}";

    private final Map<String, ProtocolEndpoints.Moving> moving = new ConcurrentHashMap<>();

    /** The session that was greeted last. */
    private String greeted = "";

    ProtocolContract(Function<Container.Deployment, Container> container) {
        super(container);
        bus.history("kept*", 100, Duration.ofMinutes(10));
    }

    @Override
    Node node(LocalBroadcaster broadcaster, UnaryOperator<WebSocketHub.Builder> options) {
        var builder = WebSocketHub.builder(broadcaster).reconnectSpread(Duration.ofSeconds(3));
        return Node.start(options.apply(builder).build(), container, hub -> server -> {
            server.addEndpoint(hub.endpoint(ProtocolEndpoints.Room.class));
            server.addEndpoint(hub.endpoint(ProtocolEndpoints.Alone.class));
            server.addEndpoint(
                    hub.endpoint(ProtocolEndpoints.Moving.class, () -> new ProtocolEndpoints.Moving(hub, moving)));
            server.addEndpoint(hub.endpoint(ProtocolEndpoints.Configured.class));
            server.addEndpoint(hub.endpoint(ProtocolEndpoints.Plain.class));
        });
    }

    private static WebSocketClient speaking(Node node, String path) {
        var client = node.connect(path, "Sec-WebSocket-Protocol: " + WebSocketHub.SUBPROTOCOL);
        assertTrue(
                client.handshake().toLowerCase(Locale.ROOT).contains("sec-websocket-protocol: fanfare.v1"),
                client.handshake());
        return client;
    }

    private WebSocketClient greeting(Node node, String path, String hello) {
        var client = speaking(node, path);
        client.sendText(hello);
        var answer = frame(client);
        assertEquals(new TreeSet<>(List.of("type", "session", "spreadMillis")), new TreeSet<>(answer.keySet()));
        assertEquals(List.of("hello", 3_000L), List.of(answer.get("type"), answer.get("spreadMillis")));
        greeted = String.valueOf(answer.get("session"));
        return client;
    }

    private static Map<String, Object> frame(WebSocketClient client) {
        var text = client.next().text();
        try {
            return FrameReader.read(text);
        } catch (MalformedFrameException e) {
            throw new AssertionError(text, e);
        }
    }

    private static Object receive(WebSocketClient client, String channel, String data) {
        var frame = frame(client);
        assertEquals(List.of("message", data), List.of(frame.get("type"), frame.get("data")));
        assertEquals(channel, frame.get("channel"));
        return frame.get("position");
    }

    /** Reads so many messages, and the word that the channel was joined, which may come between them. */
    private static Map<String, Object> untilJoined(WebSocketClient client, String... data) {
        Map<String, Object> joined = null;
        int messages = 0;
        while (joined == null || messages < data.length) {
            var frame = frame(client);
            if (frame.get("type").equals("joined")) {
                joined = frame;
            } else if (frame.get("type").equals("message")) {
                assertEquals(data[messages++], frame.get("data"));
            } else {
                assertEquals("gap", frame.get("type"));
            }
        }
        return joined;
    }

    private static void broadcast(Node node, String channel, String text) throws Exception {
        node.hub().broadcast(channel, text).get(20, TimeUnit.SECONDS);
    }

    @Test
    void aClientResumesOnTheOtherNodeWhereItLeftOff() throws Exception {
        Object position;
        try (var client = greeting(a, "/kept-resume", HELLO)) {
            assertEquals(false, untilJoined(client).get("resumed"));
            client.sendText("{\"type\":\"send\",\"data\":\"1 \\u00fc\\n\"}");
            position = receive(client, "kept-resume", "1 ü\n");
        }
        broadcast(a, "kept-resume", "2");
        broadcast(b, "kept-resume", "3");
        for (var node : List.of(b, a)) {
            try (var client = greeting(node, "/kept-resume", resuming("kept-resume", position))) {
                var joined = untilJoined(client, "2", "3");
                assertEquals(List.of(true, 2L), List.of(joined.get("resumed"), joined.get("replayed")));
                assertEquals(null, joined.get("gap"));
            }
        }
    }

    private static String resuming(String channel, Object position) {
        return "{\"type\":\"hello\",\"positions\":{\"" + channel + "\":\"" + position + "\"}}";
    }

    @Test
    void whatIsNoLongerKeptIsToldWithItsNumber() throws Exception {
        for (int i = 1; i <= 150; i++) {
            broadcast(a, "kept-trimmed", "" + i);
        }
        Object first;
        try (var client = greeting(a, "/kept-trimmed", "{\"type\":\"hello\",\"last\":100}")) {
            first = receive(client, "kept-trimmed", "51");
        }
        for (int i = 151; i <= 300; i++) {
            broadcast(a, "kept-trimmed", "" + i);
        }
        try (var client = greeting(b, "/kept-trimmed", resuming("kept-trimmed", first))) {
            var expected = IntStream.rangeClosed(201, 300).mapToObj(i -> "" + i);
            var joined = untilJoined(client, expected.toArray(String[]::new));
            assertEquals(
                    List.of(false, 100L, "HISTORY_TRIMMED", 149L),
                    List.of(joined.get("resumed"), joined.get("replayed"), joined.get("gap"), joined.get("lost")));
        }
    }

    @Test
    void theNewestMessagesComeFirstIfTheClientAsksForThem() throws Exception {
        for (var text : List.of("1", "2", "3")) {
            broadcast(a, "kept-last", text);
        }
        try (var client = greeting(a, "/kept-last", "{\"type\":\"hello\",\"last\":2,\"positions\":{}}");
                var other = greeting(b, "/kept-last", HELLO)) {
            assertEquals(2L, untilJoined(client, "2", "3").get("replayed"));
            assertEquals(0L, untilJoined(other).get("replayed"));
            broadcast(b, "kept-last", "4");
            receive(client, "kept-last", "4");
            receive(other, "kept-last", "4");
        }
    }

    @Test
    void aChannelWithoutHistoryResumesNothingAndSaysSo() {
        try (var client = greeting(a, "/volatile", resuming("volatile", "1-1"))) {
            var joined = untilJoined(client);
            assertEquals(List.of(false, "NO_HISTORY"), List.of(joined.get("resumed"), joined.get("gap")));
            client.sendText("{ \"type\" : \"send\", \"data\":\"\\ud83d\\udc4b\\\\\" }");
            assertEquals(null, receive(client, "volatile", "👋\\"));
        }
    }

    @Test
    void clientsThatAskForNoProtocolGetPlainText() throws Exception {
        try (var plain = a.connect("/kept-plain");
                var other = greeting(b, "/kept-plain", HELLO)) {
            untilJoined(other);
            plain.sendText("{\"type\":\"hello\"}");
            assertEquals("{\"type\":\"hello\"}", plain.next().text());
            receive(other, "kept-plain", "{\"type\":\"hello\"}");
            other.sendText("{\"type\":\"send\",\"data\":\"hi\"}");
            assertEquals("hi", plain.next().text());
        }
    }

    @Test
    void bytesArriveAsBase64AndExceptTheSessionThatIsNamed() throws Exception {
        try (var client = greeting(a, "/kept-bytes", HELLO);
                var other = greeting(b, "/kept-bytes", HELLO)) {
            untilJoined(client);
            untilJoined(other);
            a.hub()
                    .broadcast("kept-bytes", ByteBuffer.wrap(new byte[] {0, -1, 7}))
                    .get(20, TimeUnit.SECONDS);
            for (var each : List.of(client, other)) {
                var frame = frame(each);
                assertEquals(List.of("message", "AP8H"), List.of(frame.get("type"), frame.get("base64")));
            }
            var message = Message.text("psst").with(Message.Attributes.exceptSession(greeted));
            b.hub().broadcast("kept-bytes", message).get(20, TimeUnit.SECONDS);
            receive(client, "kept-bytes", "psst");
            broadcast(b, "kept-bytes", "all");
            receive(other, "kept-bytes", "all");
        }
    }

    @Test
    void whatTheApplicationSendsToTheSessionAloneIsFramedHoweverItIsSent() {
        try (var client = speaking(a, "/alone/x")) {
            receive(client, null, "welcome");
            client.sendText(HELLO);
            assertEquals("hello", frame(client).get("type"));
            client.sendText("{\"type\":\"ping\"}");
            assertEquals("pong", frame(client).get("type"));
            client.sendText("{\"type\":\"send\",\"data\":\"it\"}");
            for (var expected : List.of("by the hub", "blocking", "later", "it")) {
                receive(client, null, expected);
            }
        }
    }

    @Test
    void framesAgainstTheProtocolEndTheSessionAndSayWhatIsWrong() {
        var frames = Map.of(
                "hello",
                "the frame has \"h\" at character 0: it must have '{' there",
                "{\"type\":\"subscribe\"}",
                "type is \"subscribe\": it must be hello, send or ping",
                "{\"type\":\"send\",\"data\":\"x\"}",
                "type is \"send\": the first frame must be hello",
                "{\"type\":\"hello\",\"channels\":{}}",
                "hello has \"channels\": it may have type, positions and last only",
                "{\"type\":\"hello\",\"last\":1001}",
                "last is 1001: it must be a whole number from 0 to 1000",
                "{\"type\":\"hello\",\"positions\":{\"x\":\"1\"}}",
                "positions has \"x\": \"1\", which must be a channel and a position as the server sent it",
                "{\"type\":\"hello\",\"positions\":[]}",
                "\"positions\" is []: it must be a string, a whole number, true, false or an object",
                "{\"type\":\"hello\",\"last\":1,\"last\":2}",
                "the frame has \"last\" again at character 25: it must have every name once",
                "{\"kind\":\"hello\"}",
                "type is missing: a frame must have it",
                "{\"type\":\"hello\",\"positions\":{" + many(101) + "}}",
                "positions has 101 channels: at most 100 are allowed");
        frames.forEach((frame, reason) -> {
            try (var client = speaking(a, "/kept-refused")) {
                client.sendTogether(frame, frame); // one answer
                assertEquals(Map.of("type", "error", "reason", reason), frame(client));
                assertEnds(client, 1002, reason);
            }
        });
    }

    private static String many(int channels) {
        return IntStream.range(0, channels)
                .mapToObj(i -> "\"c" + i + "\":\"1-1\"")
                .collect(Collectors.joining(","));
    }

    @Test
    void laterFramesAreHeldToTheProtocolToo() {
        var frames = Map.of(
                HELLO,
                "type is \"hello\": it must come once, as the first frame",
                "{\"type\":\"send\",\"data\":1}",
                "data is 1: it must be a string",
                "{\"type\":\"ping\",\"x\":1}",
                "ping has \"x\": it may have type only");
        frames.forEach((frame, reason) -> {
            try (var client = greeting(a, "/kept-refused", HELLO)) {
                untilJoined(client);
                client.sendText(frame);
                assertEquals(Map.of("type", "error", "reason", reason), frame(client));
                assertEnds(client, 1002, reason);
            }
        });
        try (var client = speaking(a, "/kept-refused")) {
            client.sendBinary(new byte[] {1});
            assertEquals("error", frame(client).get("type"));
            assertEnds(client, 1003, "the frame is binary: it must be text");
        }
    }

    @Test
    void whoMakesMistakesHarmsNobodyElse() {
        try (var other = greeting(b, "/kept-harmless", HELLO)) {
            untilJoined(other);
            for (var garbage : List.of("", "{", "{\"type\":\"hello\",\"positions\":{\"kept-harmless\":\"9-9-9\"}}")) {
                try (var client = speaking(a, "/kept-harmless")) {
                    client.sendText(garbage);
                    assertEquals("error", frame(client).get("type"));
                    assertEquals(1002, client.end().closeCode());
                }
            }
            Await.until("they left", () -> a.hub().sessions().count("kept-harmless") == 0);
            other.sendText("{\"type\":\"send\",\"data\":\"still here\"}");
            receive(other, "kept-harmless", "still here");
        }
    }

    @Test
    void theLongestMessageArrivesWhateverItsFrameAddsToIt() {
        int most = a.hub().messageBytes();
        var text = "\"".repeat(most);
        try (var client = speaking(a, "/alone/long");
                var other = greeting(b, "/kept-long", HELLO)) {
            receive(client, null, "welcome");
            client.sendText(HELLO);
            assertEquals("hello", frame(client).get("type"));
            client.sendText("{\"type\":\"send\",\"data\":\"" + "\\\"".repeat(most) + "\"}");
            for (var expected : List.of("by the hub", "blocking", "later", text)) {
                receive(client, null, expected);
            }
            untilJoined(other);
            other.sendText("{\"type\":\"send\",\"data\":\"" + "\\\"".repeat(most) + "\"}");
            receive(other, "kept-long", text);
            other.sendText("{\"type\":\"send\",\"data\":\"" + "x".repeat(most + 1) + "\"}");
            assertEnds(other, 1009, "a message has at most " + most + " bytes");
        }
    }

    @Test
    void joiningAgainDoesNothingAndLeavingIsToldInOrder() {
        try (var client = greeting(a, "/moving/kept-moving", HELLO)) {
            assertEquals(0L, untilJoined(client).get("replayed"));
            client.sendText("{\"type\":\"send\",\"data\":\"again\"}");
            receive(client, null, "joined again");
            client.sendText("{\"type\":\"send\",\"data\":\"move\"}");
            assertEquals(Map.of("type", "left", "channel", "kept-moving"), frame(client));
            assertEquals(List.of("kept-moving", false), joinedChannel(client));
            client.sendText("{\"type\":\"send\",\"data\":\"leave\"}");
            assertEquals(Map.of("type", "left", "channel", "kept-moving"), frame(client));
            receive(client, null, "left");
        }
    }

    private static List<Object> joinedChannel(WebSocketClient client) {
        var joined = untilJoined(client);
        return List.of(joined.get("channel"), joined.get("resumed"));
    }

    @Test
    void aJoinBeforeTheClientsFirstFrameIsCancelledByItsEndOrItsLeaving() throws Exception {
        try (var client = speaking(a, "/moving/kept-early")) {
            Await.until("the session is open", () -> moving.get("kept-early") != null);
            var early = moving.get("kept-early");
            early.hub.leave(early.session, "kept-early").get(20, TimeUnit.SECONDS);
            assertTrue(early.joined.isCompletedExceptionally());
            assertEquals(Map.of("type", "left", "channel", "kept-early"), frame(client));
        }
        try (var client = speaking(a, "/moving/kept-gone")) {
            Await.until("the session is open", () -> moving.get("kept-gone") != null);
        }
        Await.until("cancelled", () -> moving.get("kept-gone").joined.isCompletedExceptionally());
    }

    @Test
    void theProtocolIsChosenForWhoAsksForItWhateverTheConfiguratorKnows() {
        try (var client = speaking(a, "/configured/x")) {
            client.sendText(HELLO);
            assertEquals("hello", frame(client).get("type"));
        }
        try (var client = a.connect("/configured/x", "Sec-WebSocket-Protocol: soap, mqtt")) {
            assertFalse(client.handshake().toLowerCase(Locale.ROOT).contains("fanfare"), client.handshake());
        }
    }

    @Test
    void anEndpointThatDoesNotListTheProtocolDoesNotSpeakIt() {
        try (var client = a.connect("/plain/x", "Sec-WebSocket-Protocol: " + WebSocketHub.SUBPROTOCOL)) {
            assertFalse(client.handshake().toLowerCase(Locale.ROOT).contains("fanfare"), client.handshake());
            client.sendText("hello");
            assertEquals("hello", client.next().text());
        }
    }

    private static void assertEnds(WebSocketClient client, int code, String reason) {
        var end = client.end();
        assertEquals(code, end.closeCode(), reason);
        assertEquals(reason, end.closeReason());
    }

    @Test
    void aClientThatSaysNothingJoinsNothingAndIsEnded() {
        var quick = node(bus.peer(), options -> options.pingInterval(Duration.ofMillis(200)));
        try (quick;
                var client = speaking(quick, "/kept-silent")) {
            assertEquals("error", frame(client).get("type"));
            assertEnds(client, 1002, "no hello came: it must be the first frame");
            assertEquals(0, quick.hub().sessions().count("kept-silent"));
            Await.until("it ended", () -> quick.hub().stats().sessions() == 0);
        }
    }
}
