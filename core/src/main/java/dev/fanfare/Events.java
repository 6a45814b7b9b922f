package dev.fanfare;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The events of one channel on this node: each message is decoded once for each codec, rendered once for each renderer,
 * and handed to handlers, in order, on the executor. So a slow codec or renderer delays its own channel only. Who is there
 * changes within the channel's entry in {@link NodeChannels}; the rest is thread-safe.
 */
final class Events {

    private final NodeChannel channel;
    private final ApplicationCode code;
    private final Inbox inbox;
    private volatile List<Decoder<?>> decoders = List.of();

    Events(NodeChannel channel, ApplicationCode code) {
        this.channel = channel;
        this.code = code;
        this.inbox = code.inbox(channel.name(), Gap.Reason.RENDERER_OVERFLOW, this::gap);
    }

    Inbox inbox() {
        return inbox;
    }

    List<Decoder<?>> decoders() {
        return decoders;
    }

    boolean isEmpty() {
        return decoders.isEmpty();
    }

    /** A message came. */
    void offer(Message message, @Nullable Position position) {
        if (!isEmpty()) {
            inbox.offer(message.size(), () -> decoders.forEach(decoder -> decoder.take(message, position)));
        }
    }

    /** Messages may be missing before those that come next. */
    void gap(Gap gap) {
        if (!isEmpty()) {
            inbox.execute(() -> decoders.forEach(decoder -> decoder.gap(gap)));
        }
    }

    /** Those who get what {@code renderer} makes of the events. */
    <T> Audience audience(Codec<T> codec, Function<? super T, String> renderer) {
        var audience = decoder(codec).audience(renderer);
        code.renderers(
                channel.name(),
                decoders.stream()
                        .mapToInt(decoder -> decoder.renderings().size())
                        .sum());
        return audience;
    }

    <T> void add(Codec<T> codec, Handler<T> handler) {
        decoder(codec).add(handler);
    }

    void remove(Handler<?> handler) {
        decoders.forEach(decoder -> decoder.remove(handler));
        removeUnused();
    }

    /** Lets renderings and codecs go that nobody needs any more. */
    void removeUnused() {
        decoders.forEach(Decoder::removeUnused);
        decoders = decoders.stream().filter(decoder -> !decoder.isEmpty()).toList();
    }

    /** By identity: equals of a codec would be application code, and run while the channel is locked. */
    @SuppressWarnings("unchecked") // the decoder was made for that very codec
    private <T> Decoder<T> decoder(Codec<T> codec) {
        for (var decoder : decoders) {
            if (decoder.codec() == codec) {
                return (Decoder<T>) decoder;
            }
        }
        var made = new Decoder<>(channel, codec, code);
        var more = new ArrayList<>(decoders);
        more.add(made);
        decoders = List.copyOf(more);
        return made;
    }
}
