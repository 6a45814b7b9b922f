package dev.fanfare;

import java.util.concurrent.CompletableFuture;

/**
 * Carries messages between nodes, in one order per channel. One broadcaster serves one hub, which starts and closes it.
 *
 * <p>Implementations are thread-safe, and no method but {@link #close} blocks. The futures complete on the
 * broadcaster's own threads: what is chained to them must not block. Applications do not meet them; the hub hands its
 * own futures out.
 *
 * <p>This interface does not grow: an ability that not every broadcaster has is a port of its own.
 */
public interface Broadcaster extends AutoCloseable {

    /** How a broadcaster stands with its carrier. */
    enum State {
        /** Opening a connection. */
        CONNECTING,
        /** Connected; the subscriptions are being confirmed. */
        SUBSCRIBING,
        /** Every subscription is confirmed: messages flow. */
        LIVE,
        /** The connection has just ended. */
        DOWN,
        /** Waiting before the next attempt. */
        BACKOFF,
        /** Closed for good. */
        CLOSED
    }

    /**
     * Begins to carry messages to {@code receiver}, and returns at once, also when the carrier cannot be reached: the
     * broadcaster keeps trying and says so through {@link Receiver#state}.
     *
     * @throws IllegalStateException if it was started before: one broadcaster serves one hub
     */
    void start(Receiver receiver);

    /**
     * Hands {@code message} to every node that is subscribed to {@code channel}, this one included. Publishes of one
     * thread keep that thread's order as long as their outcome is a receipt.
     *
     * @return completes with what the carrier answered, or fails with a {@link BroadcastException}: within the publish
     *     timeout while the carrier is down, at once with {@link BroadcastException.QueueFull} when too much waits
     */
    CompletableFuture<Receipt> publish(String channel, Message message);

    /**
     * Asks for the messages of {@code channel}. Asking again for a channel that is subscribed, or about to be, is free.
     *
     * @return completes when the subscription is confirmed on the current connection: every message accepted from then
     *     on is received. Stays pending while the carrier is down; fails with {@link BroadcastException.Refused} if it
     *     refuses the channel, and is cancelled by {@link #unsubscribe} and {@link #close}
     */
    CompletableFuture<Void> subscribe(String channel);

    /**
     * Gives the messages of {@code channel} up. They may keep coming for a few seconds, because a channel that was left
     * is often joined again.
     */
    void unsubscribe(String channel);

    /**
     * Publishes what waits, for at most a few seconds, then stops receiving and gives every thread and connection back.
     * Closing again does nothing.
     */
    @Override
    void close();
}
