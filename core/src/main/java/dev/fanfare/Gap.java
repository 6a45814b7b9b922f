package dev.fanfare;

import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Messages of a channel may have been lost on this node between two moments. Immutable.
 *
 * @param channel the channel
 * @param from the last moment at which delivery was proven end to end: by a message of this node that came back to it,
 *     never by a mere reply
 * @param to the moment from which delivery is certain again
 * @param reason why
 * @param lost how many messages were lost, where that is known
 */
public record Gap(String channel, Instant from, Instant to, Reason reason, OptionalLong lost) {

    /** Why messages may be missing. */
    public enum Reason {
        /** The connection to the carrier ended and was made anew. */
        RECONNECT,
        /** The carrier ended the connection while this node had long not read what waited there for it. */
        CUT_OFF,
        /** Another server has become the carrier's master, or in a cluster the master of the channel's slot. */
        FAILOVER,
        /** The connection was alive, and nothing came through it. */
        DEAF,
        /** Messages came faster than this node could hand them to its sessions. */
        LANE_OVERFLOW,
        /** Events came faster than the channel's codec and renderers took them: for sessions that joined with a renderer. */
        RENDERER_OVERFLOW,
        /** Messages came faster than a handler took them: for that handler. */
        HANDLER_OVERFLOW,
        /** On a channel with history: the messages are no longer kept, for their number or age. */
        HISTORY_TRIMMED,
        /** On a channel with history: the carrier lost a part of it, or all, for instance in a failover. */
        HISTORY_LOST
    }

    /** Refuses nulls. */
    public Gap {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(lost, "lost");
    }
}
