package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import dev.fanfare.fixtures.RedisServer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The chat page, open in two browsers on two nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PageContract<B extends Browser> {
    static final String MESSAGES = "#messages .message .text";
    static final String NOTES = "#messages .note";

    final B here = browser();
    final B there = browser();
    final RedisServer redis = RedisServer.start();
    ChatServer first = chat("0");
    ChatServer second = chat("0");

    abstract B browser();

    private ChatServer chat(String port) {
        return new ChatServer(Settings.of(Map.of("PORT", port, "REDIS_URL", redis.uri())));
    }

    @BeforeEach
    void openThePageOnBothNodes() throws Exception {
        try (RawRedis terminal = RawRedis.connect(URI.create(redis.uri()))) {
            terminal.command("FLUSHALL"); // what was said in the test before
        }
        first = chat("0");
        second = chat("0");
        for (ChatServer server : List.of(first, second)) {
            server.start();
            server.ready().get(10, TimeUnit.SECONDS);
        }
        here.open("http://localhost:" + port(first) + "/");
        there.open("http://localhost:" + port(second) + "/");
        for (Browser browser : List.of(here, there)) {
            awaitText(browser, "connection", "Connected");
        }
        // A session surely hears what comes after its own first message.
        say(there, "good morning");
        awaitMessages(there, "good morning");
    }

    @AfterEach
    void leaveAndStopTheNodes() {
        here.leave();
        there.leave();
        first.close();
        second.close();
    }

    @AfterAll
    void closeTheBrowsers() {
        here.close();
        there.close();
        redis.close();
    }

    @Test
    void whatIsTypedInOneShowsInBoth() {
        say(here, "hello from here");
        awaitMessages(there, "good morning", "hello from here");

        say(there, "hello from there");
        awaitMessages(there, "good morning", "hello from here", "hello from there");
        Await.until("shows in the first", () -> here.texts(MESSAGES).contains("hello from there"));
        assertEquals(List.of("hello from there"), there.texts("#messages .own:last-child .text"));
        assertEquals(List.of(), here.texts("#messages .own:last-child .text"));
        assertEquals("", here.typed());
    }

    @Test
    void htmlShowsAsTextOnBothNodes() {
        String html = "<img src=x onerror=\"document.title='executed'\"><script>document.title='executed'</script>";
        say(here, html);

        awaitMessages(there, "good morning", html);
        Await.until("shows in the first", () -> here.texts(MESSAGES).contains(html));
        for (Browser browser : List.of(here, there)) {
            assertEquals(List.of(), browser.texts("#messages img, #messages script"));
            assertEquals(
                    List.of("Fanfare chat · " + (browser == here ? port(first) : port(second))),
                    browser.texts("title"));
        }
    }

    @Test
    void thePageSaysOnWhichNodeItIsAndHowThatNodeStands() {
        awaitText(here, "node", "Node " + port(first));
        awaitText(there, "node", "Node " + port(second));
        awaitText(here, "redis", "Redis reached");

        redis.kill();
        awaitText(here, "redis", "Redis unreachable");
        assertEquals("Connected", here.text("connection"));

        redis.restart();
        awaitText(here, "redis", "Redis reached");
        Await.until(
                "a note", () -> here.texts(NOTES).contains("Redis is back. What was said in between may be missing."));
    }

    @Test
    void thePageKeepsWhatIsTypedAndComesBackWhenItsNodeDoes() throws Exception {
        int port = port(first);
        first.close();
        awaitText(here, "connection", "Disconnected", "Reconnecting");
        awaitText(
                here,
                "notice",
                "The node is going away. Trying again by itself; what you type stays here.",
                "The node does not answer. Trying again by itself; what you type stays here.");

        here.type("written meanwhile");
        here.submit();
        assertEquals("written meanwhile", here.typed());

        first = chat(Integer.toString(port));
        first.start();
        awaitText(here, "connection", "Connected");
        assertEquals("", here.text("notice"));
        assertEquals("written meanwhile", here.typed());
        here.submit();
        awaitMessages(there, "good morning", "written meanwhile");
        Await.until("shows in its own page", () -> here.texts(MESSAGES).contains("written meanwhile"));
        assertEquals("", here.typed());
    }

    @Test
    void anEmptyOrBlankFieldSendsNothing() {
        here.submit();
        say(here, "  ");
        assertEquals("", here.typed());
        say(here, "after nothing");

        awaitMessages(there, "good morning", "after nothing");
    }

    @Test
    void aRoomIsOneOnBothNodesAndApartFromEverybody() {
        for (Browser browser : List.of(here, there)) {
            browser.enter("grüner tee");
            awaitPage(browser, "grüner tee · Fanfare chat · ");
            assertEquals("redis-cli -u " + redis.uri() + " PUBLISH 'room.grüner tee' hello", browser.text("terminal"));
            assertEquals("Back to everybody", browser.text("leave"));
        }
        say(there, "good evening");
        awaitMessages(there, "good evening");
        say(here, "<b>milk?</b>");
        awaitMessages(there, "good evening", "<b>milk?</b>");

        here.enter("");
        awaitPage(here, "Fanfare chat · ");
        say(here, "anybody?");
        Await.until("shows", () -> here.texts(MESSAGES).contains("anybody?"));
        say(there, "nobody");
        awaitMessages(there, "good evening", "<b>milk?</b>", "nobody");
    }

    @Test
    void aNameThatCanBeNoRoomIsToldAndNotConnectedTo() {
        String told = "A room's name has at most 64 characters, and none of these: / \\ % ; .";
        here.enter("../chat");
        awaitText(here, "notice", told);
        assertEquals("Connected", here.text("connection"));

        there.open("http://localhost:" + port(second) + "/?room=a%2Fb");
        awaitText(there, "connection", "No such room");
        awaitText(there, "notice", told);
        say(there, "nowhere");
        assertEquals("nowhere", there.typed());
        assertEquals("No such room", there.text("connection"));
    }

    /** Waits until a page of a title that begins like that is connected. */
    private static void awaitPage(Browser browser, String title) {
        Await.until(title, () -> browser.texts("title").stream().anyMatch(text -> text.startsWith(title)));
        awaitText(browser, "connection", "Connected");
    }

    static void say(Browser browser, String text) {
        browser.type(text);
        browser.submit();
    }

    static void awaitText(Browser browser, String id, String... expected) {
        Await.until(id + ": " + List.of(expected), () -> List.of(expected).contains(browser.text(id)));
    }

    static void awaitMessages(Browser browser, String... expected) {
        Await.until(
                "messages " + List.of(expected), () -> browser.texts(MESSAGES).equals(List.of(expected)));
    }

    static int port(ChatServer server) {
        return server.ports().get(0);
    }
}
