package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.TcpProxy;
import dev.fanfare.fixtures.WebSocketClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The application's {@code @OnClose} is called once, whatever ends a session, on every container. Each test closes its hub
 * and stops its container before it counts: after that nobody is left who could call it again.
 */
abstract class CloseContract extends TwoNodes {

    CloseContract(Function<Container.Deployment, Container> container) {
        super(container);
    }

    @Override
    Node node(LocalBroadcaster broadcaster, UnaryOperator<WebSocketHub.Builder> options) {
        return Node.start(options.apply(WebSocketHub.builder(broadcaster)).build(), container, hub -> server -> {
            server.addEndpoint(hub.endpoint(Endpoints.Recording.class, () -> new Endpoints.Recording(hub, events)));
            server.addEndpoint(
                    hub.endpoint(ClusteredEndpoints.Guests.class, () -> new ClusteredEndpoints.Guests(events)));
        });
    }

    /** Ends the session of {@code client} on {@code node}. */
    private interface Cause {
        void end(Node node, WebSocketClient client) throws IOException;
    }

    @BeforeEach
    void forget() {
        events.clear();
    }

    private void closedOnce(Set<Integer> codes, UnaryOperator<WebSocketHub.Builder> options, Cause cause)
            throws IOException {
        try (var node = node(bus.peer(), options)) {
            try (var client = joined(node, "/recording/once")) {
                cause.end(node, client);
                Await.until("@OnClose", () -> !closesOf("once").isEmpty());
                Await.until("it has ended", () -> node.hub().stats().sessions() == 0);
            }
        }
        assertEquals(1, closesOf("once").size(), events.toString());
        assertTrue(codes.contains(Integer.valueOf(closesOf("once").get(0).replaceFirst(".* ", ""))), events.toString());
    }

    @Test
    void onceWhenTheClientCloses() throws IOException {
        closedOnce(Set.of(1000), options -> options, (node, client) -> {
            client.sendClose(1000);
            assertEquals(1000, client.closeCode());
        });
    }

    @Test
    void onceWhenTheClientResetsTheConnection() throws IOException {
        closedOnce(Set.of(1006), options -> options, (node, client) -> client.reset());
    }

    @Test
    void onceWhenTheClientEndsTheConnectionWithoutAWord() throws IOException {
        closedOnce(Set.of(1006), options -> options, (node, client) -> client.close());
    }

    @Test
    void onceWhenTheApplicationCloses() throws IOException {
        closedOnce(Set.of(1000), options -> options, (node, client) -> {
            client.sendText("close");
            assertEquals(1000, client.closeCode());
        });
    }

    @Test
    void onceWhenTheHubCloses() throws IOException {
        closedOnce(Set.of(1001), options -> options, (node, client) -> {
            var closing = new Thread(node.hub()::close);
            closing.start();
            assertEquals(1001, client.closeCode());
            client.close();
            Await.until("the hub is closed", () -> !closing.isAlive());
        });
    }

    @Test
    void onceWhenTheClientDoesNotKeepUp() throws IOException {
        // Jetty tells of the connection that was dropped, the others of what the hub closed it with.
        closedOnce(Set.of(1013, 1006), options -> options.outbox(50, 1 << 20), (node, client) -> {
            String text = "x".repeat(50_000);
            while (node.hub().sessions().count("once") > 0) {
                a.hub().broadcast("once", text).join();
            }
        });
    }

    @Test
    void onceWhenTheLinkIsPulled() throws IOException {
        try (var node = node(bus.peer(), options -> options.pingInterval(Duration.ofMillis(300)));
                var link = TcpProxy.to("127.0.0.1", node.container().port())) {
            var client = WebSocketClient.connect(link.port(), "/recording/once");
            Await.until("the session joined", () -> node.hub().sessions().count("once") == 1);
            link.stall();
            Await.until("@OnClose", () -> !closesOf("once").isEmpty());
            Await.until("it has ended", () -> node.hub().stats().sessions() == 0);
            Await.until("it is closed", () -> node.hub().stats().closesPending() == 0);
            client.close();
        }
        assertEquals(1, closesOf("once").size(), events.toString());
        assertTrue(
                List.of("once closed 1001", "once closed 1006")
                        .contains(closesOf("once").get(0)),
                events.toString());
    }

    @Test
    void onceWhenTheHandshakeIsRefusedAfterTheUpgrade() {
        try (var node = node(bus.peer(), options -> options);
                var client = node.connect("/guests/once")) {
            assertEquals(1008, client.closeCode());
            Await.until("@OnClose", () -> !events.isEmpty());
        }
        assertEquals(List.of("close once null 1008"), events);
    }
}
