package dev.fanfare.jakarta;

import jakarta.websocket.RemoteEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What both remotes of a view have in common. Thread-safe. */
abstract sealed class Remote implements RemoteEndpoint permits BasicRemote, AsyncRemote {

    final SessionView view;

    Remote(SessionView view) {
        this.view = view;
    }

    /** Nothing is batched: on Tomcat and Jetty a batched message would be reported as sent before it is written. */
    @Override
    public void setBatchingAllowed(boolean allowed) {}

    @Override
    public boolean getBatchingAllowed() {
        return false;
    }

    @Override
    public void flushBatch() {}

    @Override
    public void sendPing(@Nullable ByteBuffer payload) throws IOException {
        view.ping(payload == null ? ByteBuffer.allocate(0) : payload);
    }

    @Override
    public void sendPong(@Nullable ByteBuffer payload) throws IOException {
        view.pong(payload == null ? ByteBuffer.allocate(0) : payload);
    }

    static <T> T required(@Nullable T argument, String name) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " is null"); // as the specification says
        }
        return argument;
    }
}
