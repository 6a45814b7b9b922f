package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import dev.fanfare.fixtures.WebSocketClient;
import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handshakes that the application decides about, on every container; node a has the filter where there are filters, b not. */
abstract class AuthorizerContract extends TwoNodes {

    private final boolean filters;
    private final List<Handshake> asked = new CopyOnWriteArrayList<>();

    AuthorizerContract(Function<Container.Deployment, Container> container, boolean filters) {
        super(container);
        this.filters = filters;
    }

    @Override
    Node node(LocalBroadcaster broadcaster, UnaryOperator<WebSocketHub.Builder> options) {
        boolean filter = broadcaster == bus;
        return Node.start(
                WebSocketHub.builder(broadcaster).authorize(this::decide).build(),
                container,
                hub -> new Container.Deployment() {
                    @Override
                    public void to(ServerContainer server) throws DeploymentException {
                        server.addEndpoint(hub.endpoint(
                                ClusteredEndpoints.Guests.class, () -> new ClusteredEndpoints.Guests(events)));
                        server.addEndpoint(hub.endpoint(Endpoints.Chat.class));
                    }

                    @Override
                    public void to(ServletContext application) {
                        if (filter) {
                            HandshakeFilter.addTo(application, hub);
                        }
                    }
                });
    }

    private Authorizer.Decision decide(Handshake handshake) throws IOException {
        asked.add(handshake);
        String name = handshake.queryParameters().getOrDefault("username", "");
        if (name.equals("unknown")) {
            throw new IOException("the directory does not answer");
        }
        return name.equals("Eve") ? Authorizer.Decision.refuse("Eve may not come in") : Authorizer.Decision.join();
    }

    @BeforeEach
    void forget() {
        asked.clear();
        events.clear();
    }

    @Test
    void applicationIsAskedOnceWithAllThatTheHandshakeSays() {
        for (Node node : List.of(a, b)) {
            asked.clear();
            try (var client =
                    node.connect("/guests/green?username=Ada+L%C3%B6we%26&color=%3d", "X-Token: one", "x-token: two")) {
                client.sendText("hi");
                assertEquals("Ada Löwe&: hi", client.next().text());
            }
            assertEquals(1, asked.size(), asked.toString());
            Handshake handshake = asked.get(0);
            assertEquals("guests.green.Ada Löwe&", handshake.channel());
            assertEquals("{room=green}", handshake.pathVariables().toString());
            assertEquals(Map.of("username", "Ada Löwe&", "color", "="), handshake.queryParameters());
            assertEquals("one", handshake.header("X-TOKEN"));
            assertEquals(List.of("one", "two"), handshake.headers().get("x-Token"));
            assertEquals(null, handshake.header("Cookie"));
            assertEquals(null, handshake.principal());
        }
    }

    @Test
    void endpointWithoutAChannelIsAskedForToo() {
        try (var client = b.connect("/chat/plain")) {
            Await.until("asked", () -> asked.size() == 1);
            assertEquals(null, asked.get(0).channel());
            assertEquals("{}", asked.get(0).queryParameters().toString());
            client.sendClose(1000);
            assertEquals(1000, client.closeCode());
        }
    }

    @Test
    void whoIsRefusedIsToldWhyAndNeitherOpensNorJoins() {
        refused("/guests/refused?username=Eve", 403, 1008, "Eve may not come in");
    }

    @Test
    void handshakeAboutWhichTheApplicationFailsIsRefusedAndLogged() {
        try (var log = CapturedLog.of(Admissions.class.getName())) {
            refused("/guests/refused?username=unknown", 500, 1011, "the handshake could not be authorized");
            assertEquals(filters ? 2 : 1, log.count("WARNING"), log.lines().toString());
        }
    }

    @Test
    void applicationIsNotAskedAboutWhatIsRefusedAnyway() {
        refused("/guests/refused", 400, 1008, "query parameter \"username\" is missing");
        assertEquals(List.of(), asked);
    }

    private void refused(String path, int status, int code, String reason) {
        if (filters) {
            String answer = HttpProbe.handshake(a.container().port(), path);
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
            assertTrue(answer.contains(reason), answer);
            assertEquals(List.of(), told());
        }
        int before = asked.size();
        try (var client = b.connect(path)) {
            WebSocketClient.Received end = client.next();
            assertEquals(code, end.closeCode());
            assertEquals(reason, new String(end.payload(), 2, end.payload().length - 2, StandardCharsets.UTF_8));
        }
        assertTrue(asked.size() <= before + 1, "asked " + asked);
        Await.until("@OnClose", () -> !told().isEmpty());
        assertEquals(1, told().size(), events.toString());
        Await.until("nobody is there", () -> b.hub().stats().sessions() == 0);
        assertEquals(0, b.hub().sessions().channels().size());
    }

    private List<String> told() {
        return events.stream().filter(event -> event.contains("refused")).toList();
    }
}
