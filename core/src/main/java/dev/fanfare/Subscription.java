package dev.fanfare;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One channel's subscription, from the first session that joins to the last that leaves: which lanes have members, whether
 * the broadcaster has confirmed it, and the broadcasts of this node that wait for that. Thread-safe.
 */
final class Subscription {

    /** A broadcast that waits so that the sessions that are joining see it. */
    record Held(Message message, CompletableFuture<Receipt> outcome, long deadlineNanos) {}

    private final String channel;
    private final Consumer<Held> publish;
    private volatile List<Lane> lanes = List.of();
    private volatile boolean confirmed;
    private volatile @Nullable Throwable failure;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<Lane, Integer> counts = new HashMap<>(2);

    @GuardedBy("lock")
    private boolean kept;

    @GuardedBy("lock")
    private final Deque<Held> held = new ArrayDeque<>(0);

    /** What the broadcaster was asked last; the answer to any earlier question says nothing any more. */
    @GuardedBy("lock")
    private @Nullable CompletableFuture<?> awaited;

    /** Whether broadcasts need not wait; changes under the lock. */
    private volatile boolean open;

    Subscription(String channel, Consumer<Held> publish) {
        this.channel = channel;
        this.publish = publish;
    }

    String channel() {
        return channel;
    }

    /** The lanes that have members, or are about to. */
    List<Lane> lanes() {
        return lanes;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** Why the broadcaster refused, if it did. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    void acquire(Lane lane) {
        synchronized (lock) {
            if (counts.merge(lane, 1, Integer::sum) == 1) {
                lanes = List.copyOf(counts.keySet());
            }
        }
    }

    /** True if that was the last one. */
    boolean release(Lane lane) {
        synchronized (lock) {
            if (counts.computeIfPresent(lane, (l, count) -> count == 1 ? null : count - 1) == null) {
                lanes = List.copyOf(counts.keySet());
            }
            return counts.isEmpty() && !kept;
        }
    }

    /** Sessions or none: the subscription stays. */
    void keep() {
        synchronized (lock) {
            kept = true;
        }
    }

    /** True if no session needs it either. */
    boolean keepNoLonger() {
        synchronized (lock) {
            kept = false;
            return counts.isEmpty();
        }
    }

    /** Whether the broadcaster has answered; it may think otherwise by now, after a reconnect. */
    boolean isSettled() {
        return confirmed || failure != null;
    }

    /** What the broadcaster was asked last, which it was before anybody else sees this. */
    CompletableFuture<?> awaited() {
        synchronized (lock) {
            return Objects.requireNonNull(awaited);
        }
    }

    /** The broadcaster was asked and has not answered: joins and broadcasts wait for {@code confirmation}. */
    void await(CompletableFuture<?> confirmation) {
        synchronized (lock) {
            awaited = confirmation;
            confirmed = false;
            failure = null;
            open = false;
        }
    }

    /** The broadcaster confirmed the subscription ({@code cause} is null) or refused it. */
    void settle(CompletableFuture<?> confirmation, @Nullable Throwable cause) {
        var refusal = cause == null ? null : refusal(cause);
        synchronized (lock) {
            if (awaited != confirmation) {
                return;
            }
            failure = refusal;
            confirmed = refusal == null;
            publishHeld();
        }
        for (var lane : lanes) {
            lane.execute(() -> lane.settle(this, refusal));
        }
    }

    /** What the broadcaster said, where {@code cause} may be how the JDK hands it on. */
    static Throwable refusal(Throwable cause) {
        return cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    }

    /** Whether broadcasts need not wait. */
    boolean isOpen() {
        return open;
    }

    /** Keeps {@code broadcast} until the subscription is settled; false if it is already. */
    boolean hold(Held broadcast) {
        if (open) {
            return false;
        }
        synchronized (lock) {
            return !open && held.add(broadcast);
        }
    }

    /** Publishes what waits; nothing waits from now on. Publishing only puts into a queue, so the lock may be held. */
    void publishHeld() {
        synchronized (lock) {
            for (var next = held.poll(); next != null; next = held.poll()) {
                publish.accept(next);
            }
            open = true;
        }
    }

    /** Takes those that have waited too long. */
    List<Held> takeExpired(long now) {
        synchronized (lock) {
            var expired = new ArrayList<Held>(0);
            while (!held.isEmpty() && now - held.peek().deadlineNanos() >= 0) {
                expired.add(held.poll());
            }
            return expired;
        }
    }
}
