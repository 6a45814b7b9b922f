package dev.fanfare.examples;

import dev.fanfare.examples.containers.JettySettings;
import dev.fanfare.jakarta.HandshakeFilter;
import dev.fanfare.jakarta.WebSocketHub;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Embedded Jetty, set up for many sessions that are quiet most of the time. */
final class JettyContainer implements Container {
    final Server server = new Server();

    @Override
    public int start(int port, WebSocketHub hub, List<Class<?>> endpoints, Site site) throws Exception {
        ServerConnector connector = connector(port);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new SiteServlet(site)), "/");
        server.setHandler(context);
        JakartaWebSocketServletContainerInitializer.configure(context, (servletContext, container) -> {
            JettySettings.manySessions(container);
            for (Class<?> endpoint : endpoints) {
                container.addEndpoint(hub.endpoint(endpoint));
            }
            HandshakeFilter.addTo(servletContext, hub);
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
        JettySettings.manySessions(connector);
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
