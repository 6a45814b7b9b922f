package dev.fanfare.examples;

import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.net.BindException;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Embedded Jetty, set up for many sessions that are quiet most of the time. */
final class JettyContainer implements Container {
    private final Server server = new Server();

    @Override
    public int start(int port, ServerEndpointConfig endpoint, HttpServlet site) throws Exception {
        ServerConnector connector = connector(port);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(site), "/");
        server.setHandler(context);
        JakartaWebSocketServletContainerInitializer.configure(context, (servletContext, container) -> {
            container.setDefaultMaxSessionIdleTimeout(0); // the default ends a quiet session after 30 s
            container.addEndpoint(endpoint);
        });
        try {
            server.start();
        } catch (IOException e) {
            throw e.getCause() instanceof BindException taken ? taken : e;
        }
        return connector.getLocalPort();
    }

    private ServerConnector connector(int port) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setPort(port);
        connector.setAcceptQueueSize(4096); // all pages of a lost node come back within a second
        return connector;
    }

    @Override
    public void close() {
        try {
            server.stop();
            server.destroy();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty did not stop", e);
        }
    }
}
