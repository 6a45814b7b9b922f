package dev.fanfare.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** One command to Redis on the subscriber's connection, whose answers are to come. */
final class Command {

    enum Kind {
        SUBSCRIBE,
        UNSUBSCRIBE,
        PING
    }

    final Kind kind;
    final List<Subscription> subscriptions;

    /** When it was handed to the writer. */
    final long writtenNanos;

    /** How many of its channels were answered; only the reader counts, under the lock of {@link Subscriptions}. */
    int answered;

    Command(Kind kind, List<Subscription> subscriptions, long writtenNanos) {
        this.kind = kind;
        this.subscriptions = subscriptions;
        this.writtenNanos = writtenNanos;
    }

    void addTo(CommandBuffer buffer, boolean sharded) {
        var arguments = new byte[subscriptions.size() + 1][];
        arguments[0] =
                (sharded && kind != Kind.PING ? "S" + kind.name() : kind.name()).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < subscriptions.size(); i++) {
            arguments[i + 1] = subscriptions.get(i).wire;
        }
        buffer.add(arguments);
    }
}
