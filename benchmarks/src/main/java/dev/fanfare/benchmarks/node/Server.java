package dev.fanfare.benchmarks.node;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.util.Locale;

/** An embedded container on a free port of the loopback interface, set up for many sessions; one start, one close. */
interface Server extends AutoCloseable {

    /** Adds an endpoint at the moment when the container takes it. */
    interface Deployment {
        void to(ServerContainer container) throws DeploymentException;
    }

    /** Serves until {@link #close}; returns the port. */
    int start(Deployment deployment) throws Exception;

    @Override
    void close() throws Exception;

    static Server named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "tomcat" -> new TomcatServer();
            case "jetty" -> new JettyServer();
            case "undertow" -> new UndertowServer();
            case "tyrus" -> new TyrusServer();
            default -> throw new IllegalArgumentException("no container is called " + name);
        };
    }
}
