package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import dev.fanfare.fixtures.RedisForTests;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat is wire-compatible: raw text from and to browsers, raw text on the Redis channel {@code chat}. */
@ParameterizedClass
@ValueSource(strings = {"tomcat", "jetty", "undertow", "tyrus"})
class ChatTest {

    @Parameter
    private String container = "";

    private ChatServer server = new ChatServer(Settings.of(Map.of()));

    @BeforeEach
    void startTwoNodes() throws Exception {
        Map<String, String> environment =
                Map.of("PORT", "0,0", "REDIS_URL", RedisForTests.uri(), "CONTAINER", container);
        server = new ChatServer(Settings.of(environment));
        server.start();
        server.ready().get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatOneSaysEverybodyHearsOnEveryNodeAndOneselfToo() throws Exception {
        try (Visitor anna = visitor(0);
                Visitor ben = visitor(0);
                Visitor cleo = visitor(1)) {
            for (String text : List.of("hello", "", "zwei\nZeilen", "Grüße 👋🏽", "<b>&amp;")) {
                anna.say(text);

                assertEquals(text, anna.hear());
                assertEquals(text, ben.hear());
                assertEquals(text, cleo.hear());
            }
        }
    }

    @Test
    void whatIsPublishedInRedisReachesEverybodyAsItIs() throws Exception {
        try (Visitor anna = visitor(0);
                Visitor ben = visitor(1);
                RawRedis redis = RedisForTests.raw()) {
            assertEquals("2", redis.command("PUBLISH", "chat", "hello from a terminal"));

            assertEquals("hello from a terminal", anna.hear());
            assertEquals("hello from a terminal", ben.hear());
        }
    }

    @Test
    void redisCarriesTheBytesThatWereTypedAndNothingElse() {
        try (RawRedis redis = RedisForTests.raw();
                Visitor anna = visitor(0, "/rooms/tea")) {
            redis.command("SUBSCRIBE", "room.tea");
            anna.say("Grüße {\"x\":1}");

            assertEquals("message\nroom.tea\nGrüße {\"x\":1}", redis.reply());
        }
    }

    @Test
    void whoLeavesIsForgottenAndNobodyElseNotices() throws Exception {
        try (Visitor anna = visitor(0)) {
            try (Visitor ben = visitor(0)) {
                ben.say("bye");
                assertEquals("bye", anna.hear());
            }
            Await.until(
                    "the node has forgotten who left",
                    () -> SiteTest.health(port(0)).contains("\"sessions\":1"));
            anna.say("still here");
            assertEquals("still here", anna.hear());
        }
    }

    @Test
    void whenTheNodeStopsItSaysSoToItsSessions() throws Exception {
        try (Visitor anna = visitor(0);
                Visitor ben = visitor(1)) {
            server.close();

            assertEquals(1001, anna.closeCode().get(10, TimeUnit.SECONDS));
            assertEquals(1001, ben.closeCode().get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aMessageOfTheLargestSizeArrives() throws Exception {
        String text = "x".repeat(1 << 20);
        try (Visitor anna = visitor(0);
                Visitor ben = visitor(1)) {
            anna.say(text);

            assertTrue(text.equals(ben.hear()), "1 MiB arrives whole on the other node");
            assertTrue(text.equals(anna.hear()), "and comes back whole");
        }
    }

    @Test
    void whatIsSaidInARoomIsHeardInItOnEveryNodeAndNowhereElse() throws Exception {
        try (Visitor anna = visitor(0, "/rooms/tea");
                Visitor ben = visitor(1, "/rooms/tea");
                Visitor cleo = visitor(1, "/rooms/gr%C3%BCner%20tee");
                Visitor dora = visitor(0);
                RawRedis redis = RedisForTests.raw()) {
            anna.say("milk?");
            assertEquals("milk?", anna.hear());
            assertEquals("milk?", ben.hear());
            assertEquals("2", redis.command("PUBLISH", "room.tea", "sugar?"));
            assertEquals("sugar?", ben.hear());
            assertEquals("1", redis.command("PUBLISH", "room.grüner tee", "psst"));
            assertEquals("psst", cleo.hear());
            dora.say("anybody?");
            assertEquals("anybody?", dora.hear());
        }
    }

    @Test
    void aRoomThatIsNoChannelIsRefused() throws Exception {
        CompletableFuture<Integer> refusal = new CompletableFuture<>();
        URI address = URI.create("ws://localhost:" + port(0) + "/rooms/" + "x".repeat(600));
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
                        refusal.complete(statusCode);
                        return null;
                    }
                })
                .exceptionally(failure -> {
                    WebSocketHandshakeException refused = (WebSocketHandshakeException) failure.getCause();
                    refusal.complete(refused.getResponse().statusCode());
                    return null;
                });

        assertEquals(container.equals("tyrus") ? 1008 : 400, refusal.get(10, TimeUnit.SECONDS));
    }

    private int port(int node) {
        return server.ports().get(node);
    }

    private Visitor visitor(int node) {
        return new Visitor(port(node));
    }

    private Visitor visitor(int node, String path) {
        return new Visitor(port(node), path);
    }
}
