package dev.fanfare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes a channel when the first session of this node joins it, and gives it up when the last one has left, unless
 * it is kept. Every further join asks the broadcaster again, because the connection that confirmed may have ended.
 * Thread-safe: what is done to one channel is done in one order, because the map locks its entry meanwhile.
 */
final class Subscriptions {

    private final Broadcaster broadcaster;
    private final BiConsumer<String, Subscription.Held> publish;
    private final ConcurrentHashMap<String, Subscription> byChannel = new ConcurrentHashMap<>();

    Subscriptions(Broadcaster broadcaster, BiConsumer<String, Subscription.Held> publish) {
        this.broadcaster = broadcaster;
        this.publish = publish;
    }

    /** The channel's subscription, with one more session on {@code lane}. */
    Subscription acquire(String channel, Lane lane) {
        return subscribe(channel, subscription -> subscription.acquire(lane));
    }

    /** Keeps the channel's subscription for ever, unless it is refused; completes when the broadcaster has answered. */
    CompletableFuture<?> keep(String channel) {
        var subscription = subscribe(channel, Subscription::keep);
        var confirmation = subscription.awaited();
        confirmation.whenComplete((done, cause) -> {
            if (cause != null) {
                release(subscription, Subscription::keepNoLonger);
            }
        });
        return confirmation;
    }

    private Subscription subscribe(String channel, Consumer<Subscription> use) {
        var asked = new ArrayList<CompletableFuture<Void>>(1);
        var subscription = byChannel.compute(channel, (name, known) -> {
            if (known == null) {
                var made = new Subscription(name, held -> publish.accept(name, held));
                ask(made, asked);
                use.accept(made);
                return made;
            }
            if (known.isSettled()) {
                ask(known, asked);
            }
            use.accept(known);
            return known;
        });
        for (var confirmation : asked) { // not within the map's lock
            confirmation.whenComplete((done, cause) -> subscription.settle(confirmation, cause));
        }
        return subscription;
    }

    private void ask(Subscription subscription, List<CompletableFuture<Void>> asked) {
        var confirmation = broadcaster.subscribe(subscription.channel());
        boolean stillInForce =
                subscription.isConfirmed() && confirmation.isDone() && !confirmation.isCompletedExceptionally();
        if (!stillInForce) {
            subscription.await(confirmation);
            asked.add(confirmation);
        }
    }

    /** One session less on {@code lane}. */
    void release(Subscription subscription, Lane lane) {
        release(subscription, used -> used.release(lane));
    }

    private void release(Subscription subscription, Predicate<Subscription> end) {
        byChannel.computeIfPresent(subscription.channel(), (name, known) -> {
            if (!end.test(subscription) || known != subscription) {
                return known;
            }
            broadcaster.unsubscribe(name);
            known.publishHeld(); // nobody who could see them is left to wait for
            return null;
        });
    }

    @Nullable
    Subscription find(String channel) {
        return byChannel.get(channel);
    }

    /** A view that changes with the subscriptions. */
    Collection<Subscription> all() {
        return byChannel.values();
    }
}
