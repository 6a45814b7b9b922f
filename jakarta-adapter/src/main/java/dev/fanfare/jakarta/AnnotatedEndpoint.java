package dev.fanfare.jakarta;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint that a container sees in place of an annotated class. Public because containers need it to be; not for
 * use by applications, which have {@link WebSocketHub#endpoint}.
 *
 * <p>One for each session. Safe for use by several threads, as containers close sessions on any.
 */
public final class AnnotatedEndpoint extends Endpoint {

    private static final Logger LOG = System.getLogger(AnnotatedEndpoint.class.getName());

    private final WebSocketHub hub;
    private final EndpointModel model;
    private final Instances<?> instances;
    private volatile @Nullable Connection connection;

    AnnotatedEndpoint(WebSocketHub hub, EndpointModel model, Instances<?> instances) {
        this.hub = hub;
        this.model = model;
        this.instances = instances;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        try {
            var opening = new Connection(hub, model, instances, session, config);
            connection = opening;
            opening.open();
        } catch (InstantiationException | RuntimeException e) {
            LOG.log(Level.WARNING, "A session could not be opened", e);
            close(session);
        }
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        Connection closing = connection;
        if (closing != null) {
            closing.ended(reason);
        }
    }

    @Override
    public void onError(Session session, Throwable cause) {
        Connection failing = connection;
        if (failing != null) {
            failing.broken(cause);
        } else {
            LOG.log(Level.DEBUG, "A session failed before it was open", cause);
        }
    }

    private static void close(Session session) {
        try {
            session.close(new CloseReason(CloseReason.CloseCodes.UNEXPECTED_CONDITION, "the session was not opened"));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "Closing a session that was not opened failed", e);
        }
    }
}
