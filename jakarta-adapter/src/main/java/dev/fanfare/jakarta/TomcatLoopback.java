package dev.fanfare.jakarta;

import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A WebSocket session of Tomcat on a network endpoint of the class that the connector has, with threads for itself.
 * Tomcat's connector would want a service and MBeans; its network endpoint takes a connection and gives a socket wrapper. The
 * session is none that the container knows of.
 */
final class TomcatLoopback implements Loopback {

    private static final String NET = "org.apache.tomcat.util.net.";
    private static final String WS = "org.apache.tomcat.websocket.";

    private final ClassLoader loader;
    private final Object network;
    private final Class<?> networkType;
    private final Socket client;
    private final Session session;
    private final RunSender sender;

    /**
     * With its own session of {@code container} and an endpoint of the class {@code type}.
     *
     * @param path what is to be tested
     */
    TomcatLoopback(TomcatPath path, Object container, Class<?> type, CompletableFuture<?> cut) throws Exception {
        loader = container.getClass().getClassLoader();
        networkType = Class.forName(NET + "AbstractEndpoint", true, loader);
        network = type.getConstructor().newInstance();
        var accepted = new CompletableFuture<Object>();
        try {
            start(accepted);
            client = Loopback.connect((int) call(networkType, network, "getLocalPort"));
            client.getOutputStream().write(0); // Tomcat's poller waits for a byte
            session = session(container, Loopback.await(accepted, cut));
            sender = path.sender(session, session.getAsyncRemote(), (run, completion) -> {
                throw new IllegalStateException("this session would be sent to by the standard API");
            });
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void start(CompletableFuture<Object> accepted) throws ReflectiveOperationException {
        Class<?> handlerType = Class.forName(NET + "AbstractEndpoint$Handler", true, loader);
        Class<?> stateType = Class.forName(NET + "AbstractEndpoint$Handler$SocketState", true, loader);
        Object open = stateType.getField("LONG").get(null);
        Object handler = Proxy.newProxyInstance(loader, new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
            if (method.getName().equals("process")) {
                accepted.complete(arguments[0]);
                return open;
            }
            return method.getDeclaringClass() == Object.class ? method.invoke(accepted, arguments) : null;
        });
        networkType.getMethod("setName", String.class).invoke(network, "fanfare-self-test");
        networkType.getMethod("setAddress", InetAddress.class).invoke(network, InetAddress.getLoopbackAddress());
        networkType.getMethod("setPort", int.class).invoke(network, 0);
        networkType.getMethod("setMinSpareThreads", int.class).invoke(network, 1);
        networkType.getMethod("setMaxThreads", int.class).invoke(network, 2);
        Object socket = call(networkType, network, "getSocketProperties");
        socket.getClass().getMethod("setTxBufSize", int.class).invoke(socket, SelfTest.SEND_BUFFER_BYTES);
        networkType.getMethod("setHandler", handlerType).invoke(network, handler);
        call(networkType, network, "init");
        call(networkType, network, "start");
    }

    /** What WsHttpUpgradeHandler.init does after a handshake. */
    private Session session(Object container, Object wrapper) throws ReflectiveOperationException {
        Class<?> upgrade = Class.forName("org.apache.coyote.http11.upgrade.UpgradeInfo", true, loader);
        Object remote = Class.forName(WS + "server.WsRemoteEndpointImplServer", true, loader)
                .getConstructor(
                        Class.forName(NET + "SocketWrapperBase", true, loader),
                        upgrade,
                        Class.forName(WS + "server.WsServerContainer", true, loader),
                        Class.forName("jakarta.servlet.http.WebConnection", true, loader))
                .newInstance(wrapper, upgrade.getConstructor().newInstance(), container, null);
        Class<?> base = Class.forName(WS + "WsRemoteEndpointImplBase", true, loader);
        Class<?> transformation = Class.forName(WS + "Transformation", true, loader);
        Method set = base.getDeclaredMethod("setTransformation", transformation);
        set.setAccessible(true);
        set.invoke(
                remote,
                Proxy.newProxyInstance(
                        loader,
                        new Class<?>[] {transformation},
                        (proxy, method, arguments) ->
                                method.getName().equals("sendMessagePart") ? arguments[0] : null));
        return Class.forName(WS + "WsSession", true, loader)
                .asSubclass(Session.class)
                .getConstructor(
                        base,
                        Class.forName(WS + "WsWebSocketContainer", true, loader),
                        URI.class,
                        Map.class,
                        String.class,
                        Principal.class,
                        String.class,
                        List.class,
                        String.class,
                        Map.class,
                        boolean.class,
                        ServerEndpointConfig.class)
                .newInstance(
                        remote,
                        container,
                        URI.create("/"),
                        Map.of(),
                        null,
                        null,
                        null,
                        List.<Extension>of(),
                        null,
                        Map.of(),
                        false,
                        ServerEndpointConfig.Builder.create(Silent.class, "/")
                                .configurator(new Creator())
                                .build());
    }

    @Override
    public Socket client() {
        return client;
    }

    @Override
    public RunSender sender() {
        return sender;
    }

    @Override
    public void ping(ByteBuffer payload) throws IOException {
        session.getAsyncRemote().sendPing(payload);
    }

    @Override
    public void sendClose() throws IOException {
        session.close();
    }

    @Override
    public void close() {
        try {
            call(networkType, network, "stop");
            call(networkType, network, "destroy");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Tomcat's endpoint did not end", e);
        }
    }

    private static Object call(Class<?> type, Object target, String method) throws ReflectiveOperationException {
        return type.getMethod(method).invoke(target);
    }

    /** An application that does nothing. */
    static final class Silent extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {}
    }

    private static final class Creator extends ServerEndpointConfig.Configurator {
        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(new Silent());
        }
    }
}
