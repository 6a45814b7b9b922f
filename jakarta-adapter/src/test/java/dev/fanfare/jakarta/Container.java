package dev.fanfare.jakarta;

import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;

/** A Jakarta WebSocket container in this JVM, on a free port, with its own defaults. */
interface Container extends AutoCloseable {

    /** Adds endpoints. */
    interface Deployment {
        void to(ServerContainer container) throws DeploymentException;

        /** Adds filters, when the endpoints are there. */
        default void to(ServletContext application) {}
    }

    int port();

    @Override
    void close();
}
