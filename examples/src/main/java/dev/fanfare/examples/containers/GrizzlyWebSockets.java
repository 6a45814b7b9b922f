package dev.fanfare.examples.containers;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Map;
import java.util.Set;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.tyrus.container.grizzly.server.WebSocketAddOn;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.WebSocketEngine;

/**
 * Tyrus on an HTTP server of the application's own, which can serve other things as well: what the container that Tyrus
 * brings does, without a server of its own. Endpoints are added before it starts; it is started before the listener and
 * stopped after it, by one thread at a time.
 */
public final class GrizzlyWebSockets extends TyrusServerContainer {
    private final WebSocketEngine engine = TyrusWebSocketEngine.builder(this).build();

    /** Takes the WebSocket handshakes of {@code listener}, which must not have been started. */
    public GrizzlyWebSockets(NetworkListener listener) {
        super(Set.of());
        listener.registerAddOn(new WebSocketAddOn(this, "/"));
    }

    @Override
    public void register(Class<?> endpoint) throws DeploymentException {
        engine.register(endpoint, "/");
    }

    @Override
    public void register(ServerEndpointConfig endpoint) throws DeploymentException {
        engine.register(endpoint, "/");
    }

    @Override
    public WebSocketEngine getWebSocketEngine() {
        return engine;
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of();
    }
}
