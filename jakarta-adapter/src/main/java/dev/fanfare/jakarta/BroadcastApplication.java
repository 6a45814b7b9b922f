package dev.fanfare.jakarta;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.HashSet;
import java.util.Set;

/**
 * The WAR whose container scans for endpoints: those with {@link Broadcast} are deployed through the hub, the others as
 * they are.
 *
 * <pre>{@code
 * @WebListener
 * public class App extends BroadcastApplication {
 *     @Override
 *     protected WebSocketHub createHub() {
 *         return WebSocketHub.create(RedisBroadcaster.connect("redis://localhost:6379"));
 *     }
 * }
 * }</pre>
 *
 * <p>When the application starts, the hub is created, the {@link HandshakeFilter} installed, each scanned endpoint
 * deployed, and the hub published as the {@code ServletContext}'s attribute {@code dev.fanfare.jakarta.WebSocketHub}. If
 * any of that fails, so does the deployment, and the hub is closed. When the application stops, the hub is closed, which
 * blocks as {@link WebSocketHub#close} says.
 *
 * <p>There is one for each WAR. The container makes several instances of it, and only one is asked for a hub. Nothing is
 * static: one class may be the application of several contexts, and be started again.
 *
 * <p>Not thread-safe, and need not be: containers start and stop an application on one thread. Needs the servlet API.
 */
public abstract class BroadcastApplication implements ServerApplicationConfig, ServletContextListener {

    /** For the application's class, which is public and has a public constructor without parameters. */
    protected BroadcastApplication() {}

    /** The hub of the application, which closes it. Called once for each start, before any session. */
    protected abstract WebSocketHub createHub();

    /**
     * How {@code type}, a scanned class with {@link Broadcast}, is deployed; by default {@link WebSocketHub#endpoint(Class)}.
     * Overridden where something else makes the instances, such as CDI.
     */
    protected <T> ServerEndpointConfig endpoint(WebSocketHub hub, Class<T> type) {
        return hub.endpoint(type);
    }

    /** Creates and publishes the hub, and deploys the endpoints; does nothing if that is done. */
    @Override
    public final void contextInitialized(ServletContextEvent event) {
        Deployment.start(event.getServletContext(), this);
    }

    /** Closes the hub; does nothing if that is done. */
    @Override
    public final void contextDestroyed(ServletContextEvent event) {
        Deployment.stop(event.getServletContext());
    }

    /** None: a container that finds this class deploys no scanned {@code Endpoint} unless somebody returns a configuration. */
    @Override
    public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> scanned) {
        return Set.of();
    }

    /** Those that the container deploys by itself: all without {@link Broadcast}. */
    @Override
    public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> scanned) {
        Set<Class<?>> others = new HashSet<>(scanned);
        others.removeIf(type -> type.isAnnotationPresent(Broadcast.class));
        return others;
    }
}
