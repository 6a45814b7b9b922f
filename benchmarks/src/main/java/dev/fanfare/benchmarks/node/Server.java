package dev.fanfare.benchmarks.node;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.util.Locale;

/** An embedded container on a free port of the loopback interface; one start, one close. */
interface Server extends AutoCloseable {

    /** Adds an endpoint at the moment when the container takes it. */
    interface Deployment {
        void to(ServerContainer container) throws DeploymentException;
    }

    /** Serves until {@link #close}; returns the port. */
    int start(Deployment deployment) throws Exception;

    @Override
    void close() throws Exception;

    /**
     * The container of that name.
     *
     * @param tuned whether it gets the settings for many sessions of docs/containers.md, or is as it comes but for limits
     *     without which there is nothing to measure
     */
    static Server named(String name, boolean tuned) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "tomcat" -> new TomcatServer(tuned);
            case "jetty" -> new JettyServer(tuned);
            case "undertow" -> new UndertowServer(tuned);
            case "tyrus" -> new TyrusServer(tuned);
            default -> throw new IllegalArgumentException("no container is called " + name);
        };
    }
}
