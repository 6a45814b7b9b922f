package dev.fanfare.jakarta;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.WebSocketClient;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Two nodes of an application in one JVM, with everything that the contracts talk to; nothing is left in the end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TwoNodes {

    final Function<Container.Deployment, Container> container;
    final List<String> events = new CopyOnWriteArrayList<>();
    final Map<String, Session> held = new ConcurrentHashMap<>();
    final LocalBroadcaster bus = LocalBroadcaster.create();
    Node a;
    Node b;

    TwoNodes(Function<Container.Deployment, Container> container) {
        this.container = container;
    }

    /** What sends runs to the sessions of this suite. For another way override this, and {@link #way} to choose it. */
    Class<?> sender() {
        return PortableSender.class;
    }

    /** What every hub of this suite needs to send that way. */
    WebSocketHub.Builder way(WebSocketHub.Builder builder) {
        return builder;
    }

    @BeforeAll
    void start() {
        a = node(bus, options -> options);
        b = node(bus.peer(), options -> options);
    }

    @AfterAll
    void nothingIsLeft() {
        Await.until(
                "sessions of clients that are gone have ended",
                () -> a.hub().stats().sessions() == 0 && b.hub().stats().sessions() == 0);
        a.close();
        b.close();
        Await.until("threads have ended: " + threads(), () -> threads().isEmpty());
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("fanfare"))
                .collect(Collectors.toSet());
    }

    Node node(LocalBroadcaster broadcaster, UnaryOperator<WebSocketHub.Builder> options) {
        WebSocketHub.Builder builder = WebSocketHub.builder(broadcaster).outbox(30_000, 4 << 20);
        return Node.start(options.apply(way(builder)).build(), container, hub -> server -> {
            server.addEndpoint(hub.endpoint(Endpoints.Chat.class));
            server.addEndpoint(hub.endpoint(Endpoints.Sending.class));
            server.addEndpoint(hub.endpoint(Endpoints.Answering.class));
            server.addEndpoint(hub.endpoint(Endpoints.Recording.class, () -> new Endpoints.Recording(hub, events)));
            server.addEndpoint(hub.endpoint(Endpoints.Held.class, () -> new Endpoints.Held(hub, held, events)));
            server.addEndpoint(ServerEndpointConfig.Builder.create(Endpoints.Native.class, "/native/{room}")
                    .configurator(new ServerEndpointConfig.Configurator() {
                        @Override
                        public <T> T getEndpointInstance(Class<T> type) {
                            return type.cast(new Endpoints.Native(hub, held));
                        }
                    })
                    .build());
        });
    }

    static WebSocketClient joined(Node node, String path) {
        return joined(node, path, path.substring(path.lastIndexOf('/') + 1));
    }

    static WebSocketClient joined(Node node, String path, String room) {
        int before = node.hub().sessions().count(room);
        WebSocketClient client = node.connect(path);
        Await.until("the session joined", () -> node.hub().sessions().count(room) > before);
        return client;
    }

    /** Both ends of a connection of {@code client}, which just connected to {@code /held/room}, a room of its own. */
    Line line(Node node, String room, WebSocketClient client) {
        Await.until("the session joined", () -> node.hub().sessions().count(room) == 1);
        var line = new Line(node, client, node.hub().known().get(held.get(room)), new Outcome());
        Await.until(
                "its way is " + sender().getSimpleName(),
                () -> line.session().sender() == sender()); // or the self-test still runs
        return line;
    }

    Line line(Node node, String room) {
        return line(node, room, node.connect("/held/" + room));
    }

    /** The same with a client whose kernel buffers little, for one that will not read. */
    Line smallLine(Node node, String room) {
        return line(node, room, node.connectSmall("/held/" + room));
    }

    List<String> closesOf(String room) {
        return eventsOf(room).stream().filter(event -> event.contains("closed")).toList();
    }

    List<String> eventsOf(String room) {
        return events.stream().filter(event -> event.startsWith(room + " ")).toList();
    }
}
