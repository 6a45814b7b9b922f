package dev.fanfare;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The inbound half of a {@link Broadcaster}: what it tells its hub.
 *
 * <p>The broadcaster calls it in the order in which things happened, one call at a time for each channel, on its own
 * threads. Implementations must not block, or the carrier will cut the connection and lose what it had queued for it.
 */
public interface Receiver {

    /** A message arrived on {@code channel}; {@code position} is where it stands in the history, if there is one. */
    void message(String channel, Message message, @Nullable Position position);

    /** Messages may have been lost. Comes before the messages that follow the gap. */
    void gap(Gap gap);

    /**
     * Messages that this node published to {@code channel} between two moments, and whose outcome was a receipt, may have
     * reached nobody: the server that took them turned out not to be the master any more. Comes at any time between the
     * other calls.
     */
    void uncertain(String channel, long messages, Instant from, Instant to);

    /** Bytes arrived on {@code channel} that are no message; {@code reason} says what is wrong with them. */
    void unreadable(String channel, String reason);

    /**
     * The broadcaster's state changed. {@code cause} explains {@link Broadcaster.State#DOWN} and
     * {@link Broadcaster.State#BACKOFF}: a {@link BroadcastException.Misconfigured} if waiting will not help.
     */
    void state(Broadcaster.State state, @Nullable BroadcastException cause);
}
