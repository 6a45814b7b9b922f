package dev.fanfare;

import java.util.Objects;

/**
 * A channel whose messages stand for events of one type: a name and a codec. It is the same channel as the one of that
 * name, so it may be joined, broadcast to and subscribed by either. Immutable.
 *
 * <p>A session that joins with a renderer gets, as text, what the renderer makes of each event on this node. Each message is
 * decoded once for each codec, and rendered once for each renderer, however many sessions there are. What counts is the
 * object: keep codecs and renderers in constants, or each session renders for itself. More than 64 renderers on one
 * channel are warned about, once. The channel itself may be made as often as wanted.
 *
 * <p>Decoding and rendering happen on the hub's {@linkplain Hub.Builder#executor executor}, one message of a channel at a
 * time: a slow renderer delays its own channel only, and order is kept. What does not fit into {@link
 * Hub.Builder#laneQueue} meanwhile is a gap of {@link Gap.Reason#RENDERER_OVERFLOW}. An event that the codec cannot
 * decode, or that a renderer throws on, is skipped for those concerned, see {@link HubListener#skipped}. A session that
 * joins may get events that arrived shortly before and were still being rendered.
 *
 * @param name the channel's name
 * @param codec what makes messages of events, and events of messages
 * @param <T> the type of the events
 */
public record Channel<T>(String name, Codec<T> codec) {

    /**
     * Refuses what cannot be.
     *
     * @throws IllegalArgumentException if {@code name} could not be the name of a channel
     */
    public Channel {
        ChannelName.check(name);
        Objects.requireNonNull(codec, "codec");
    }

    /**
     * The channel {@code name} with the events of {@code codec}.
     *
     * @throws IllegalArgumentException if {@code name} is empty, longer than 512 bytes of UTF-8, or has control characters
     */
    public static <T> Channel<T> of(String name, Codec<T> codec) {
        return new Channel<>(name, codec);
    }
}
