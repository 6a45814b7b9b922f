package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One slot of a cluster: which server has it, and what waits for whoever has it next. Thread-safe; nothing is completed or
 * reported under its lock.
 *
 * <h2>Messages keep their order</h2>
 *
 * <p>All messages of a slot that are out are with one server, {@link #taking}. What that server sends back, because it does not
 * have the slot any more, is known not to be delivered; it waits in the order of its acceptance, and so does everything
 * new, until nothing is out any more. Then everything goes to the owner. What was overtaken meanwhile, because the slot
 * came back in between, fails.
 *
 * <h2>Channels are subscribed at one server at a time</h2>
 *
 * <p>One that has to go stays where it is until it is {@linkplain SlotSubscriptions released} there. Nobody else subscribes it
 * before.
 */
final class Slot {

    private final int number;
    private final Cluster cluster;

    @GuardedBy("this")
    private @Nullable Shard owner;

    /** Where channels still are that have to go. */
    @GuardedBy("this")
    private final Map<String, Shard> leaving = new HashMap<>();

    /** Channels that nobody has. */
    @GuardedBy("this")
    private final Map<String, Subscription> homeless = new HashMap<>();

    @GuardedBy("this")
    private final PriorityQueue<Publication> waiting =
            new PriorityQueue<>(Comparator.comparingLong((Publication p) -> p.sequence));

    @GuardedBy("this")
    private @Nullable Shard taking;

    @GuardedBy("this")
    private int out;

    @GuardedBy("this")
    private long sequence;

    @GuardedBy("this")
    private long lastAcked;

    /** The owner has sent something back: there is no point in trying before somebody knows better. */
    @GuardedBy("this")
    private boolean blocked;

    Slot(int number, Cluster cluster, @Nullable Shard owner) {
        this.number = number;
        this.cluster = cluster;
        this.owner = owner;
    }

    void publish(Publication publication) {
        publication.outcome.whenComplete((receipt, failure) -> left(publication, failure == null));
        List<Runnable> afterwards = new ArrayList<>(1);
        synchronized (this) {
            publication.sequence = ++sequence;
            if (!blocked && waiting.isEmpty() && owner != null && taking == owner) {
                hand(publication, owner, afterwards);
            } else if (cluster.mayWait(publication)) {
                waiting.add(publication);
                advance(afterwards);
            } else {
                afterwards.add(() -> publication.outcome.completeExceptionally(cluster.full()));
            }
        }
        afterwards.forEach(Runnable::run);
    }

    @GuardedBy("this")
    private void hand(Publication publication, Shard to, List<Runnable> afterwards) {
        publication.out = true;
        out++;
        var refused = to.publisher().offer(publication);
        if (refused != null) {
            publication.out = false;
            out--;
            afterwards.add(() -> publication.outcome.completeExceptionally(refused));
        }
    }

    /** Hands on what waits, if that may be. */
    @GuardedBy("this")
    private void advance(List<Runnable> afterwards) {
        var to = owner;
        if (to == null || blocked || out > 0) {
            return;
        }
        var before = taking;
        if (before != null && before != to) {
            afterwards.add(() -> before.publisher().reportUncertain(channel -> cluster.slot(channel) == number));
        }
        taking = to;
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            var publication = next;
            cluster.waitsNoMore(publication);
            if (publication.sequence < lastAcked) {
                afterwards.add(() -> publication.outcome.completeExceptionally(new BroadcastException(
                        "not published: its slot changed its server twice, and later messages overtook it")));
            } else if (!publication.outcome.isDone()) {
                hand(publication, to, afterwards);
            }
        }
    }

    private void left(Publication publication, boolean acked) {
        List<Runnable> afterwards = new ArrayList<>(0);
        synchronized (this) {
            if (acked) {
                lastAcked = Math.max(lastAcked, publication.sequence);
            }
            if (publication.out) {
                publication.out = false;
                out--;
                if (out == 0) {
                    advance(afterwards);
                }
            }
        }
        afterwards.forEach(Runnable::run);
    }

    /** A server did not take it. */
    void returned(Publication publication) {
        List<Runnable> afterwards = new ArrayList<>(0);
        synchronized (this) {
            if (publication.out) {
                publication.out = false;
                out--;
            }
            if (!publication.outcome.isDone()) {
                cluster.waits(publication);
                waiting.add(publication);
            }
            blocked |= taking == owner;
            if (out == 0) {
                advance(afterwards);
            }
        }
        afterwards.forEach(Runnable::run);
    }

    /** Fails what waits and was due before {@code now}. */
    void expire(long now, BroadcastException failure) {
        List<Publication> expired = new ArrayList<>();
        synchronized (this) {
            waiting.removeIf(p -> p.deadlineNanos - now <= 0 && expired.add(p));
        }
        expired.forEach(publication -> {
            cluster.waitsNoMore(publication);
            publication.outcome.completeExceptionally(failure);
        });
    }

    CompletableFuture<Void> subscribe(String channel) {
        synchronized (this) {
            var still = leaving.get(channel);
            var there = still == null ? null : still.subscriptions().subscribeLeaving(channel);
            if (there != null) {
                return there;
            }
            leaving.remove(channel);
            var waits = homeless.get(channel);
            if (waits == null && owner != null) {
                return owner.subscriptions().subscribe(channel);
            }
            if (waits == null) {
                waits = new Subscription(channel, cluster.wire(channel));
                keep(waits);
            }
            if (waits.confirmation == null) {
                waits.confirmation = new CompletableFuture<>();
            }
            return waits.confirmation;
        }
    }

    /** Returns the future to cancel, without the lock. */
    @Nullable
    CompletableFuture<Void> unsubscribe(String channel) {
        synchronized (this) {
            var waits = homeless.remove(channel);
            if (waits != null) {
                cluster.housed();
                return waits.confirmation;
            }
            var still = leaving.get(channel);
            var there = still == null ? null : still.subscriptions().unsubscribe(channel);
            var here = owner == null ? null : owner.subscriptions().unsubscribe(channel);
            return here == null ? there : here;
        }
    }

    @GuardedBy("this")
    private void keep(Subscription subscription) {
        homeless.put(subscription.channel, subscription);
        cluster.homeless();
    }

    /** {@code from} will let {@code channel} go soon. */
    synchronized void leaving(String channel, Shard from) {
        leaving.put(channel, from);
    }

    /** {@code from} has let it go. */
    synchronized void released(Shard from, Subscription subscription) {
        leaving.remove(subscription.channel, from);
        if (!subscription.wanted) {
            return;
        }
        if (owner != null && owner != from) {
            owner.subscriptions().adopt(subscription);
        } else {
            keep(subscription);
        }
    }

    /** Another server has it from now on, or nobody. */
    synchronized void owner(@Nullable Shard next) {
        owner = next;
    }

    /** What is known of the cluster is fresh: what waits may try. */
    void resume() {
        List<Runnable> afterwards = new ArrayList<>(0);
        synchronized (this) {
            blocked = false;
            advance(afterwards);
            if (owner != null) {
                for (var subscription : homeless.values()) {
                    owner.subscriptions().adopt(subscription);
                    cluster.housed();
                }
                homeless.clear();
            }
        }
        afterwards.forEach(Runnable::run);
    }

    /** Returns everybody who waits for a channel. */
    synchronized List<CompletableFuture<Void>> close() {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (var subscription : homeless.values()) {
            if (subscription.confirmation != null) {
                futures.add(subscription.confirmation);
            }
        }
        homeless.clear();
        return futures;
    }
}
