package dev.fanfare.jakarta;

import dev.fanfare.fixtures.WebSocketClient;
import java.io.IOException;
import java.util.function.Function;

/** A hub and its container: one node of a cluster in this JVM. */
record Node(WebSocketHub hub, Container container) implements AutoCloseable {

    /** What a node of an application serves. */
    interface Application {
        Container.Deployment on(WebSocketHub hub);
    }

    static Node start(WebSocketHub hub, Function<Container.Deployment, Container> container, Application application) {
        return new Node(hub, container.apply(application.on(hub)));
    }

    WebSocketClient connect(String path, String... headers) {
        try {
            return WebSocketClient.connect(container.port(), path, headers);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A client whose kernel buffers little, for one that will not read. */
    WebSocketClient connectSmall(String path) {
        try {
            return WebSocketClient.connectSmall(container.port(), path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        hub.close();
        container.close();
    }
}
