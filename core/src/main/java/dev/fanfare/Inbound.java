package dev.fanfare;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the broadcaster tells the hub: hands each message to the channel's sessions and handlers, and never blocks. */
final class Inbound implements Receiver {

    private final Settings settings;
    private final Counters counters;
    private final Callbacks callbacks;
    private final ApplicationCode code;
    private final NodeChannels channels;
    private final Connectivity connectivity;

    Inbound(
            Settings settings,
            Counters counters,
            Callbacks callbacks,
            ApplicationCode code,
            NodeChannels channels,
            Connectivity connectivity) {
        this.settings = settings;
        this.counters = counters;
        this.callbacks = callbacks;
        this.code = code;
        this.channels = channels;
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
        var known = channels.find(channel);
        if (known == null) {
            return; // left a moment ago
        }
        counters.received.increment();
        known.deliver(message, position);
    }

    @Override
    public void gap(Gap gap) {
        var known = channels.find(gap.channel());
        if (known != null) {
            known.gap(gap);
        } else {
            code.report(gap);
        }
    }

    @Override
    public void uncertain(String channel, long messages, Instant from, Instant to) {
        counters.broadcastsUncertain.add(messages);
        callbacks.tell(listener -> listener.broadcastsUncertain(channel, messages, from, to));
    }

    @Override
    public void unreadable(String channel, String reason) {
        code.unreadable(channel, reason);
    }

    @Override
    public void state(Broadcaster.State state, @Nullable BroadcastException cause) {
        connectivity.changed(state, cause);
    }
}
