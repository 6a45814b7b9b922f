package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import dev.fanfare.fixtures.RedisForTests;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat is wire-compatible: raw text from and to browsers, raw text on the Redis channel {@code chat}. */
@ParameterizedClass
@ValueSource(strings = {"tomcat", "jetty", "undertow"})
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
                Visitor anna = visitor(0)) {
            redis.command("SUBSCRIBE", "chat");
            anna.say("Grüße {\"x\":1}");

            assertEquals("message\nchat\nGrüße {\"x\":1}", redis.reply());
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

    private int port(int node) {
        return server.ports().get(node);
    }

    private Visitor visitor(int node) {
        return new Visitor(port(node));
    }
}
