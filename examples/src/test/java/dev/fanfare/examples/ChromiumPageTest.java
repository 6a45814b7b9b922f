package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RawRedis;
import dev.fanfare.fixtures.TcpProxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** In the browser that is installed; skipped where there is none, unless {@code FANFARE_REQUIRE_CHROMIUM=true}. */
@ExtendWith(ChromiumInstalled.class)
class ChromiumPageTest extends PageContract<ChromiumBrowser> {

    @Override
    ChromiumBrowser browser() {
        return new ChromiumBrowser();
    }

    @AfterEach
    void thePolicyReportedNothing() {
        for (ChromiumBrowser browser : List.of(here, there)) {
            assertEquals(List.of(), browser.violations());
            assertEquals(List.of(), policyReports(browser));
        }
    }

    @Test
    void aViolationOfThePolicyWouldBeSeen() {
        here.execute("document.body.setAttribute('style', 'color: red')");

        Await.until("a violation", () -> !here.violations().isEmpty());
        assertTrue(
                here.violations().get(0).startsWith("style-src"),
                () -> here.violations().toString());
        assertEquals(1, policyReports(here).size());
        here.execute("window.violations = []");
    }

    @Test
    void aFloodDoesNotFreezeThePage() {
        try (RawRedis terminal = RawRedis.connect(URI.create(redis.uri()))) {
            for (int i = 1; i <= 4_000; i++) {
                terminal.command("PUBLISH", "chat", "message " + i);
            }
            terminal.command("PUBLISH", "chat", "x".repeat(1 << 20));
            terminal.command("PUBLISH", "chat", "the last");
        }

        for (ChromiumBrowser browser : List.of(here, there)) {
            Await.until("the last message shows", () -> browser.texts(MESSAGES).contains("the last"));
            assertEquals(500, browser.texts("#messages li").size());
            browser.type("after the flood");
            browser.click("#send");
            Await.until(
                    "a click works", () -> browser.texts("#messages .own .text").contains("after the flood"));
        }
    }

    @Test
    void aLongMessageShowsItsBeginningAndAllOfItWhenAsked() {
        try (RawRedis terminal = RawRedis.connect(URI.create(redis.uri()))) {
            // After the x, the limit of 10,000 falls between the two halves of a character.
            terminal.command("PUBLISH", "chat", "x" + "👋".repeat(10_000));
        }
        Await.until("its beginning", () -> here.texts(MESSAGES).contains("x" + "👋".repeat(4_999) + " …"));

        here.pressEnterOn("#messages .message button");

        Await.until("all of it", () -> here.texts(MESSAGES).contains("x" + "👋".repeat(10_000)));
        assertEquals(List.of(), here.texts("#messages .message button"));
    }

    @Test
    void whatWasSaidBeforeIsThereOnJoiningWithTheNames() {
        here.execute("document.getElementById('name').value = 'Ann'");
        say(here, "hello: all");
        awaitMessages(there, "good morning", "hello: all");
        assertEquals(List.of("Ann"), there.texts("#messages .name"));

        there.open("http://localhost:" + port(second) + "/");

        awaitMessages(there, "good morning", "hello: all");
        assertEquals(List.of("Ann"), there.texts("#messages .name"));
        assertEquals(List.of(), there.texts(NOTES));
    }

    @Test
    void thePageGoesOnOnTheOtherNodeWithNothingMissingWhenItsOwnIsKilled(@TempDir Path directory) throws Exception {
        try (TcpProxy other = TcpProxy.to("localhost", port(second));
                ChatProcess killed = ChatProcess.ofClasses(directory, nextTo(other), "-Xmx256m")
                        .awaitStart()) {
            other.refuse(); // so that what is said meanwhile is really said meanwhile
            here.open("http://localhost:" + killed.ports().get(0) + "/");
            awaitText(here, "node", "Node " + killed.ports().get(0));
            awaitMessages(here, "good morning");
            say(here, "before");
            awaitMessages(there, "good morning", "before");
            awaitMessages(here, "good morning", "before");

            killed.close();
            awaitText(here, "connection", "Disconnected", "Reconnecting");
            List<String> expected = new ArrayList<>(List.of("good morning", "before"));
            for (int i = 1; i <= 20; i++) {
                say(there, "meanwhile " + i);
                expected.add("meanwhile " + i);
            }
            awaitMessages(there, expected.toArray(String[]::new));
            other.accept();
            here.execute("window.dispatchEvent(new Event('online'))"); // or it would come within 15 s

            awaitText(here, "node", "Node " + port(second));
            // How many it resumed, on a busy machine, depends on how often it connected; that none is missing is below.
            Await.until("a note", () -> here.texts(NOTES).stream().anyMatch(note -> note.startsWith("Resumed: ")));
            say(there, "after");
            say(here, "here again");
            Await.until("both", () -> there.texts(MESSAGES).size() == 24);
            awaitMessages(here, there.texts(MESSAGES).toArray(String[]::new));
            assertEquals(expected, here.texts(MESSAGES).subList(0, 22));
        }
    }

    private Map<String, String> nextTo(TcpProxy other) {
        return Map.of("PORT", "0", "REDIS_URL", redis.uri(), "NODES", Integer.toString(other.port()));
    }

    /** Without anybody who holds the other node back: whatever is said while the page moves, before and behind it. */
    @Test
    void nothingIsMissingOrTwiceHoweverTheKillMeetsWhatIsSaid(@TempDir Path directory) throws Exception {
        try (TcpProxy other = TcpProxy.to("localhost", port(second));
                Visitor visitor = new Visitor(port(second));
                ChatProcess killed = ChatProcess.ofClasses(directory, nextTo(other), "-Xmx256m")
                        .awaitStart()) {
            here.open("http://localhost:" + killed.ports().get(0) + "/");
            awaitText(here, "node", "Node " + killed.ports().get(0));
            Await.until("it has joined", () -> here.texts(MESSAGES).contains("good morning"));
            talk(visitor, 1, 20);
            Await.until("it is heard", () -> here.texts(MESSAGES).contains("line 20"));

            talk(visitor, 21, 60);
            killed.close();
            talk(visitor, 61, 100);

            List<String> expected =
                    IntStream.rangeClosed(1, 100).mapToObj(i -> "line " + i).toList();
            for (ChromiumBrowser browser : List.of(there, here)) {
                Await.until("all is heard", () -> lines(browser).contains("line 100"));
                assertEquals(expected, lines(browser));
            }
            awaitText(here, "node", "Node " + port(second));
            Await.until("a note", () -> !here.texts(NOTES).isEmpty());
            for (String note : here.texts(NOTES)) { // more than one if a slow machine has the page doubt its connection
                assertTrue(note.matches("Resumed: (nothing was missed|[0-9]+ messages?)\\."), note);
            }
        }
    }

    private static List<String> lines(Browser browser) {
        return browser.texts(MESSAGES).stream()
                .filter(text -> text.startsWith("line "))
                .toList();
    }

    private static void talk(Visitor visitor, int from, int to) {
        for (int i = from; i <= to; i++) {
            visitor.say("line " + i);
        }
    }

    @Test
    void whatIsNoLongerKeptIsSaidToBeMissing() {
        try (TcpProxy balancer = TcpProxy.to("localhost", port(first));
                RawRedis terminal = RawRedis.connect(URI.create(redis.uri()))) {
            here.open("http://localhost:" + balancer.port() + "/");
            awaitMessages(here, "good morning");
            balancer.refuse();
            balancer.cut();
            awaitText(here, "connection", "Disconnected", "Reconnecting");
            for (String text : List.of("lost", "lost too", "kept")) {
                say(there, text);
            }
            awaitMessages(there, "good morning", "lost", "lost too", "kept");
            terminal.command("XTRIM", "\u0001stream:{chat}", "MAXLEN", "1");
            balancer.redirect(port(second));
            balancer.accept();
            here.execute("window.dispatchEvent(new Event('online'))");

            awaitMessages(here, "good morning", "kept");
            List<String> told = List.of("2 messages are missing here.", "Resumed: 1 message, 2 messages lost.");
            Await.until("two notes", () -> here.texts(NOTES).containsAll(told));
        }
    }

    @Test
    void aMessageFromATerminalArrivesAlthoughItHasNoPosition() {
        try (RawRedis terminal = RawRedis.connect(URI.create(redis.uri()))) {
            assertEquals("2", terminal.command("PUBLISH", "chat", "hello"));
        }
        for (ChromiumBrowser browser : List.of(here, there)) {
            Await.until("it shows", () -> browser.texts(MESSAGES).contains("hello"));
        }
    }

    @Test
    void aNodeThatGoesAwayIsToldFromOneThatDoesNotAnswer() {
        here.execute("window.said = []; new MutationObserver(() => said.push(notice.textContent))"
                + ".observe(notice, { childList: true })");

        first.close();

        Await.until("two notices", () -> notices().size() >= 2);
        assertTrue(
                notices().get(0).startsWith("The node is going away."),
                () -> notices().toString());
        assertTrue(
                notices().get(1).startsWith("The node does not answer."),
                () -> notices().toString());
    }

    @Test
    void whatDoesNotComeBackIsDoubtedFirstAndGivenUpLaterAndCanBeSentAgain() {
        redis.kill();
        awaitText(here, "redis", "Redis unreachable");
        here.execute("window.said = []; new MutationObserver(() => unconfirmed.querySelectorAll('.state')"
                + ".forEach((state) => { if (state.textContent !== said.at(-1)) said.push(state.textContent); }))"
                + ".observe(unconfirmed, { childList: true, subtree: true })");

        say(here, "into the void");

        Await.until("given up", () -> notices().contains("Perhaps not delivered"));
        assertEquals(List.of("Sending …", "Not confirmed yet: Redis unreachable", "Perhaps not delivered"), notices());

        redis.restart();
        awaitText(here, "redis", "Redis reached");
        here.pressEnterOn("#unconfirmed button");
        Await.until("it arrives", () -> here.texts(MESSAGES).contains("into the void"));
        assertEquals(List.of(), here.texts("#unconfirmed li"));
    }

    private List<String> notices() {
        return here.strings("return window.said");
    }

    private static List<String> policyReports(ChromiumBrowser browser) {
        return browser.console().stream()
                .filter(line -> line.contains("Content Security Policy"))
                .toList();
    }
}
