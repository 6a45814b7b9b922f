package dev.fanfare.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.Hub;
import dev.fanfare.examples.room.Room;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RedisServer;
import dev.fanfare.fixtures.War;
import dev.fanfare.fixtures.WebSocketClient;
import dev.fanfare.jakarta.WebSocketHub;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.commons.pool2.ObjectPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import redis.clients.jedis.Jedis;

/** A WAR that a whole server scans, beside a node with an embedded container, on one Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class ServerContract {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String BEANS = """
            <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0" bean-discovery-mode="annotated"/>
            """;

    private final Function<String, Server> start;
    private RedisServer redis;
    private Server server;
    private EmbeddedNode embedded;

    ServerContract(Function<String, Server> start) {
        this.start = start;
    }

    private static War library() {
        return new War().libraries(Hub.class, WebSocketHub.class, Jedis.class, ObjectPool.class, Logger.class);
    }

    private static Path war() {
        return library()
                .classes(Room.class, App.class, Diary.class, Hubs.class, Pages.class, Plain.class, Status.class)
                .file("WEB-INF/beans.xml", BEANS)
                .pack(Path.of("target", "app.war"));
    }

    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void start() {
        redis = RedisServer.start();
        embedded = new EmbeddedNode(redis.uri());
        server = start.apply(redis.uri());
        server.deploy("app.war", war(), "/app/status");
        Await.until("the server is connected", PATIENCE, () -> facts().contains("connected true"));
    }

    @AfterAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void stop() {
        server.close();
        embedded.close();
        redis.close();
    }

    private List<String> facts() {
        return server.get("/app/status").lines().toList();
    }

    private WebSocketClient connect(String path) throws IOException {
        return WebSocketClient.connect(server.port(), path);
    }

    private void roomIsOnBothNodes(String room) throws IOException {
        try (var here = connect("/app/rooms/" + room);
                var there = WebSocketClient.connect(embedded.port(), "/rooms/" + room)) {
            Await.until(
                    "both have joined",
                    PATIENCE,
                    () -> facts().contains("room." + room + " 1") && embedded.sessions("room." + room) == 1);
            here.sendText("from the server");
            assertEquals("from the server", here.next().text());
            assertEquals("from the server", there.next().text());
            there.sendText("to the server");
            assertEquals("to the server", here.next().text());
            assertEquals("to the server", there.next().text());
        }
    }

    @Test
    @Order(1)
    void sameRoomReachesTheServerAndTheEmbeddedNode() throws Exception {
        String compiled =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(War.bytes(Room.class)));
        assertTrue(facts().contains("room " + compiled), facts().toString());
        roomIsOnBothNodes("blue");
    }

    @Test
    @Order(2)
    void otherEndpointsAreTheContainers() throws IOException {
        try (var plain = connect("/app/plain")) {
            plain.sendText("hello");
            assertEquals("plain hello", plain.next().text());
        }
    }

    @Test
    @Order(3)
    void hubOfTheApplicationIsTheBean() {
        assertEquals("the bean is the published hub", facts().get(0));
    }

    @Test
    @Order(4)
    void missingParameterIsRefusedBeforeTheUpgrade() {
        var refused = assertThrows(IOException.class, () -> connect("/app/diaries/red"));
        assertTrue(String.valueOf(refused.getMessage()).contains("no upgrade: HTTP/1.1 400 "), refused.getMessage());
    }

    @Test
    @Order(5)
    void endpointIsABeanThatIsDestroyedAfterItsOnClose() throws IOException {
        try (var ada = connect("/app/diaries/red?username=Ada");
                var bob = connect("/app/diaries/red?username=Bob")) {
            Await.until("both have joined", PATIENCE, () -> facts().contains("diary.red 2"));
            ada.sendText("hello");
            assertEquals("Ada: hello", ada.next().text());
            assertEquals("Ada: hello", bob.next().text());
            ada.sendClose(1000);
            assertEquals(1000, ada.closeCode());
            bob.reset();
        }
        Await.until(
                "the beans are destroyed",
                PATIENCE,
                () -> pages("red/Ada").contains("red/Ada destroyed")
                        && pages("red/Bob").contains("red/Bob destroyed"));
        assertEquals(List.of("red/Ada open", "red/Ada close", "red/Ada destroyed"), pages("red/Ada"));
        assertEquals(List.of("red/Bob open", "red/Bob close", "red/Bob destroyed"), pages("red/Bob"));
    }

    private List<String> pages(String writer) {
        return facts().stream().filter(fact -> fact.startsWith(writer + " ")).toList();
    }

    @Test
    @Order(6)
    void redeployedApplicationIsClusteredAgain() throws IOException {
        try (var client = connect("/app/rooms/green")) {
            Await.until("it has joined", PATIENCE, () -> facts().contains("room.green 1"));
            client.sendText("hello");
            assertEquals("hello", client.next().text());
            server.undeploy("app.war", "/app/status");
            assertEquals(1001, client.closeCode());
        }
        assertNotEquals(200, server.status("/app/status"));
        server.deploy("app.war", war(), "/app/status");
        roomIsOnBothNodes("yellow");
    }

    @Test
    @Order(7)
    void broadcastWithoutAnApplicationIsRefused() {
        server.put("bad.war", library().classes(Room.class).pack(Path.of("target", "bad.war")));
        Await.until(
                "it is refused",
                PATIENCE,
                () -> server.log()
                        .contains(
                                "Room: @Broadcast has no effect on an endpoint that the container deploys by itself"));
        var refused = assertThrows(IOException.class, () -> connect("/bad/rooms/blue"));
        assertTrue(String.valueOf(refused.getMessage()).contains("no upgrade: HTTP/1.1 404"), refused.getMessage());
    }
}
