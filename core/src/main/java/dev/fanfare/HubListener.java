package dev.fanfare;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an application may wish to know. Called on the hub's {@linkplain Hub.Builder#executor executor}, one call at a
 * time and in order; a call may block without delaying a message. At most 65,536 calls wait; further ones are counted
 * in {@link HubStats#callbacksDropped()}.
 */
public interface HubListener {

    /** Messages of {@code channel} were not sent to a session because its outbox was full. */
    default void dropped(String sessionId, String channel, long messages) {}

    /** A session was closed with 1013 because it did not take its messages fast enough; {@code reason} says how. */
    default void disconnectedAsSlow(String sessionId, String reason) {}

    /** A broadcast failed, whether or not anyone looks at its future. */
    default void broadcastFailed(String channel, BroadcastException cause) {}

    /** The broadcaster lost its carrier and is trying to reach it. Once per episode. */
    default void broadcasterDown(BroadcastException cause) {}

    /** Every subscription is confirmed: for the first time, or again. */
    default void broadcasterUp() {}

    /**
     * Broadcasts of this node to {@code channel} between two moments may have reached nobody although they were answered
     * with a receipt: the server that took them turned out not to be the master any more.
     */
    default void broadcastsUncertain(String channel, long messages, Instant from, Instant to) {}

    /**
     * The broadcaster's state changed; {@code cause} explains {@link Broadcaster.State#DOWN} and
     * {@link Broadcaster.State#BACKOFF}. Every step of every attempt; {@link #broadcasterDown} and {@link #broadcasterUp}
     * are the two that matter.
     */
    default void broadcasterState(Broadcaster.State state, @Nullable BroadcastException cause) {}

    /** Messages may have been lost on this node. */
    default void gap(Gap gap) {}

    /** Bytes arrived on {@code channel} that are no message, and were skipped. */
    default void unreadable(String channel, String reason) {}

    /**
     * An event of a typed channel was skipped: its codec could not decode it, which all renderers and typed handlers of
     * that codec are spared, or a renderer or a handler threw, which concerns nobody else.
     *
     * @param position where it stands in the channel's history, if there is one
     * @param cause what the codec, the renderer or the handler threw; its message may quote the event
     */
    default void skipped(String channel, @Nullable Position position, Throwable cause) {}
}
