package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import jakarta.websocket.server.ServerEndpointConfig.Configurator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** Where the instances of an annotated class come from, and who has a say in the handshake. */
final class InstancesTest {

    private final WebSocketHub hub = WebSocketHub.create(LocalBroadcaster.create());

    @AfterEach
    void close() {
        hub.close();
    }

    /** Answers which way it came into being. */
    public abstract static class Origin {
        private final String origin;

        Origin(String origin) {
            this.origin = origin;
        }

        @OnMessage
        public String origin(String question) {
            return origin;
        }
    }

    @ServerEndpoint("/plain")
    public static class Plain extends Origin {
        public Plain() {
            super("no argument");
        }
    }

    @ServerEndpoint("/both")
    public static class Both extends Origin {
        public Both() {
            super("no argument");
        }

        public Both(WebSocketHub hub) {
            super(hub.stats().connected() ? "hub" : "hub, down");
        }
    }

    @ServerEndpoint(value = "/made", configurator = Making.class)
    public static class Made extends Origin {
        public Made(WebSocketHub hub) {
            super("hub");
        }

        Made(String origin) {
            super(origin);
        }
    }

    @ServerEndpoint(value = "/strict", configurator = Strict.class)
    public static class OnlyStrict extends Origin {
        public OnlyStrict(WebSocketHub hub) {
            super("hub");
        }
    }

    @ServerEndpoint("/throwing")
    public static class Throwing extends Origin {
        public Throwing() {
            super("");
            throw new IllegalStateException("not today");
        }
    }

    /** Makes instances. */
    public static class Making extends Configurator {
        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(new Made("configurator"));
        }
    }

    /** Has a say in everything but instances. */
    public static class Strict extends Configurator {
        @Override
        public boolean checkOrigin(String origin) {
            return origin.equals("good");
        }

        @Override
        public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
            return "strict";
        }

        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            return requested;
        }

        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            config.getUserProperties().put("seen", true);
        }
    }

    private String origin(ServerEndpointConfig config) throws InstantiationException, IOException {
        var session = new FakeSession(config, Map.of());
        session.text("?");
        Await.until("the answer", () -> !session.sent.isEmpty());
        return session.sent.get(0).toString();
    }

    @Test
    void instanceComesFromTheFirstThatHasOne() throws InstantiationException, IOException {
        assertEquals("no argument", origin(hub.endpoint(Plain.class)));
        assertEquals("hub", origin(hub.endpoint(Both.class)));
        assertEquals("configurator", origin(hub.endpoint(Made.class)));
        assertEquals("hub", origin(hub.endpoint(OnlyStrict.class)));
        assertEquals("supplier", origin(hub.endpoint(Made.class, () -> new Made("supplier"))));
    }

    @Test
    void constructorThatThrowsClosesTheSession() throws InstantiationException, IOException {
        try (var log = CapturedLog.of(AnnotatedEndpoint.class.getName())) {
            assertEquals(List.of(1011), new FakeSession(hub.endpoint(Throwing.class), Map.of()).closes);
            assertEquals(List.of("WARNING A session could not be opened"), log.lines());
        }
    }

    @Test
    void everySessionHasAnInstanceOfItsOwn() throws InstantiationException, IOException {
        List<Origin> released = new ArrayList<>();
        ServerEndpointConfig config = hub.endpoint(Plain.class, Plain::new, released::add);
        end(new FakeSession(config, Map.of()));
        end(new FakeSession(config, Map.of()));
        assertEquals(2, released.size());
        assertNotSame(released.get(0), released.get(1));
    }

    @ServerEndpoint("/bean/{name}")
    @Broadcast("beans.{name}")
    public static class Bean {
        private final List<String> life;

        Bean(List<String> life) {
            this.life = life;
            life.add("created");
        }

        @OnOpen
        public void open(@QueryParam("name") String name) {
            life.add("open");
        }

        @OnClose
        public void close() {
            life.add("close");
        }
    }

    private ServerEndpointConfig bean(List<String> life) {
        return hub.endpoint(Bean.class, () -> new Bean(life), bean -> life.add("released"));
    }

    @Test
    void instanceIsReleasedOnceAfterItsOnClose() throws InstantiationException, IOException {
        List<String> life = new ArrayList<>();
        var session = new FakeSession(bean(life), Map.of("name", "Ada"));
        end(session);
        end(session);
        assertEquals(List.of("created", "open", "close", "released"), life);
    }

    @Test
    void instanceOfASessionThatIsRefusedIsReleased() throws InstantiationException, IOException {
        List<String> life = new ArrayList<>();
        assertEquals(List.of(1008), new FakeSession(bean(life), Map.of()).closes);
        assertEquals(List.of("created", "close", "released"), life);
    }

    @Test
    void instanceOfASessionThatCameTooLateIsReleased() throws InstantiationException, IOException {
        List<String> life = new ArrayList<>();
        ServerEndpointConfig config = bean(life);
        hub.close();
        assertEquals(List.of(1001), new FakeSession(config, Map.of("name", "Ada")).closes);
        assertEquals(List.of("created", "released"), life);
    }

    @Test
    void instanceThatCannotBeReleasedHarmsNothing() throws InstantiationException, IOException {
        ServerEndpointConfig config = hub.endpoint(Plain.class, Plain::new, bean -> {
            throw new IllegalStateException("not today");
        });
        try (var log = CapturedLog.of(Connection.class.getName())) {
            end(new FakeSession(config, Map.of()));
            assertEquals(List.of("WARNING An instance of " + Plain.class.getName() + " was not released"), log.lines());
        }
        Await.until("it left", () -> hub.stats().sessions() == 0);
    }

    private static void end(FakeSession session) {
        session.endpoint.onClose(session.session, new CloseReason(CloseCodes.NORMAL_CLOSURE, ""));
    }

    @ServerEndpoint(value = "/guarded", configurator = Broadcast.Guard.class)
    public static class Guarded extends Origin {
        public Guarded() {
            super("guarded");
        }
    }

    @Test
    void guardLetsTheHubDeployItsEndpoint() throws InstantiationException, IOException {
        ServerEndpointConfig config = hub.endpoint(Guarded.class);
        assertEquals("guarded", origin(config));
        assertEquals(
                List.of(),
                config.getConfigurator().getNegotiatedExtensions(List.of(), List.of(Mockito.mock(Extension.class))));
    }

    @Test
    void configuratorOfTheClassHasItsSay() {
        ServerEndpointConfig config = hub.endpoint(OnlyStrict.class);
        Configurator configurator = config.getConfigurator();
        var extension = List.of(Mockito.mock(Extension.class));
        assertEquals("strict", configurator.getNegotiatedSubprotocol(List.of(), List.of()));
        assertEquals(extension, configurator.getNegotiatedExtensions(List.of(), extension));
        assertFalse(configurator.checkOrigin("bad"));
        configurator.modifyHandshake(
                config, Mockito.mock(HandshakeRequest.class), Mockito.mock(HandshakeResponse.class));
        assertEquals(true, config.getUserProperties().get("seen"));
    }

    @Test
    void withoutAConfiguratorThereIsNoExtension() {
        var extension = List.of(Mockito.mock(Extension.class));
        assertEquals(
                List.of(), hub.endpoint(Plain.class).getConfigurator().getNegotiatedExtensions(extension, extension));
    }
}
