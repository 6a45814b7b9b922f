package dev.fanfare;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the broadcaster tells the hub: hands each message to the lanes that have members, and never blocks. */
final class Inbound implements Receiver {

    private final Settings settings;
    private final Counters counters;
    private final Callbacks callbacks;
    private final Subscriptions subscriptions;
    private final Connectivity connectivity;

    Inbound(
            Settings settings,
            Counters counters,
            Callbacks callbacks,
            Subscriptions subscriptions,
            Connectivity connectivity) {
        this.settings = settings;
        this.counters = counters;
        this.callbacks = callbacks;
        this.subscriptions = subscriptions;
        this.connectivity = connectivity;
    }

    @Override
    public void message(String channel, Message message, @Nullable Position position) {
        if (message.size() > settings.messageBytes()) {
            unreadable(
                    channel,
                    "it has " + message.size() + " bytes, and this hub takes at most " + settings.messageBytes());
            return;
        }
        var subscription = subscriptions.find(channel);
        if (subscription == null) {
            return; // left a moment ago
        }
        counters.received.increment();
        for (var lane : subscription.lanes()) {
            lane.offer(channel, message);
        }
    }

    @Override
    public void gap(Gap gap) {
        counters.gaps.increment();
        callbacks.tell(listener -> listener.gap(gap));
    }

    @Override
    public void uncertain(String channel, long messages, Instant from, Instant to) {
        counters.broadcastsUncertain.add(messages);
        callbacks.tell(listener -> listener.broadcastsUncertain(channel, messages, from, to));
    }

    @Override
    public void unreadable(String channel, String reason) {
        counters.unreadable.increment();
        callbacks.tell(listener -> listener.unreadable(channel, reason));
    }

    @Override
    public void state(Broadcaster.State state, @Nullable BroadcastException cause) {
        connectivity.changed(state, cause);
    }
}
