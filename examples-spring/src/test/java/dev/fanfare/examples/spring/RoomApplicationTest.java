package dev.fanfare.examples.spring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.examples.room.Room;
import dev.fanfare.fixtures.RedisForTests;
import dev.fanfare.fixtures.WebSocketClient;
import dev.fanfare.jakarta.Broadcast;
import dev.fanfare.jakarta.QueryParam;
import dev.fanfare.jakarta.WebSocketHub;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Two nodes of the application, with the Redis of the tests. */
class RoomApplicationTest {

    /** An endpoint that cannot do without a query parameter. */
    @ServerEndpoint("/guests")
    @Broadcast("guests")
    public static class Guests {
        @OnMessage
        public String message(@QueryParam("username") String username, String text) {
            return username + ": " + text;
        }
    }

    static class WithGuests {
        @Bean
        ServerEndpointConfig guests(WebSocketHub hub) {
            return hub.endpoint(Guests.class);
        }
    }

    static class WithTheClassAsABean {
        @Bean
        Room roomItself() {
            return new Room();
        }
    }

    private ConfigurableApplicationContext here;
    private ConfigurableApplicationContext there;

    @BeforeEach
    void startTwoNodes() throws Exception {
        here = start();
        there = start();
        for (ConfigurableApplicationContext node : List.of(here, there)) {
            node.getBean(WebSocketHub.class).ready().get(10, TimeUnit.SECONDS);
        }
    }

    private static ConfigurableApplicationContext start(Class<?>... more) {
        return new SpringApplicationBuilder(RoomApplication.class, WithGuests.class)
                .sources(more)
                .run(
                        "--server.port=0",
                        "--redis.url=" + RedisForTests.uri(),
                        "--spring.main.banner-mode=off",
                        "--logging.level.root=warn");
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
    }

    @Test
    void whatIsSaidInARoomIsHeardInItOnBothNodes() throws Exception {
        try (WebSocketClient anna = joined(here, "/rooms/tea");
                WebSocketClient ben = joined(there, "/rooms/tea");
                WebSocketClient cleo = joined(there, "/rooms/coffee")) {
            ben.sendText("milk?");
            assertEquals("milk?", ben.next().text());
            // What was said while both came: the one who came first may have heard the other's arrival.
            assertEquals(List.of("joined", "milk?"), anna.texts(2));
            cleo.sendText("alone");
            assertEquals("alone", cleo.next().text());
        }
    }

    @Test
    void aHandshakeWithoutARequiredParameterIsRefusedWith400() throws Exception {
        String answer =
                String.valueOf(assertThrows(IOException.class, () -> WebSocketClient.connect(port(here), "/guests"))
                        .getMessage());
        assertTrue(answer.startsWith("no upgrade: HTTP/1.1 400 "), answer);
        try (WebSocketClient guest = WebSocketClient.connect(port(here), "/guests?username=Ada")) {
            guest.sendText("hi");
            assertEquals("Ada: hi", guest.next().text());
        }
    }

    @Test
    void closingTheApplicationTellsItsSessions() throws Exception {
        try (WebSocketClient anna = joined(here, "/rooms/tea");
                WebSocketClient ben = joined(there, "/rooms/tea")) {
            // Before the close: to this node Ben's arrival may come later than to his own.
            assertEquals("joined", anna.next().text());
            here.close();
            assertEquals(1001, anna.closeCode());

            ben.sendText("still here");
            assertEquals("still here", ben.next().text());
        }
    }

    @Test
    void anEndpointClassThatIsABeanFailsTheStart() {
        RuntimeException failure = assertThrows(RuntimeException.class, () -> start(WithTheClassAsABean.class));
        String cause = String.valueOf(failure.getCause());
        assertTrue(cause.contains("/rooms/{room}"), cause);
    }

    @Test
    void healthIsThatOfTheHub() throws Exception {
        try (WebSocketClient anna = joined(here, "/rooms/tea")) {
            HttpResponse<String> health = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port(here) + "/health"))
                                    .build(),
                            BodyHandlers.ofString());
            assertEquals(200, health.statusCode());
            assertTrue(health.body().startsWith("1 sessions, "), health.body());
        }
    }

    @Test
    void theRoomIsTheOneThatWasCompiledInItsModule() throws IOException {
        String file = Room.class.getName().replace('.', '/') + ".class";
        try (InputStream deployed = Room.class.getClassLoader().getResourceAsStream(file)) {
            assertArrayEquals(
                    Files.readAllBytes(
                            Path.of("..", "examples-room", "target", "classes").resolve(file)),
                    deployed.readAllBytes());
        }
    }

    private static int port(ConfigurableApplicationContext node) {
        return Integer.parseInt(node.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** A session that has joined for certain: it has heard itself. */
    private static WebSocketClient joined(ConfigurableApplicationContext node, String path) throws IOException {
        WebSocketClient client = WebSocketClient.connect(port(node), path);
        client.sendText("joined");
        assertEquals("joined", client.next().text());
        return client;
    }
}
