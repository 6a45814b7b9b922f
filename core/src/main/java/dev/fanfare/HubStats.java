package dev.fanfare;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Counters and state of a hub at one instant; counters run from the hub's creation. Immutable.
 *
 * @param connected whether messages flow: every subscription is confirmed on the current connection
 * @param state how the broadcaster stands with its carrier
 * @param downSince since when they do not flow, or null
 * @param reconnects how often messages flowed again after they had not
 * @param sessions open sessions
 * @param channels channels that sessions of this node joined
 * @param broadcastsPending broadcasts whose outcome is not known yet
 * @param broadcastsAcked broadcasts that the carrier took
 * @param broadcastsFailed broadcasts that failed
 * @param broadcastsUncertain broadcasts that the carrier took while it may not have been the master any more
 * @param received messages received from the carrier for this node's sessions
 * @param sent messages handed to sessions and taken by their containers
 * @param dropped messages that an overflow policy or an expiry kept from a session
 * @param disconnectedAsSlow sessions closed because they did not take their messages fast enough
 * @param gaps gaps reported
 * @param unreadable payloads received that were no messages
 * @param skipped events that a codec could not decode, or a renderer or handler threw on
 * @param refilled messages read from the history because they, or some before them, had not arrived
 * @param unpositioned messages of channels with history that arrived with no position, or one that the history does not know
 * @param laneMessages messages waiting for lanes
 * @param inboxMessages messages waiting for codecs, renderers and handlers
 * @param pinnedBytes bytes of messages that some session has not taken yet
 * @param callbacksPending calls of application code that wait for the executor
 * @param callbacksDropped calls of application code that were dropped: too many waited for the listener, or the executor
 *     refused them
 * @param closesPending sessions that are given up and whose container is still closing them
 */
public record HubStats(
        boolean connected,
        Broadcaster.State state,
        @Nullable Instant downSince,
        long reconnects,
        int sessions,
        int channels,
        long broadcastsPending,
        long broadcastsAcked,
        long broadcastsFailed,
        long broadcastsUncertain,
        long received,
        long sent,
        long dropped,
        long disconnectedAsSlow,
        long gaps,
        long unreadable,
        long skipped,
        long refilled,
        long unpositioned,
        long laneMessages,
        long inboxMessages,
        long pinnedBytes,
        long callbacksPending,
        long callbacksDropped,
        long closesPending) {}
