package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes broadcasts and settles their outcome. A broadcast to a channel that sessions of this node are just joining
 * waits until the subscription is confirmed, so that they see it. Thread-safe; nothing blocks.
 */
final class Broadcasts {

    private static final Logger LOG = System.getLogger(Broadcasts.class.getName());

    /** So many broadcasts may wait for a subscription, the same as a broadcaster's queue takes by default. */
    private static final int MAX_HELD = 65_536;

    private static final long MAX_HELD_BYTES = 64L << 20;

    private final Broadcaster broadcaster;
    private final Settings settings;
    private final Counters counters;
    private final Callbacks callbacks;
    private final Connectivity connectivity;
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicBoolean failing = new AtomicBoolean();

    Broadcasts(
            Broadcaster broadcaster,
            Settings settings,
            Counters counters,
            Callbacks callbacks,
            Connectivity connectivity) {
        this.broadcaster = broadcaster;
        this.settings = settings;
        this.counters = counters;
        this.callbacks = callbacks;
        this.connectivity = connectivity;
    }

    CompletableFuture<Receipt> broadcast(String channel, Message message, @Nullable NodeChannel known) {
        counters.broadcastsPending.incrementAndGet();
        var outcome = new CompletableFuture<Receipt>();
        if (known == null || !hold(channel, message, known, outcome)) {
            publish(channel, message, outcome);
        }
        return outcome;
    }

    private boolean hold(String channel, Message message, NodeChannel known, CompletableFuture<Receipt> outcome) {
        if (known.isOpen()) {
            return false;
        }
        int count = held.incrementAndGet();
        long bytes = heldBytes.addAndGet(message.size());
        boolean room = count <= MAX_HELD && bytes <= MAX_HELD_BYTES;
        long deadline = System.nanoTime() + settings.broadcastTimeout().toNanos();
        if (room && known.hold(new NodeChannel.Held(message, outcome, deadline))) {
            return true;
        }
        letGo(message);
        if (!room && !known.isOpen()) {
            settle(
                    channel,
                    outcome,
                    null,
                    new BroadcastException.QueueFull(MAX_HELD + " messages or " + MAX_HELD_BYTES
                            + " bytes wait for channels whose subscription is not confirmed yet; channel " + channel));
            return true;
        }
        return false;
    }

    private void letGo(Message message) {
        held.decrementAndGet();
        heldBytes.addAndGet(-message.size());
    }

    /** The subscription is settled: publishes what waited for it. */
    void publishHeld(String channel, NodeChannel.Held broadcast) {
        letGo(broadcast.message());
        publish(channel, broadcast.message(), broadcast.outcome());
    }

    /** Fails what has waited for too long. On the timer. */
    void expire(NodeChannels channels, long now) {
        if (held.get() == 0) {
            return;
        }
        for (var channel : channels.all()) {
            for (var late : channel.takeExpired(now)) {
                letGo(late.message());
                settle(channel.name(), late.outcome(), null, expired(channel.name()));
            }
        }
    }

    private BroadcastException expired(String channel) {
        var text = "not published within " + settings.broadcastTimeout().toMillis() + " ms and given up: this node is"
                + " subscribing to channel " + channel + ", which is not confirmed yet";
        var cause = connectivity.cause();
        if (cause == null) {
            return new BroadcastException(text);
        }
        text += "; " + cause.getMessage();
        return cause instanceof BroadcastException.Misconfigured
                ? new BroadcastException.Misconfigured(text, cause)
                : new BroadcastException(text, cause);
    }

    private void publish(String channel, Message message, CompletableFuture<Receipt> outcome) {
        CompletableFuture<Receipt> published;
        try {
            published = broadcaster.publish(channel, message);
        } catch (RuntimeException e) { // a broadcaster that breaks its contract must not take its caller along
            settle(channel, outcome, null, e);
            return;
        }
        published.whenComplete((receipt, cause) -> settle(channel, outcome, receipt, cause));
    }

    private void settle(
            String channel, CompletableFuture<Receipt> outcome, @Nullable Receipt receipt, @Nullable Throwable cause) {
        counters.broadcastsPending.decrementAndGet();
        if (receipt != null) {
            counters.broadcastsAcked.increment();
            if (failing.get()) {
                failing.set(false);
            }
            callbacks.complete(channel, outcome, receipt);
            return;
        }
        var failure = failure(cause);
        counters.broadcastsFailed.increment();
        if (failing.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "Node {0}: a broadcast to channel {1} failed: {2}",
                    settings.node(),
                    channel,
                    failure.getMessage());
        }
        callbacks.tell(listener -> listener.broadcastFailed(channel, failure));
        callbacks.fail(channel, outcome, failure);
    }

    private static BroadcastException failure(@Nullable Throwable cause) {
        var direct = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        return direct instanceof BroadcastException known
                ? known
                : new BroadcastException("the broadcaster failed: " + direct, direct);
    }
}
