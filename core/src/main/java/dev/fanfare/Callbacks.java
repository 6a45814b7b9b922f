package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs application code (listeners, and whatever is chained to our futures) on threads that may block, never on ours.
 * Calls with an equal key run one at a time and in order; others side by side. Thread-safe.
 */
final class Callbacks {

    /** So many calls of the listener may wait before further ones are dropped and counted. */
    static final int MAX_WAITING = 65_536;

    private static final Logger LOG = System.getLogger(Callbacks.class.getName());
    private static final int MAX_IN_A_ROW = 256;
    private static final Object LISTENER = new Object();

    private final Executor executor;
    private final @Nullable ExecutorService own;
    private final HubListener listener;
    private final Counters counters;
    private final ConcurrentHashMap<Object, Deque<Runnable>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong pending = new AtomicLong();
    private final AtomicBoolean throwing = new AtomicBoolean();
    private final AtomicLong listenerPending = new AtomicLong();

    Callbacks(Settings settings, Counters counters) {
        var given = settings.executor();
        this.own = given == null ? Workers.blocking("fanfare-callback") : null;
        this.executor = own == null ? Objects.requireNonNull(given) : own;
        this.listener = settings.listener();
        this.counters = counters;
    }

    /** Completes {@code future} in the order of the calls with this key. */
    <T> void complete(Object key, CompletableFuture<T> future, T value) {
        inOrder(key, () -> future.complete(value));
    }

    /** Completes {@code future} without a value in the order of the calls with this key. */
    void done(Object key, CompletableFuture<@Nullable Void> future) {
        inOrder(key, () -> future.complete(null));
    }

    /** Fails {@code future} in the order of the calls with this key. */
    void fail(Object key, CompletableFuture<?> future, Throwable cause) {
        inOrder(key, () -> future.completeExceptionally(cause));
    }

    /** Tells the listener, unless too much waits for it already. */
    void tell(Consumer<HubListener> call) {
        if (listenerPending.incrementAndGet() > MAX_WAITING) {
            listenerPending.decrementAndGet();
            counters.callbacksDropped.increment();
            return;
        }
        inOrder(LISTENER, () -> {
            listenerPending.decrementAndGet();
            call.accept(listener);
        });
    }

    /** Runs {@code task}, which does not throw, on the executor; false if that takes no more. */
    boolean run(Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RuntimeException | Error e) { // also "unable to create a thread": the caller is no part of this
            LOG.log(Level.DEBUG, "The executor takes no more callbacks", e);
            return false;
        }
    }

    long pending() {
        return pending.get();
    }

    /** Runs no further calls; what still runs is interrupted. A caller's executor is left alone. */
    void close() {
        if (own != null) {
            own.shutdownNow();
        }
    }

    /** Whether the threads of its own have ended. */
    boolean isClosed() {
        return own == null || Workers.haveEnded(own);
    }

    private void inOrder(Object key, Runnable call) {
        pending.incrementAndGet();
        var first = new boolean[1];
        waiting.compute(key, (k, calls) -> {
            first[0] = calls == null;
            var queue = calls == null ? new ArrayDeque<Runnable>() : calls;
            queue.add(call);
            return queue;
        });
        if (first[0]) {
            dispatch(key);
        }
    }

    private void dispatch(Object key) {
        try {
            executor.execute(() -> run(key));
        } catch (RuntimeException | Error e) { // also "unable to create a thread": the caller is no part of this
            drop(key);
            LOG.log(Level.DEBUG, "The executor takes no more callbacks", e);
        }
    }

    /** What waits is dropped and counted; the next call asks the executor again. */
    private void drop(Object key) {
        var calls = waiting.remove(key);
        int dropped = calls == null ? 0 : calls.size();
        pending.addAndGet(-dropped);
        if (key == LISTENER) {
            listenerPending.addAndGet(-dropped);
        }
        counters.callbacksDropped.add(dropped);
    }

    /** The key stays in the map while this runs, so that nobody else runs calls with the same key. */
    private void run(Object key) {
        for (int i = 0; i < MAX_IN_A_ROW; i++) {
            var call = next(key);
            if (call == null) {
                return;
            }
            pending.decrementAndGet();
            try {
                call.run();
                throwing.set(false);
            } catch (Throwable t) { // application code may throw anything
                var level = throwing.compareAndSet(false, true) ? Level.WARNING : Level.DEBUG; // once per episode
                LOG.log(level, "A HubListener threw; the hub goes on", t);
            }
        }
        dispatch(key);
    }

    private @Nullable Runnable next(Object key) {
        var call = new Runnable[1];
        waiting.computeIfPresent(key, (k, calls) -> {
            call[0] = calls.poll();
            return call[0] == null ? null : calls;
        });
        return call[0];
    }
}
