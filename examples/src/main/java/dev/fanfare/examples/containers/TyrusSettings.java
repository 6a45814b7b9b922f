package dev.fanfare.examples.containers;

import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.strategies.WorkerThreadIOStrategy;

/** Tyrus on an HTTP server of Grizzly for many sessions. */
public final class TyrusSettings {
    private TyrusSettings() {}

    /** To be called before the server starts. */
    public static void manySessions(NetworkListener listener) {
        listener.getTransport().setServerConnectionBackLog(4096); // which is the default
        listener.getTransport().setIOStrategy(WorkerThreadIOStrategy.getInstance()); // endpoints may wait
        listener.getKeepAlive().setIdleTimeoutInSeconds(-1); // the default ends a quiet session after 30 s
    }
}
