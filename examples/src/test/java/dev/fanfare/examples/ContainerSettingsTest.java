package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.WebSocketClient;
import dev.fanfare.jakarta.WebSocketHub;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.apache.coyote.AbstractProtocol;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the classes of {@code dev.fanfare.examples.containers} ask for is what the chat's containers do. */
class ContainerSettingsTest {

    /** More than Tomcat (100) and Jetty (50) let wait by themselves. */
    private static final int AT_ONCE = 120;

    private static final int CONNECT_MILLIS = 10_000;

    private static final BlockingQueue<Session> OPENED = new LinkedBlockingQueue<>();
    private static final BlockingQueue<String> THREADS = new LinkedBlockingQueue<>();

    /** Hands out what the container made. */
    @ServerEndpoint("/probe")
    public static class Probe {
        @OnOpen
        public void open(Session session) {
            OPENED.add(WebSocketHub.unwrap(session));
        }

        @OnMessage
        public void message(String text) {
            THREADS.add(Thread.currentThread().getName());
        }
    }

    private final WebSocketHub hub = WebSocketHub.create(LocalBroadcaster.create());
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void forget() {
        OPENED.clear();
        THREADS.clear();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        hub.close();
    }

    private int start(Container container) throws Exception {
        open.add(0, container);
        return container.start(0, hub, List.of(Probe.class), new Site(hub::stats, List::of, "redis-cli"));
    }

    private WebSocketClient connect(int port) throws IOException {
        WebSocketClient client =
                WebSocketClient.connect(port, "/probe", "Sec-WebSocket-Extensions: permessage-deflate");
        open.add(0, client);
        return client;
    }

    private static Container named(String name) {
        return Settings.of(Map.of("CONTAINER", name)).container().get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomcat", "jetty", "undertow", "tyrus"})
    void quietSessionsStayOpenAndNothingIsCompressed(String name) throws Exception {
        WebSocketClient client = connect(start(named(name)));
        Session session = OPENED.poll(10, TimeUnit.SECONDS);

        assertTrue(session.getMaxIdleTimeout() <= 0, () -> session.getMaxIdleTimeout() + " ms");
        assertEquals(List.of(), session.getNegotiatedExtensions());
        assertFalse(client.handshake().toLowerCase(Locale.ROOT).contains("extensions"), client.handshake());
    }

    /** The kernel keeps those who come while nobody accepts, as many as it was told to. */
    @Test
    void clientsThatComeWhileTomcatDoesNotAcceptAreKept() throws Exception {
        TomcatContainer container = new TomcatContainer();
        int port = start(container);
        container.tomcat.getConnector().pause();

        connectAtOnce(port);
    }

    @Test
    void clientsThatComeWhileJettyDoesNotAcceptAreKept() throws Exception {
        JettyContainer container = new JettyContainer();
        int port = start(container);
        ((ServerConnector) container.server.getConnectors()[0]).setAccepting(false);

        connectAtOnce(port);
    }

    private void connectAtOnce(int port) throws IOException {
        for (int i = 0; i < AT_ONCE; i++) {
            Socket socket = new Socket();
            open.add(0, socket);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
        }
    }

    @Test
    void tomcatDoesNotCountConnections() throws Exception {
        TomcatContainer container = new TomcatContainer();
        connect(start(container));
        var protocol = (AbstractProtocol<?>) container.tomcat.getConnector().getProtocolHandler();

        assertEquals(-1, protocol.getMaxConnections());
        assertEquals(-1, protocol.getConnectionCount(), "what it says if there is no limit");
    }

    @Test
    void sessionsOfTomcatKeepSmallBuffers() throws Exception {
        connect(start(new TomcatContainer()));
        Session session = OPENED.poll(10, TimeUnit.SECONDS);
        var beans = ManagementFactory.getPlatformMBeanServer();
        var name = beans.queryNames(new ObjectName("Tomcat:type=SocketProperties,*"), null)
                .iterator()
                .next();
        var encoding = Class.forName("org.apache.tomcat.websocket.Constants").getDeclaredField("DEFAULT_BUFFER_SIZE");
        encoding.setAccessible(true);

        assertEquals(1024, session.getContainer().getDefaultMaxTextMessageBufferSize());
        assertEquals(128, session.getContainer().getDefaultMaxBinaryMessageBufferSize());
        assertEquals(1024, encoding.get(null));
        assertEquals(1024, beans.getAttribute(name, "appReadBufSize"));
        assertEquals(1024, beans.getAttribute(name, "appWriteBufSize"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"undertow", "tyrus"})
    void messagesComeOnThreadsThatMayWait(String name) throws Exception {
        connect(start(named(name))).sendText("hello");

        String thread = THREADS.poll(10, TimeUnit.SECONDS);
        assertTrue(thread.contains(name.equals("undertow") ? "task-" : "-worker("), thread);
    }
}
