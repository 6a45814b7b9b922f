package dev.fanfare.benchmarks.node;

import dev.fanfare.examples.containers.GrizzlyWebSockets;
import dev.fanfare.examples.containers.TyrusSettings;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.jspecify.annotations.Nullable;

/** Tyrus on Grizzly. */
final class TyrusServer implements Server {

    private final boolean tuned;
    private final HttpServer grizzly = new HttpServer();
    private @Nullable GrizzlyWebSockets webSockets;

    TyrusServer(boolean tuned) {
        this.tuned = tuned;
    }

    @Override
    public int start(Deployment deployment) throws Exception {
        var listener = new NetworkListener("load", "127.0.0.1", 0);
        if (tuned) {
            TyrusSettings.manySessions(listener);
        }
        var started = new GrizzlyWebSockets(listener);
        webSockets = started;
        deployment.to(started);
        grizzly.addListener(listener);
        started.start("/", 0);
        grizzly.start();
        return listener.getPort();
    }

    @Override
    public void close() {
        grizzly.shutdownNow();
        if (webSockets != null) {
            webSockets.stop();
        }
    }
}
