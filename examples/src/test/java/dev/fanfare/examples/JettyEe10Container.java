package dev.fanfare.examples;

import dev.fanfare.jakarta.HandshakeFilter;
import dev.fanfare.jakarta.WebSocketHub;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty 12.0 for Jakarta EE 10, without the site. By reflection: what is compiled here has the Jetty of EE 11. */
final class JettyEe10Container implements Container {
    private static final String PACKAGE = "org.eclipse.jetty.ee10.";

    private final Server server = new Server(0);

    @Override
    public int start(int port, WebSocketHub hub, List<Class<?>> endpoints, Site site) throws Exception {
        ServletContainerInitializer ours = (classes, servletContext) -> {
            var container = (ServerContainer) servletContext.getAttribute(ServerContainer.class.getName());
            try {
                for (Class<?> endpoint : endpoints) {
                    container.addEndpoint(hub.endpoint(endpoint));
                }
            } catch (DeploymentException e) {
                throw new ServletException(e);
            }
            HandshakeFilter.addTo(servletContext, hub);
        };
        Object context = create("servlet.ServletContextHandler");
        var add = context.getClass().getMethod("addServletContainerInitializer", ServletContainerInitializer.class);
        add.invoke(context, create("websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer"));
        add.invoke(context, ours);
        server.setHandler((Handler) context);
        server.start();
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    private static Object create(String type) throws ReflectiveOperationException {
        return Class.forName(PACKAGE + type).getConstructor().newInstance();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
