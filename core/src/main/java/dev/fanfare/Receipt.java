package dev.fanfare;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the broadcaster was answered to one publish. Immutable. */
public final class Receipt {

    private final long receivers;
    private final @Nullable Position position;

    /** A receipt for a message that {@code receivers} connections were handed. */
    public Receipt(long receivers, @Nullable Position position) {
        this.receivers = receivers;
        this.position = position;
    }

    /**
     * How many subscribed connections the message was handed to: nodes, not sessions. Any {@code redis-cli SUBSCRIBE}
     * counts too; on a Redis Cluster it is the number that one Redis node saw. Zero while this node is subscribed to the
     * channel is a sign of a split path.
     */
    public long receivers() {
        return receivers;
    }

    /** Where the message stands in the channel's history, if the channel has one. */
    public Optional<Position> position() {
        return Optional.ofNullable(position);
    }

    @Override
    public String toString() {
        return "Receipt[receivers=" + receivers + (position == null ? "" : ", position=" + position) + "]";
    }
}
