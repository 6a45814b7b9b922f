package dev.fanfare.examples.containers;

import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;

/** Embedded Tomcat for many sessions. */
public final class TomcatSettings {
    private TomcatSettings() {}

    /** To be called before Tomcat starts, and before the first of its WebSocket classes is loaded. */
    public static void manySessions(Connector connector, Context context) {
        connector.setProperty("maxConnections", "-1"); // the default lets the 8,193rd session wait
        connector.setProperty("acceptCount", "4096"); // all clients of a lost node come back within a second
        connector.setProperty("socket.appReadBufSize", "1024"); // kept by each connection, as all that follows; 8 KiB
        connector.setProperty("socket.appWriteBufSize", "1024"); // 8 KiB by default
        context.addParameter(
                "org.apache.tomcat.websocket.textBufferSize", "1024"); // 16 KiB; longer texts come in parts
        context.addParameter("org.apache.tomcat.websocket.binaryBufferSize", "128"); // 8 KiB
        // 24 KiB by default; read once in a JVM
        System.getProperties().putIfAbsent("org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE", "1024");
    }
}
