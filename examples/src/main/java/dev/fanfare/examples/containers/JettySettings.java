package dev.fanfare.examples.containers;

import jakarta.websocket.WebSocketContainer;
import org.eclipse.jetty.server.ServerConnector;

/** Embedded Jetty for many sessions. */
public final class JettySettings {
    private JettySettings() {}

    /** To be called before Jetty starts. */
    public static void manySessions(ServerConnector connector) {
        connector.setAcceptQueueSize(4096); // all clients of a lost node come back within a second; 50 by default
    }

    /** To be called before the first endpoint is added. */
    public static void manySessions(WebSocketContainer webSockets) {
        webSockets.setDefaultMaxSessionIdleTimeout(0); // the default ends a quiet session after 30 s
    }
}
