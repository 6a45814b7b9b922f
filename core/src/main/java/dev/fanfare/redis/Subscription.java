package dev.fanfare.redis;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How one channel stands. Everything that changes is guarded by the lock of the {@link Subscriptions} that has it.
 *
 * <pre>
 *  (absent) ──subscribe──► WANTED ──written──► SENT ──confirmed──► ACKED ◄─subscribe─┐
 *                            ▲  ▲                │                   └──unsubscribe──► LINGERING
 *                            │  └──────────── subscribe ◄──────────────── LEAVING ◄──written──┘
 *                            └─ connection lost: what is wanted             └──confirmed──► (absent)
 * </pre>
 */
final class Subscription {

    enum Phase {
        /** To be subscribed as soon as there is a connection to write to. */
        WANTED,
        /** SUBSCRIBE is written. If nobody wants it any more when it is confirmed, it lingers. */
        SENT,
        /** Confirmed: messages come. */
        ACKED,
        /** Confirmed, given up, and kept for a while in case it is wanted again. */
        LINGERING,
        /** UNSUBSCRIBE is written. */
        LEAVING
    }

    final String channel;
    final byte[] wire;

    Phase phase = Phase.WANTED;

    /** Whether somebody still wants it. */
    boolean wanted = true;

    /** Whether somebody was told that messages come. */
    boolean told;

    /** In a cluster: it is to be left here as soon as possible, because another server has its slot. */
    boolean moved;

    /** Refused together with others: the next SUBSCRIBE has this channel alone, to find the one that is to blame. */
    boolean alone;

    /** Whether the connection becomes live only when this one is confirmed. */
    boolean awaited;

    /** The newest command about it; the answer to any earlier one says nothing any more. */
    @Nullable
    Command command;

    /** When it is to be left, while {@link Phase#LINGERING}. */
    long lingerUntil;

    /** Completes with the confirmation, if somebody waits for it. */
    @Nullable
    CompletableFuture<Void> confirmation;

    /** Since when messages may be missing and why, if it was confirmed on a connection that ended. */
    @Nullable
    Loss loss;

    Subscription(String channel, byte[] wire) {
        this.channel = channel;
        this.wire = wire;
    }
}
