package dev.fanfare.examples;

import dev.fanfare.BroadcastException;
import dev.fanfare.HubListener;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Says of one node that it does not reach Redis, and that it does again: one line each for an episode. Thread-safe. */
final class RedisNews implements HubListener {
    private static final System.Logger LOG = System.getLogger(RedisNews.class.getName());

    private final CompletableFuture<Void> toldDown = new CompletableFuture<>();
    private String node = "";
    private @Nullable BroadcastException down;

    /** The node has a port, and so a name; what there is to say waits for it. */
    synchronized void started(int port) {
        node = "Node " + port;
        BroadcastException cause = down;
        if (cause != null) {
            sayDown(cause);
        }
    }

    @Override
    public synchronized void broadcasterDown(BroadcastException cause) {
        down = cause;
        if (!node.isEmpty()) {
            sayDown(cause);
        }
    }

    private void sayDown(BroadcastException cause) {
        LOG.log(Level.WARNING, node + ": " + cause.getMessage());
        toldDown.complete(null);
    }

    /** Completes when it was said for the first time that the node does not reach Redis. */
    CompletableFuture<Void> toldDown() {
        return toldDown.copy();
    }

    @Override
    public synchronized void broadcasterUp() {
        if (down != null && !node.isEmpty()) {
            LOG.log(Level.INFO, node + ": Redis is reachable now");
        }
        down = null;
    }
}
