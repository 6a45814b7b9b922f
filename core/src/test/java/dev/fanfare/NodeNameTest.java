package dev.fanfare;

import static dev.fanfare.HubTest.failure;
import static dev.fanfare.HubTest.get;
import static dev.fanfare.HubTest.joined;
import static dev.fanfare.Said.CHAT;
import static dev.fanfare.Said.alice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of several nodes in one log, each line says whose it is. */
class NodeNameTest {

    private static boolean said(CapturedLog log, String begin) {
        return log.lines().stream().anyMatch(line -> line.startsWith(begin));
    }

    private static Hub.Builder named(String name) {
        return Hub.builder(LocalBroadcaster.create()).node(name);
    }

    @Test
    void whoseSessionIsSlowIsLogged() throws Exception {
        try (var log = CapturedLog.of(Lane.class.getName());
                var hub = named("3000").outbox(1, 1).build()) {
            var slow = joined(hub, "chat").stall();
            var begin = "WARNING Node 3000: closing session " + slow.id() + " with 1013";
            Await.until(begin, () -> {
                hub.broadcast("chat", "more than it takes");
                return said(log, begin);
            });
        }
    }

    @Test
    void whoseEventWasSkippedIsLogged() throws Exception {
        try (var log = CapturedLog.of(ApplicationCode.class.getName());
                var hub = named("host 1").build()) {
            get(hub.subscribe(CHAT, said -> {
                        throw new IllegalStateException("not this one");
                    })
                    .ready());
            get(hub.broadcast(CHAT, alice("hello")));
            var begin = "WARNING Node host 1: an event of channel said was skipped";
            Await.until(begin, () -> said(log, begin));
        }
    }

    @Test
    void whoseBroadcastFailedIsLogged() {
        var broadcaster = new ManualBroadcaster();
        try (var log = CapturedLog.of(Broadcasts.class.getName());
                var hub = Hub.builder(broadcaster).node("{0}").build()) {
            var outcome = hub.broadcast("chat", "hello");
            broadcaster.published().get(0).outcome().completeExceptionally(new BroadcastException("refused"));
            failure(outcome);
            assertTrue(
                    said(log, "WARNING Node {0}: a broadcast to channel chat failed: refused"), log.lines()::toString);
        }
    }

    @Test
    void whatWasNoMessageIsLoggedOnce() {
        var broadcaster = new ManualBroadcaster();
        try (var log = CapturedLog.of(ApplicationCode.class.getName());
                var hub = Hub.builder(broadcaster).node("host 1").build()) {
            broadcaster.receiver().unreadable("chat", "neither UTF-8 nor an envelope");
            broadcaster.receiver().unreadable("chat", "another");
            assertTrue(
                    said(
                            log,
                            "WARNING Node host 1: what came on channel chat was skipped (neither UTF-8 nor an envelope);"),
                    log.lines()::toString);
            assertEquals(1, log.lines().size());
            assertEquals(2, hub.stats().unreadable());
        }
    }

    @Test
    void withoutANameItIsARandomOne() {
        assertNotEquals(new Settings.Draft().node, new Settings.Draft().node);
    }

    @Test
    void aNameIsShortAndOnOneLine() {
        for (var name : List.of("", " ", "a\nb", "a\u0085b", "x".repeat(101))) {
            assertThrows(IllegalArgumentException.class, () -> named(name), name);
        }
        named("x".repeat(100));
    }
}
