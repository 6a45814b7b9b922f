package dev.fanfare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one channel on this node that get the same bytes: all that joined it as it is, or all that joined with
 * the same renderer. Anybody may offer; which lanes have members changes within the channel's entry in {@link NodeChannels}.
 */
final class Audience {

    private final NodeChannel channel;
    private final Map<Lane, Integer> counts = new HashMap<>(2);
    private volatile List<Lane> lanes = List.of();

    private final ClientSession.@Nullable Framing framing;
    private final @Nullable Function<Message, @Nullable Message> rendering;

    /** Those that get the messages as they are. */
    Audience(NodeChannel channel) {
        this(channel, null, null);
    }

    /** Those that get what {@code framing} makes of the messages on lanes, or {@code rendering} before. */
    Audience(
            NodeChannel channel,
            ClientSession.@Nullable Framing framing,
            @Nullable Function<Message, @Nullable Message> rendering) {
        this.channel = channel;
        this.framing = framing;
        this.rendering = rendering;
    }

    ClientSession.@Nullable Framing framing() {
        return framing;
    }

    /** What makes what its sessions get of a message of the channel; application code, which may skip it with null. */
    @Nullable
    Function<Message, @Nullable Message> rendering() {
        return rendering;
    }

    NodeChannel channel() {
        return channel;
    }

    /** The lanes that have members, or are about to. */
    List<Lane> lanes() {
        return lanes;
    }

    /** Hands a message to all of them. */
    void offer(Message message, @Nullable Position position) {
        for (var lane : lanes) {
            lane.offer(this, message, position);
        }
    }

    /** The same, but returns a lane that has no room, to come back to; the others may have taken it. */
    @Nullable
    Lane tryOffer(Message message, @Nullable Position position) {
        @Nullable Lane full = null;
        for (var lane : lanes) {
            full = lane.tryOffer(this, message, position) ? full : lane;
        }
        return full;
    }

    /** Messages may be missing before those that come next. */
    void gap(Gap gap) {
        for (var lane : lanes) {
            lane.gap(this, gap);
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
