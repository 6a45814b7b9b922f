package dev.fanfare.jakarta;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;

/**
 * A container's own way to write a run, framed once for all sessions, with one write for each. There is one class for
 * each container. None of them copies the run, waits, or queues: what the container cannot take now is <em>busy</em>.
 */
interface FastPath {

    /**
     * What sends to {@code session}, which has no extensions.
     *
     * @param portable sends what this path cannot
     * @throws ReflectiveOperationException if this session has not what the path needs
     */
    RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable)
            throws ReflectiveOperationException;

    /** How to open a connection for this path's self-test, as {@code session} has one. Opens nothing yet, and does not wait. */
    Loopback.Opener loopback(Session session) throws ReflectiveOperationException;
}
