package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.fixtures.Await;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What becomes of sessions, on every container, over real sockets. */
abstract class SessionContract extends TwoNodes {

    SessionContract(Function<Container.Deployment, Container> container) {
        super(container);
    }

    @Test
    void applicationMayCloseFromWithinItsMethod() {
        try (var client = joined(a, "/recording/inside")) {
            client.sendText("close");
            assertEquals(1000, client.closeCode());
            Await.until("it left", () -> a.hub().sessions().count("inside") == 0);
            assertEquals(List.of("inside closed 1000"), eventsOf("inside"));
        }
    }

    @Test
    void sessionWhoseOpenFailsIsClosed() {
        try (var client = a.connect("/recording/fail")) {
            assertEquals(1011, client.closeCode());
            Await.until("it left", () -> a.hub().sessions().count("fail") == 0);
            Await.until("@OnClose", () -> closesOf("fail").size() == 1);
            assertEquals("fail failed: IllegalStateException", eventsOf("fail").get(0));
            assertEquals(List.of("fail closed 1011"), closesOf("fail"));
        }
    }

    @Test
    void closingTheHubClosesSessionsAsGoingAway() {
        Node node = node(bus.peer(), options -> options);
        try (var client = joined(node, "/recording/away");
                var undeployed = joined(node, "/native/away")) {
            node.hub().broadcast("away", "last words").join();
            var closing = new Thread(node.hub()::close);
            closing.start();
            assertEquals("last words", client.next().text());
            assertEquals(1001, client.closeCode());
            assertEquals("last words", undeployed.next().text());
            assertEquals(1001, undeployed.closeCode());
            client.close();
            undeployed.close();
            Await.until("closed", () -> !closing.isAlive());
            assertEquals(List.of("away closed 1001"), closesOf("away"));
            try (var late = node.connect("/recording/late")) {
                assertEquals(1001, late.closeCode());
                assertEquals(List.of(), eventsOf("late"));
            }
        } finally {
            node.close();
        }
    }

    @Test
    void sessionThatTheContainerDeployedJoinsToo() {
        try (var node = node(bus.peer(), options -> options.pingInterval(Duration.ofMillis(500)));
                var client = joined(node, "/native/native");
                var other = joined(a, "/chat/native")) {
            other.sendText("hello");
            assertEquals("hello", client.next().text());
            client.close();
            Await.until("it left", () -> node.hub().sessions().count("native") == 0);
        }
    }
}
