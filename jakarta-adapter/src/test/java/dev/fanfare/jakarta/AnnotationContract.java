package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import dev.fanfare.fixtures.WebSocketClient;
import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints with a channel of their own, on every container, over real sockets; node a has the filter, b has not. */
abstract class AnnotationContract extends TwoNodes {

    AnnotationContract(Function<Container.Deployment, Container> container) {
        super(container);
    }

    @Override
    Node node(LocalBroadcaster broadcaster, UnaryOperator<WebSocketHub.Builder> options) {
        boolean filter = broadcaster == bus;
        WebSocketHub.Builder builder =
                WebSocketHub.builder(broadcaster).allowOrigins("https://app.example.com", "http://other.example:8080");
        return Node.start(builder.build(), container, hub -> new Container.Deployment() {
            @Override
            public void to(ServerContainer server) throws DeploymentException {
                server.addEndpoint(hub.endpoint(ClusteredEndpoints.Talk.class));
                server.addEndpoint(hub.endpoint(ClusteredEndpoints.News.class));
                server.addEndpoint(
                        hub.endpoint(ClusteredEndpoints.Guests.class, () -> new ClusteredEndpoints.Guests(events)));
            }

            @Override
            public void to(ServletContext application) {
                if (filter) {
                    HandshakeFilter.addTo(application, hub);
                }
            }
        });
    }

    @Test
    void whatOnMessageReturnsReachesEverybodyOnceAndInOneOrder() {
        try (var sender = talking(a, "all");
                var other = talking(b, "all");
                var elsewhere = talking(b, "elsewhere")) {
            for (String text : List.of("one", "nothing", "number", "point", "two")) {
                sender.sendText(text);
            }
            List<String> expected = List.of("one", "42", "1,2", "two");
            assertEquals(expected, sender.texts(4));
            assertEquals(expected, other.texts(4));
            other.sendText("buffer");
            other.sendBinary(new byte[] {3});
            assertArrayEquals(new byte[] {1, 2}, sender.next().payload());
            assertArrayEquals(new byte[] {3}, sender.next().payload());
            assertArrayEquals(new byte[] {1, 2}, other.next().payload());
            assertArrayEquals(new byte[] {3}, other.next().payload());
            elsewhere.sendText("not a word of it here");
            assertEquals("not a word of it here", elsewhere.next().text());
        }
    }

    @Test
    void welcomeComesBeforeWhatIsBroadcast() {
        try (var client = a.connect("/talk/welcome")) {
            assertEquals(List.of("welcome", "somebody came"), client.texts(2));
        }
    }

    @Test
    void senderAloneIsAnsweredBySend() {
        try (var sender = talking(a, "me");
                var other = talking(b, "me")) {
            sender.sendText("me");
            sender.sendText("end");
            assertEquals(List.of("only you", "end"), sender.texts(2));
            assertEquals("end", other.next().text());
        }
    }

    @Test
    void whatCannotBeBroadcastGoesToOnErrorAndTheSessionStaysOpen() {
        try (var client = talking(a, "huge")) {
            client.sendText("huge");
            String told = client.next().text();
            assertTrue(told.startsWith("BroadcastException: "), told);
            assertTrue(told.contains("at most 1048576 are allowed"), told);
            client.sendText("still here");
            assertEquals("still here", client.next().text());
        }
    }

    @Test
    void channelWithoutVariablesIsSubscribedBeforeAnybodyCame() {
        assertEquals(0, a.hub().sessions().count("news"));
        assertEquals(2, a.hub().broadcast("news", "nobody there yet").join().receivers());
        assertEquals(0, a.hub().broadcast("talk.nobody", "").join().receivers());
    }

    @Test
    void queryParametersAreDecoded() {
        try (var client = a.connect("/guests/decoded?username=Ada+L%C3%B6%26we%3D&color=%23fff&username=Eve")) {
            client.sendText("hi");
            assertEquals("Ada Lö&we=: hi", client.next().text());
            assertTrue(events.contains("open Ada Lö&we= #fff"), events.toString());
            assertEquals(1, a.hub().sessions().count("guests.decoded.Ada Lö&we="));
            client.sendClose(1000);
            assertEquals(1000, client.closeCode());
        }
        Await.until("@OnClose of " + events, () -> events.contains("close decoded Ada Lö&we= 1000"));
    }

    @Test
    void pathVariablesAreDecoded() {
        for (Node node : List.of(a, b)) {
            int before = node.hub().sessions().count("talk.a böß+");
            try (var client = node.connect("/talk/a%20b%C3%B6%C3%9F+")) {
                client.sendText("hi");
                assertEquals("hi", client.next().text());
                assertEquals(before + 1, node.hub().sessions().count("talk.a böß+"));
            }
        }
    }

    @Test
    void variableOfThePathBeatsTheParameterOfTheSameName() {
        try (var client = a.connect("/guests/path?room=query&username=Ada")) {
            client.sendText("hi");
            assertEquals("Ada: hi", client.next().text());
            assertEquals(1, a.hub().sessions().count("guests.path.Ada"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                     | query parameter \"username\" is missing",
                "?user=Ada              | query parameter \"username\" is missing",
                "?username=             | query parameter \"username\" is missing",
                "?username=a%01b        | \"room\", \"username\": channel \"guests.no.a?b\" has the control character U+0001",
            })
    void handshakeAgainstTheRulesIsRefusedWithItsReason(String query, String reason) {
        String request = "/guests/no" + query.strip();
        String answer = refusal(a, request);
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.toLowerCase(Locale.ROOT).contains("content-type: text/plain;charset=utf-8"), answer);
        assertTrue(answer.substring(answer.indexOf("\r\n\r\n")).contains(reason), answer);

        events.clear();
        try (var client = b.connect(request)) {
            assertEquals("1008 " + reason, end(client).substring(0, 5 + reason.length()));
        }
        Await.until("@OnClose", () -> !events.isEmpty());
        assertEquals(1, events.size(), events.toString());
        assertTrue(events.get(0).startsWith("close no ") && events.get(0).endsWith(" 1008"), events.toString());
        assertEquals(Set.of(), channels("guests.no"));
    }

    @ParameterizedTest
    @CsvSource({
        "x=%,query parameter \"x\" is",
        "x=%zz,query parameter \"x\" is",
        "x=1&x=%FF,query parameter \"x\" is",
        "%4=1,the name of a query parameter is"
    })
    void queryThatNobodyReadsIsRefusedAsWellIfItIsNotUtf8(String query, String what) {
        String answer = refusal(a, "/guests/bad?username=Ada&" + query);
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains(what + " not UTF-8 in percent-encoding"), answer);
    }

    /** Without the filter containers refuse these on their own, Tomcat 11 with 400, Jetty with 500; Tomcat 10.1 does not. */
    @ParameterizedTest
    @CsvSource({"username=%C3,username", "username=Ada&color=%FF,color", "username=Ada&color=%4,color"})
    void queryThatIsNotUtf8IsRefused(String query, String name) {
        String answer = refusal(a, "/guests/bad?" + query);
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("query parameter \"" + name + "\" is not UTF-8 in percent-encoding"), answer);
        events.clear();
        if (statusLine(b, "/guests/bad?" + query).startsWith("HTTP/1.1 101 ")) {
            try (var client = b.connect("/guests/bad?" + query)) {
                assertEquals(1008, client.closeCode());
            }
        }
        assertFalse(events.toString().contains("open"), events.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost",
        "https://localhost",
        "http://LOCALHOST:1234",
        "https://app.example.com",
        "https://app.example.com:443",
        "http://other.example:8080"
    })
    void pagesOfTheSameHostAndAllowedOnesMayConnect(String origin) {
        for (Node node : List.of(a, b)) {
            try (var client = node.connect("/talk/origin", "Origin: " + origin)) {
                client.sendText("hi");
                assertEquals("hi", client.next().text());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://app.example.com.attacker.example",
        "http://localhost.attacker.example",
        "http://localhost@attacker.example",
        "http://attacker.example/localhost",
        "http://other.example",
        "null"
    })
    void pagesOfOtherHostsAreRefused(String origin) {
        String[] headers = {"Origin: " + origin, "X-Forwarded-Host: attacker.example"};
        String answer = refusal(a, "/talk/refused", headers);
        assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
        assertTrue(answer.contains("origin \"" + origin + "\" is not allowed"), answer);
        try (var client = b.connect("/talk/refused", headers)) {
            assertEquals("1008 origin \"" + origin + "\" is not allowed", end(client));
        }
        assertEquals(Set.of(), channels("talk.refused"));
        try (var client = b.connect("/talk/origin")) {
            client.sendText("the next one is judged for itself");
            assertEquals("the next one is judged for itself", client.next().text());
        }
    }

    @Test
    void eachRefusedOriginIsLoggedOnceWithTheRemedy() {
        try (var log = CapturedLog.of(Origins.class.getName())) {
            for (int i = 0; i < 3; i++) {
                refusal(a, "/talk/log", "Origin: https://once.example");
            }
            assertEquals(1, log.lines().size(), log.lines().toString());
            assertTrue(
                    log.lines().get(0).contains(".allowOrigins(\"https://once.example\")"),
                    log.lines().toString());
        }
    }

    @Test
    void configuratorOfTheEndpointHasToAgree() {
        for (Node node : List.of(a, b)) {
            try (var client = node.connect("/news", "Origin: http://localhost")) {
                client.sendText("hi");
                assertEquals("hi", client.next().text());
            }
        }
        try (var evil = WebSocketHub.builder(bus.peer())
                .allowOrigins("http://evil.example")
                .build()) {
            assertFalse(evil.endpoint(ClusteredEndpoints.News.class)
                    .getConfigurator()
                    .checkOrigin("http://evil.example"));
        }
    }

    @Test
    void guardFailsADeploymentWithoutTheHub() {
        List<String> causes = new ArrayList<>();
        container
                .apply(server -> {
                    Throwable cause =
                            assertThrows(Exception.class, () -> server.addEndpoint(InstancesTest.Guarded.class));
                    for (; cause != null; cause = cause.getCause()) {
                        causes.add(String.valueOf(cause.getMessage()));
                    }
                })
                .close();
        assertTrue(
                causes.stream().anyMatch(cause -> cause.startsWith("@Broadcast has no effect on an endpoint")),
                causes.toString());
    }

    @Test
    void filterLeavesOtherRequestsAlone() {
        assertTrue(refusal(a, "/elsewhere").startsWith("HTTP/1.1 404 "), "404");
        assertTrue(request(a, "/guests/no", "").startsWith("HTTP/1.1 404 "), "404");
    }

    private WebSocketClient talking(Node node, String room) {
        int before = node.hub().sessions().count("talk." + room);
        WebSocketClient client = node.connect("/talk/" + room);
        Await.until("the session joined", () -> node.hub().sessions().count("talk." + room) > before);
        return client;
    }

    private Set<String> channels(String prefix) {
        var channels = new TreeSet<>(b.hub().sessions().channels());
        channels.addAll(a.hub().sessions().channels());
        channels.removeIf(channel -> !channel.startsWith(prefix));
        return channels;
    }

    private static String end(WebSocketClient client) {
        WebSocketClient.Received end = client.next();
        return end.closeCode() + " " + new String(end.payload(), 2, end.payload().length - 2, StandardCharsets.UTF_8);
    }

    /** The whole answer to a handshake that is refused. */
    private static String refusal(Node node, String path, String... headers) {
        return request(
                node,
                path,
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n"));
    }

    /** The first line of the answer to a handshake. */
    private static String statusLine(Node node, String path) {
        try (var socket = new Socket("localhost", node.container().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path
                                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .readLine();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String request(Node node, String path, String headers) {
        try (var socket = new Socket("localhost", node.container().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\n" + headers
                                    + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
