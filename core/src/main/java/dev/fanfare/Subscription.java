package dev.fanfare;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * That a handler of this node gets the messages of a channel, from {@link Hub#subscribe} until it is closed, or the hub is.
 * Thread-safe; nothing blocks.
 */
public final class Subscription implements AutoCloseable {

    private final CompletableFuture<@Nullable Void> ready;
    private final Runnable end;
    private final AtomicBoolean closed = new AtomicBoolean();

    Subscription(CompletableFuture<@Nullable Void> ready, Runnable end) {
        this.ready = ready;
        this.end = end;
    }

    /**
     * Whether the handler gets everything.
     *
     * @return completes when every message that the carrier accepts from now on reaches the handler. Stays pending while
     *     the carrier is down; fails with {@link BroadcastException.Refused} if it refuses the channel, and the
     *     subscription is then closed; is cancelled when it is closed, or the hub is
     */
    public CompletableFuture<@Nullable Void> ready() {
        return ready;
    }

    /**
     * Ends the subscription: what waits for the handler is given up; a call that has begun may still be under way. May be
     * called by the handler. Closing again does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            end.run();
        }
    }
}
