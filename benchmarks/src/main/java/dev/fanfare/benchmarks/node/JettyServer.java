package dev.fanfare.benchmarks.node;

import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty with the settings of docs/containers.md. */
final class JettyServer implements Server {

    private final org.eclipse.jetty.server.Server jetty = new org.eclipse.jetty.server.Server();

    @Override
    public int start(Deployment deployment) throws Exception {
        var connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(4096);
        jetty.addConnector(connector);
        var context = new ServletContextHandler("/");
        jetty.setHandler(context);
        JakartaWebSocketServletContainerInitializer.configure(context, (servlets, container) -> {
            container.setDefaultMaxSessionIdleTimeout(0);
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
