package dev.fanfare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sessions of one channel on this node that get the same bytes: all that joined it as it is, or all that joined with
 * the same renderer. Anybody may offer; which lanes have members changes within the channel's entry in {@link NodeChannels}.
 */
final class Audience {

    private final NodeChannel channel;
    private final Map<Lane, Integer> counts = new HashMap<>(2);
    private volatile List<Lane> lanes = List.of();

    Audience(NodeChannel channel) {
        this.channel = channel;
    }

    NodeChannel channel() {
        return channel;
    }

    /** The lanes that have members, or are about to. */
    List<Lane> lanes() {
        return lanes;
    }

    /** Hands a message to all of them. */
    void offer(Message message) {
        for (var lane : lanes) {
            lane.offer(this, message);
        }
    }

    /** One session more. */
    void acquire(Lane lane) {
        if (counts.merge(lane, 1, Integer::sum) == 1) {
            lanes = List.copyOf(counts.keySet());
        }
    }

    /** One session less. */
    void release(Lane lane) {
        if (counts.computeIfPresent(lane, (l, count) -> count == 1 ? null : count - 1) == null) {
            lanes = List.copyOf(counts.keySet());
        }
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }
}
