package dev.fanfare.jakarta;

import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link BroadcastApplication} in one context: what was scanned for it, and its hub while it is started. It lives in an
 * attribute of the context, so that two contexts have two, and nothing outlives one. Used by one thread at a time, as the
 * listeners of a context are called one after the other.
 */
final class Deployment {

    private static final String ATTRIBUTE = Deployment.class.getName();
    /** Where applications find the hub. */
    private static final String HUB = WebSocketHub.class.getName();

    private final List<Class<?>> endpoints;
    private @Nullable WebSocketHub hub;

    Deployment(List<Class<?>> endpoints) {
        this.endpoints = endpoints;
    }

    /** Leaves this to the listener of {@code context}, which is another instance of another class. */
    void announce(ServletContext context) {
        context.setAttribute(ATTRIBUTE, this);
    }

    /**
     * Starts {@code application}, unless it is started.
     *
     * @throws IllegalStateException if it cannot be; the message says whose fault that is
     */
    static void start(ServletContext context, BroadcastApplication application) {
        if (!(context.getAttribute(ATTRIBUTE) instanceof Deployment deployment)) {
            throw new IllegalStateException(
                    application.getClass().getName() + " was not told what the container found: "
                            + "nothing scans this application, or its web.xml has an absolute-ordering without "
                            + "<others/>. Without scanning, endpoints are deployed by WebSocketHub.endpoint");
        }
        if (deployment.hub == null) {
            deployment.hub = deployment.deploy(context, application);
            context.setAttribute(HUB, deployment.hub);
        }
    }

    private WebSocketHub deploy(ServletContext context, BroadcastApplication application) {
        if (!(context.getAttribute(ServerContainer.class.getName()) instanceof ServerContainer container)) {
            throw new IllegalStateException("the container has not enabled WebSocket for this application");
        }
        WebSocketHub created = create(application);
        try {
            HandshakeFilter.addTo(context, created);
            for (Class<?> type : endpoints) {
                container.addEndpoint(application.endpoint(created, type));
            }
            return created;
        } catch (DeploymentException e) {
            created.close();
            throw new IllegalStateException(
                    "an endpoint with @Broadcast was not deployed. Does a ServerApplicationConfig beside "
                            + application.getClass().getName() + " return it, too? " + e.getMessage(),
                    e);
        } catch (RuntimeException e) {
            created.close();
            throw e;
        }
    }

    private static WebSocketHub create(BroadcastApplication application) {
        String method = application.getClass().getName() + ".createHub()";
        try {
            return Objects.requireNonNull(application.createHub(), method + " returned null");
        } catch (RuntimeException e) {
            throw new IllegalStateException(method + " failed: " + e.getMessage(), e);
        }
    }

    /** Closes the hub of {@code context}, if it has one. */
    static void stop(ServletContext context) {
        if (context.getAttribute(ATTRIBUTE) instanceof Deployment deployment && deployment.hub != null) {
            context.removeAttribute(HUB);
            deployment.hub.close();
            deployment.hub = null;
        }
    }
}
