package dev.fanfare.examples;

import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.BindException;

/** An embedded server for one WebSocket endpoint and one servlet. Started once, closed once, by one thread at a time. */
interface Container extends AutoCloseable {

    /**
     * Serves until {@link #close}.
     *
     * @param port the TCP port, or 0 for any free one
     * @return the port that is served
     * @throws BindException if the port is taken
     * @throws Exception if the container does not start for another reason
     */
    int start(int port, ServerEndpointConfig endpoint, HttpServlet site) throws Exception;

    /** Stops serving and gives the port and every thread back. Does nothing if it was never started. */
    @Override
    void close();
}
