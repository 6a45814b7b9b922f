package dev.fanfare;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One codec of one channel, and who wants the events that it decodes. Who that is changes within the channel's entry in
 * {@link NodeChannels}; events come one at a time.
 */
final class Decoder<T> {

    /** What one renderer makes of the events, and for whom. */
    record Rendering<T>(Function<? super T, String> renderer, Audience audience) {}

    private final NodeChannel channel;
    private final Codec<T> codec;
    private final ApplicationCode code;
    private volatile List<Rendering<T>> renderings = List.of();
    private volatile List<Handler<T>> handlers = List.of();

    Decoder(NodeChannel channel, Codec<T> codec, ApplicationCode code) {
        this.channel = channel;
        this.codec = codec;
        this.code = code;
    }

    Codec<T> codec() {
        return codec;
    }

    List<Rendering<T>> renderings() {
        return renderings;
    }

    List<Handler<T>> handlers() {
        return handlers;
    }

    boolean isEmpty() {
        return renderings.isEmpty() && handlers.isEmpty();
    }

    /** Decodes a message and hands on what it stands for, or skips it. */
    void take(Message message, @Nullable Position position) {
        T event;
        try {
            event = Objects.requireNonNull(codec.decode(message), "the codec returned null");
        } catch (Throwable t) { // application code may throw anything
            code.skipped(channel.name(), position, "codec", t);
            return;
        }
        for (var rendering : renderings) {
            render(rendering, event, message, position);
        }
        for (var handler : handlers) {
            handler.offer(event, message.size(), position);
        }
    }

    private void render(Rendering<T> rendering, T event, Message message, @Nullable Position position) {
        Message rendered;
        try {
            var text = Objects.requireNonNull(rendering.renderer().apply(event), "the renderer returned null");
            rendered = code.checkSize(Message.text(text).with(message.attributes()));
        } catch (Throwable t) { // application code may throw anything
            code.skipped(channel.name(), position, "renderer", t);
            return;
        }
        rendering.audience().offer(rendered, position);
    }

    /** What a session gets for a message of the history; null if it is skipped. */
    private @Nullable Message replayed(Function<? super T, String> renderer, Message message) {
        try {
            var event = Objects.requireNonNull(codec.decode(message), "the codec returned null");
            var text = Objects.requireNonNull(renderer.apply(event), "the renderer returned null");
            return code.checkSize(Message.text(text).with(message.attributes()));
        } catch (Throwable t) { // application code may throw anything
            code.skipped(channel.name(), null, "codec or renderer", t);
            return null;
        }
    }

    void gap(Gap gap) {
        renderings.forEach(rendering -> rendering.audience().gap(gap));
        handlers.forEach(handler -> handler.gap(gap));
    }

    /** Those who joined with this very object. */
    Audience audience(Function<? super T, String> renderer) {
        for (var known : renderings) {
            if (known.renderer() == renderer) {
                return known.audience();
            }
        }
        var made = new Rendering<T>(renderer, new Audience(channel, null, message -> replayed(renderer, message)));
        var more = new ArrayList<>(renderings);
        more.add(made);
        renderings = List.copyOf(more);
        return made.audience();
    }

    void add(Handler<T> handler) {
        var more = new ArrayList<>(handlers);
        more.add(handler);
        handlers = List.copyOf(more);
    }

    void remove(Handler<?> handler) {
        handlers = handlers.stream().filter(known -> known != handler).toList();
    }

    void removeUnused() {
        renderings = renderings.stream()
                .filter(rendering -> !rendering.audience().isEmpty())
                .toList();
    }
}
