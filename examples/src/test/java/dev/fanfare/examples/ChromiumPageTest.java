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
        try (ChatProcess killed = ChatProcess.ofClasses(
                                directory, Map.of("PORT", "0", "REDIS_URL", redis.uri()), "-Xmx256m")
                        .awaitStart();
                TcpProxy balancer = TcpProxy.to("localhost", killed.ports().get(0))) {
            here.open("http://localhost:" + balancer.port() + "/");
            awaitText(here, "node", "Node " + killed.ports().get(0));
            awaitMessages(here, "good morning");
            say(here, "before");
            awaitMessages(there, "good morning", "before");

            balancer.refuse();
            killed.close();
            awaitText(here, "connection", "Disconnected", "Reconnecting");
            for (int i = 1; i <= 20; i++) {
                say(there, "meanwhile " + i);
            }
            Await.until("all is said", () -> there.texts(MESSAGES).contains("meanwhile 20"));
            balancer.redirect(port(second));
            balancer.accept();

            awaitText(here, "node", "Node " + port(second));
            say(there, "after");
            List<String> expected = new ArrayList<>(List.of("good morning", "before"));
            IntStream.rangeClosed(1, 20).forEach(i -> expected.add("meanwhile " + i));
            expected.add("after");
            awaitMessages(here, expected.toArray(String[]::new));
            assertEquals(List.of("Connected again. Nothing is missing."), here.texts(NOTES));
            say(here, "here again");
            Await.until("heard", () -> there.texts(MESSAGES).contains("here again"));
        }
    }

    @Test
    void whatIsNoLongerKeptIsSaidToBeMissing(@TempDir Path directory) {
        try (TcpProxy balancer = TcpProxy.to("localhost", port(first));
                RawRedis terminal = RawRedis.connect(URI.create(redis.uri()))) {
            here.open("http://localhost:" + balancer.port() + "/");
            awaitMessages(here, "good morning");
            balancer.refuse();
            balancer.cut();
            awaitText(here, "connection", "Disconnected", "Reconnecting");
            say(there, "meanwhile");
            Await.until("it is said", () -> there.texts(MESSAGES).contains("meanwhile"));
            terminal.command("FLUSHALL");
            balancer.redirect(port(second));
            balancer.accept();

            Await.until("a note", () -> !here.texts(NOTES).isEmpty());
            assertEquals(List.of("Connected again. Messages may be missing here."), here.texts(NOTES));
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

    private List<String> notices() {
        return here.strings("return window.said");
    }

    private static List<String> policyReports(ChromiumBrowser browser) {
        return browser.console().stream()
                .filter(line -> line.contains("Content Security Policy"))
                .toList();
    }
}
