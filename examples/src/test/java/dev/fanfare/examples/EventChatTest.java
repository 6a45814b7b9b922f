package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.RawRedis;
import dev.fanfare.fixtures.RedisForTests;
import dev.fanfare.fixtures.WebSocketClient;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat of events is at {@code /}, beside the page: lines for clients, JSON on Redis. */
@ParameterizedClass
@ValueSource(strings = {"tomcat", "jetty", "undertow", "tyrus"})
class EventChatTest {

    @Parameter
    private String container = "";

    private ChatServer server = new ChatServer(Settings.of(Map.of()));

    @BeforeEach
    void startTwoNodes() throws Exception {
        server = new ChatServer(
                Settings.of(Map.of("PORT", "0,0", "REDIS_URL", RedisForTests.uri(), "CONTAINER", container)));
        server.start();
        server.ready().get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int port(int node) {
        return server.ports().get(node);
    }

    private WebSocketClient client(int node, String username) throws IOException {
        return WebSocketClient.connect(port(node), "/?username=" + username);
    }

    @Test
    void alicesFirstWordArrivesOnBothNodes() throws Exception {
        try (WebSocketClient bob = client(1, "Bob")) {
            bob.sendText("here");
            assertEquals("Bob: here", bob.next().text());
            try (WebSocketClient alice = client(0, "Alice")) {
                alice.sendText("Hello!"); // at once: nobody waits for the join
                assertEquals("Alice: Hello!", alice.next().text());
            }
            assertEquals("Alice: Hello!", bob.next().text());
        }
    }

    @Test
    void whatAliceSaysArrivesWithHerNameOnEveryNodeFromHerFirstMessageOn() throws Exception {
        try (WebSocketClient alice = client(0, "Alice")) {
            alice.sendText("Hello!"); // at once: nobody waits for the join
            assertEquals("Alice: Hello!", alice.next().text());
            try (WebSocketClient bob = client(1, "Bob%20B.");
                    RawRedis redis = RedisForTests.raw()) {
                bob.sendText("Hi");
                assertEquals("Bob B.: Hi", bob.next().text());
                assertEquals("Bob B.: Hi", alice.next().text());
                redis.command("SUBSCRIBE", "said");
                alice.sendText("Grüße 👋🏽\n");
                assertEquals("Alice: Grüße 👋🏽\n", alice.next().text());
                assertEquals("Alice: Grüße 👋🏽\n", bob.next().text());
                assertEquals("message\nsaid\n{\"username\":\"Alice\",\"content\":\"Grüße 👋🏽\\n\"}", redis.reply());
            }
        }
    }

    @Test
    void garbageThatOthersPublishHarmsNobody() throws Exception {
        try (WebSocketClient alice = client(0, "Alice");
                WebSocketClient bob = client(1, "Bob");
                RawRedis redis = RedisForTests.raw()) {
            bob.sendText("here");
            assertEquals("Bob: here", bob.next().text());
            alice.sendText("1");
            assertEquals("Bob: here", untilIn(alice, "Alice: 1"));
            assertEquals("Alice: 1", bob.next().text());
            for (String garbage :
                    List.of("", "garbage", "null", "{}", "{\"username\":\"x\"}", "[1]", "{\"username\":", "\u0000")) {
                assertEquals("2", redis.command("PUBLISH", "said", garbage), "both nodes get it");
            }
            redis.command("PUBLISH", "said", "{\"content\":\"from a terminal\",\"username\":\"ops\",\"more\":1}");
            for (WebSocketClient client : List.of(alice, bob)) {
                assertEquals("ops: from a terminal", client.next().text());
            }
            alice.sendText("2");
            assertEquals("Alice: 2", alice.next().text());
            assertEquals("Alice: 2", bob.next().text());
        }
    }

    /** What is first to come, and that nothing but it comes before {@code last}; perhaps it came before there was anybody. */
    private static String untilIn(WebSocketClient client, String last) {
        String first = client.next().text();
        if (first.equals(last)) {
            return "Bob: here";
        }
        assertEquals(last, client.next().text());
        return first;
    }

    @Test
    void withoutAUsernameTheHandshakeIsRefusedWithAnAnswerThatNamesIt() throws Exception {
        if (container.equals("tyrus")) { // has no servlet filters: refused when the session is open
            try (WebSocketClient nobody = WebSocketClient.connect(port(0), "/")) {
                WebSocketClient.Received end = nobody.next();
                assertEquals(1008, end.closeCode());
                assertTrue(new String(end.payload(), StandardCharsets.UTF_8).contains("username"));
            }
            return;
        }
        String answer = handshake(port(0), "/?user=Alice");
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("username"), answer);
    }

    /** What the server answers to a handshake, up to the word that is looked for. */
    private static String handshake(int port, String path) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port
                                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                                    + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            for (int next = socket.getInputStream().read();
                    next >= 0 && answer.indexOf("username") < 0;
                    next = socket.getInputStream().read()) {
                answer.append((char) next);
            }
            return answer.toString();
        }
    }

    @Test
    void whoeverDoesNotAskForAWebSocketGetsThePage() throws Exception {
        var page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port(0) + "/"))
                                .build(),
                        BodyHandlers.ofString());
        assertEquals(200, page.statusCode());
        assertTrue(page.body().contains("<html"), page.body());
    }
}
