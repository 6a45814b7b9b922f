package consumer;

import jakarta.websocket.server.ServerContainer;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty on a free port. */
final class Container implements AutoCloseable {

    interface Deployment {
        void to(ServerContainer serverContainer) throws Exception;
    }

    private final Server jetty = new Server(0);

    Container(Deployment deployment) throws Exception {
        var context = new ServletContextHandler("/");
        jetty.setHandler(context);
        JakartaWebSocketServletContainerInitializer.configure(context, (servlets, container) -> {
            try {
                deployment.to(container);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        jetty.start();
    }

    int port() {
        return ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
    }

    @Override
    public void close() throws Exception {
        jetty.stop();
    }
}
