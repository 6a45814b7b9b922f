package dev.fanfare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How the broadcaster stands with its carrier, and who waits for it to be ready. Thread-safe. */
final class Connectivity {

    private final Callbacks callbacks;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private Broadcaster.State state = Broadcaster.State.CONNECTING;

    @GuardedBy("lock")
    private @Nullable Instant downSince = Instant.now();

    @GuardedBy("lock")
    private boolean reported = false;

    @GuardedBy("lock")
    private long timesLive;

    /** What ended the last attempt, until messages flow. */
    @GuardedBy("lock")
    private @Nullable BroadcastException cause;

    @GuardedBy("lock")
    private final List<CompletableFuture<@Nullable Void>> waiting = new ArrayList<>();

    Connectivity(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    CompletableFuture<@Nullable Void> ready() {
        var ready = new CompletableFuture<@Nullable Void>();
        synchronized (lock) {
            if (state == Broadcaster.State.LIVE) {
                callbacks.done(ready, ready);
            } else if (state == Broadcaster.State.CLOSED) {
                callbacks.fail(ready, ready, new BroadcastException("the hub was closed"));
            } else if (cause instanceof BroadcastException.Misconfigured remedy) {
                callbacks.fail(ready, ready, remedy);
            } else {
                waiting.removeIf(CompletableFuture::isDone);
                waiting.add(ready);
            }
        }
        return ready;
    }

    void changed(Broadcaster.State next, @Nullable BroadcastException cause) {
        synchronized (lock) {
            if (state == Broadcaster.State.CLOSED) {
                return; // for good: what the broadcaster says while it closes is nobody's concern
            }
            state = next;
            callbacks.tell(listener -> listener.broadcasterState(next, cause));
            if (next == Broadcaster.State.LIVE) {
                live();
            } else {
                notLive(cause);
            }
        }
    }

    @GuardedBy("lock")
    private void live() {
        timesLive++;
        downSince = null;
        reported = false;
        cause = null;
        callbacks.tell(HubListener::broadcasterUp);
        waiting.forEach(ready -> callbacks.done(ready, ready));
        waiting.clear();
    }

    @GuardedBy("lock")
    private void notLive(@Nullable BroadcastException why) {
        if (downSince == null) {
            downSince = Instant.now();
        }
        if (why == null) {
            return;
        }
        cause = why;
        if (!reported) {
            reported = true;
            callbacks.tell(listener -> listener.broadcasterDown(why));
        }
        if (why instanceof BroadcastException.Misconfigured remedy) {
            fail(remedy);
        }
    }

    /** Whoever waits shall not wait for ever. */
    void closed() {
        synchronized (lock) {
            state = Broadcaster.State.CLOSED;
            fail(new BroadcastException("the hub was closed"));
        }
    }

    @GuardedBy("lock")
    private void fail(BroadcastException cause) {
        waiting.forEach(ready -> callbacks.fail(ready, ready, cause));
        waiting.clear();
    }

    Broadcaster.State state() {
        synchronized (lock) {
            return state;
        }
    }

    @Nullable
    Instant downSince() {
        synchronized (lock) {
            return downSince;
        }
    }

    long reconnects() {
        synchronized (lock) {
            return Math.max(0, timesLive - 1);
        }
    }

    /** Why messages do not flow, if that is known. */
    @Nullable
    BroadcastException cause() {
        synchronized (lock) {
            return cause;
        }
    }
}
