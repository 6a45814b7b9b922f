package dev.fanfare.examples;

import dev.fanfare.jakarta.WebSocketHub;
import java.net.BindException;
import java.util.List;

/** An embedded server for the WebSocket endpoints of a hub and for a site. Started once, closed once, by one thread at a time. */
interface Container extends AutoCloseable {

    /**
     * Serves until {@link #close}.
     *
     * @param port the TCP port, or 0 for any free one
     * @return the port that is served
     * @throws BindException if the port is taken
     * @throws Exception if the container does not start for another reason
     */
    int start(int port, WebSocketHub hub, List<Class<?>> endpoints, Site site) throws Exception;

    /** Stops serving and gives the port and every thread back. Does nothing if it was never started. */
    @Override
    void close();
}
