package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.HubListener;
import dev.fanfare.fixtures.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What becomes of sessions, on every container, over real sockets. */
abstract class SessionContract extends TwoNodes {

    private static final int MIB = 1 << 20;

    SessionContract(Function<Container.Deployment, Container> container) {
        super(container);
    }

    @Test
    void readerThatStopsIsClosedAndHarmsNobody() {
        List<String> slow = new CopyOnWriteArrayList<>();
        var listener = new HubListener() {
            @Override
            public void disconnectedAsSlow(String sessionId, String reason) {
                slow.add(sessionId);
            }
        };
        try (var node = node(bus.peer(), options -> options.outbox(200, MIB).listener(listener));
                var stuck = node.connectSmall("/recording/stuck");
                var reading = joined(a, "/chat/stuck")) {
            Await.until("it joined", () -> node.hub().sessions().count("stuck") == 1);
            String text = "x".repeat(10_000);
            int sent = 0;
            while (slow.isEmpty()) {
                a.hub().broadcast("stuck", text).join();
                sent++;
                assertTrue(sent < 5_000, "nobody minds the reader that stopped");
                assertEquals(text, reading.next().text());
            }
            Await.until("it left", () -> node.hub().sessions().count("stuck") == 0);
            Await.until("@OnClose", () -> events.contains("stuck closed 1013") || events.contains("stuck closed 1006"));
            Await.until("the container let go", () -> node.hub().stats().closesPending() == 0);
            Await.until("its connection is dropped", stuck::isDropped);
            assertTrue(List.of(1013, 1006).contains(stuck.closeCode()));
            assertEquals(
                    1, events.stream().filter(e -> e.startsWith("stuck closed")).count());
        }
    }

    @Test
    void clientThatVanishesLeavesItsChannel() throws IOException {
        var vanishing = joined(a, "/recording/vanish");
        try (var other = joined(a, "/chat/vanish")) {
            vanishing.reset();
            Await.until("it left", () -> a.hub().sessions().count("vanish") == 1);
            other.sendText("anybody?");
            assertEquals("anybody?", other.next().text());
            Await.until("@OnClose", () -> events.contains("vanish closed 1006"));
        }
    }

    @Test
    void clientThatClosesIsAnsweredAndTheApplicationIsToldOnce() {
        try (var client = joined(a, "/recording/leaving")) {
            client.sendClose(1000);
            assertEquals(1000, client.closeCode());
            Await.until("it left", () -> a.hub().sessions().count("leaving") == 0);
            assertEquals(List.of("leaving closed 1000"), eventsOf("leaving"));
        }
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

    @Test
    void clientThatAnswersNoPingIsClosedAndOneThatDoesStays() {
        try (var node = node(bus.peer(), options -> options.pingInterval(Duration.ofMillis(500)));
                var dead = joined(node, "/recording/dead");
                var alive = joined(node, "/recording/alive");
                var undeployed = joined(node, "/native/undeployed")) {
            new Thread(alive::closeCode).start();
            new Thread(undeployed::closeCode).start();
            Await.until("the dead one left", () -> node.hub().sessions().count("dead") == 0);
            Await.until("@OnClose", () -> closesOf("dead").size() == 1);
            Await.until("many pings", () -> alive.pings() > 4 && undeployed.pings() > 4);
            assertEquals(1, node.hub().sessions().count("alive"));
            assertEquals(1, node.hub().sessions().count("undeployed"));
            dead.close();
        }
    }
}
