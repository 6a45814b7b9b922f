package dev.fanfare.servers;

import dev.fanfare.examples.room.Room;
import dev.fanfare.jakarta.WebSocketHub;
import dev.fanfare.redis.RedisBroadcaster;
import jakarta.servlet.ServletException;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** A node with the room in this JVM. */
final class EmbeddedNode implements AutoCloseable {
    private final WebSocketHub hub;
    private final Tomcat tomcat = new Tomcat();

    EmbeddedNode(String redis) {
        hub = WebSocketHub.create(RedisBroadcaster.connect(redis));
        String base = Path.of("target", "tomcat").toAbsolutePath().toString();
        tomcat.setBaseDir(base);
        tomcat.setPort(0);
        tomcat.getConnector();
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet")
                .addMapping("/");
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, servlets) -> {
                    var container = (ServerContainer) servlets.getAttribute(ServerContainer.class.getName());
                    try {
                        container.addEndpoint(hub.endpoint(Room.class));
                    } catch (DeploymentException e) {
                        throw new ServletException(e);
                    }
                },
                null);
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    int sessions(String channel) {
        return hub.sessions().count(channel);
    }

    @Override
    public void close() {
        hub.close();
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }
}
