package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RedisForTests;
import dev.fanfare.fixtures.RedisServer;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chat as a user meets it: a process with an environment, an output and an exit code. */
class MainTest {

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({"PORT, abc", "PORT, 70000", "REDIS_URL, localhost:6379", "CONTAINER, websphere"})
    void aWrongSettingEndsItWithOneLineAndExitCode2(String name, String value) throws Exception {
        assertRefuses(Map.of(name, value), name);
    }

    @Test
    void aTakenPortEndsItWithOneLineAndExitCode2() throws Exception {
        try (ServerSocket somebodyElse = new ServerSocket(0)) {
            String port = Integer.toString(somebodyElse.getLocalPort());

            assertRefuses(Map.of("PORT", "0," + port, "REDIS_URL", RedisForTests.uri()), "Port " + port + " is taken");
        }
    }

    @Test
    void aPlatformWithoutAnEmbeddedRedisEndsItWithOneLineAndExitCode2() throws Exception {
        assertRefuses(Map.of("PORT", "0"), "REDIS_URL", "-Dos.name=Plan 9");
    }

    private void assertRefuses(Map<String, String> environment, String said, String... options) throws Exception {
        try (ChatProcess chat = ChatProcess.ofClasses(directory, environment, options)) {
            assertEquals(2, chat.exitCode(), chat.err());
            assertEquals(1, chat.err().lines().count(), chat.err());
            assertTrue(chat.err().contains(said), chat.err());
            assertEquals("", chat.out());
            assertEquals(List.of(), chat.leftovers());
        }
    }

    @ParameterizedTest
    @CsvSource({"tomcat, TERM, 143", "tomcat, INT, 130", "jetty, TERM, 143", "undertow, TERM, 143", "tyrus, TERM, 143"})
    void aSignalStopsEverythingCleanly(String container, String signal, int exitCode) throws Exception {
        Map<String, String> environment = Map.of("PORT", "0,0", "CONTAINER", container);
        try (ChatProcess chat = ChatProcess.ofClasses(directory, environment).awaitStart();
                Visitor anna = new Visitor(chat.ports().get(0));
                Visitor ben = new Visitor(chat.ports().get(1))) {
            anna.say("hello");
            assertEquals("hello", ben.hear());
            List<ProcessHandle> redis = chat.children();
            assertEquals(1, redis.size(), "a Redis of its own");

            if (signal.equals("INT")) {
                chat.interrupt();
            } else {
                chat.terminate();
            }

            assertEquals(1001, anna.closeCode().get(20, TimeUnit.SECONDS));
            assertEquals(1001, ben.closeCode().get(20, TimeUnit.SECONDS));
            assertEquals(exitCode, chat.exitCode());
            assertFalse(redis.get(0).isAlive(), "Redis is gone");
            assertEquals(List.of(), chat.leftovers());
            assertEquals("", chat.err());
        }
    }

    @Test
    void aThirdNodeJoinsFromAnotherTerminal(@TempDir Path other) throws Exception {
        try (ChatProcess first =
                ChatProcess.ofClasses(directory, Map.of("PORT", "0,0")).awaitStart()) {
            String redisUrl = first.out().replaceFirst("(?s).*REDIS_URL=(\\S+).*", "$1");
            Map<String, String> environment = Map.of("PORT", "0", "REDIS_URL", redisUrl);
            try (ChatProcess third = ChatProcess.ofClasses(other, environment).awaitStart();
                    Visitor anna = new Visitor(first.ports().get(1));
                    Visitor cleo = new Visitor(third.ports().get(0))) {
                cleo.say("hello from the third");

                assertEquals("hello from the third", anna.hear());
                assertEquals(List.of(), third.children());
            }
        }
    }

    @Test
    void withoutRedisItStartsAndSaysSoAndComesUpWhenRedisDoes() throws Exception {
        RedisServer redis = RedisServer.start();
        redis.kill();
        Map<String, String> environment = Map.of("PORT", "0", "REDIS_URL", redis.uri());
        try (redis;
                ChatProcess chat = ChatProcess.ofClasses(directory, environment).awaitStart()) {
            int port = chat.ports().get(0);
            awaitNews(chat, "WARNING Node " + port + ": Redis at " + redis.uri() + " cannot be reached");
            assertTrue(SiteTest.health(port).contains("\"connected\":false"));
            assertFalse(chat.out().contains("running"), chat.out());
            assertTrue(chat.out().contains("does not reach its Redis"), chat.out());
            assertTrue(chat.out().contains("\n  Redis      " + redis.uri() + "\n"), chat.out());

            redis.restart();

            awaitNews(chat, "INFO Node " + port + ": Redis is reachable now");
            assertTrue(SiteTest.health(port).contains("\"connected\":true"));
            try (Visitor anna = new Visitor(port)) {
                anna.say("hello");
                assertEquals("hello", anna.hear());
            }
        }
    }

    /** It accepts connections, and never answers. */
    @Test
    void aRedisThatIsSilentDoesNotKeepItFromSayingWhereItIs() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            String url = "redis://app:secret@127.0.0.1:" + silent.getLocalPort();
            try (ChatProcess chat = ChatProcess.ofClasses(directory, Map.of("PORT", "0", "REDIS_URL", url))
                    .awaitStart()) {
                assertTrue(chat.out().contains("does not reach its Redis"), chat.out());
                assertTrue(chat.out().contains(url.replace("secret", "***")), chat.out());
                assertFalse((chat.out() + chat.err()).contains("secret"), chat.out());
            }
        }
    }

    @Test
    void eachNodeSaysOnceThatRedisIsLostAndOnceThatItIsBack() throws Exception {
        try (RedisServer redis = RedisServer.start();
                ChatProcess chat = ChatProcess.ofClasses(directory, Map.of("PORT", "0,0", "REDIS_URL", redis.uri()))
                        .awaitStart()) {
            for (int port : chat.ports()) {
                Await.until("connected", () -> SiteTest.health(port).contains("\"connected\":true"));
            }
            assertEquals("", chat.err());
            assertTrue(chat.out().contains("The chat is running."), chat.out());

            redis.kill();
            for (int port : chat.ports()) {
                awaitNews(chat, "WARNING Node " + port + ": Redis at " + redis.uri() + " cannot be reached");
            }
            redis.restart();

            for (int port : chat.ports()) {
                awaitNews(chat, "INFO Node " + port + ": Redis is reachable now");
            }
            assertEquals(4, chat.err().lines().count(), chat.err());
        }
    }

    private static void awaitNews(ChatProcess chat, String news) {
        Await.until("the chat says: " + news, () -> chat.err().contains(news));
    }
}
