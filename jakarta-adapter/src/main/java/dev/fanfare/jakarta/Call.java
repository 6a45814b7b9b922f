package dev.fanfare.jakarta;

import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

/**
 * One call of an endpoint's method: what its arguments are taken from.
 *
 * @param event the message, close reason or error; null when the session opens
 * @param query the query of the handshake
 * @param last whether the event ends a message that arrives in parts
 */
record Call(
        Session session,
        EndpointConfig config,
        Query query,
        @Nullable Object event,
        boolean last) {}
