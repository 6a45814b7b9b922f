package dev.fanfare.benchmarks.node;

import dev.fanfare.examples.containers.JettySettings;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty. */
final class JettyServer implements Server {

    private final boolean tuned;
    private final org.eclipse.jetty.server.Server jetty = new org.eclipse.jetty.server.Server();

    JettyServer(boolean tuned) {
        this.tuned = tuned;
    }

    @Override
    public int start(Deployment deployment) throws Exception {
        var connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        if (tuned) {
            JettySettings.manySessions(connector);
        }
        jetty.addConnector(connector);
        var context = new ServletContextHandler("/");
        jetty.setHandler(context);
        JakartaWebSocketServletContainerInitializer.configure(context, (servlets, container) -> {
            if (tuned) {
                JettySettings.manySessions(container);
            }
            deployment.to(container);
        });
        jetty.start();
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        jetty.stop();
    }
}
