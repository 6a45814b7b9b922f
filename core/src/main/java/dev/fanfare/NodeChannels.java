package dev.fanfare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes a channel when the first session or handler of this node wants it, and gives it up when the last one has left,
 * unless it is kept. Every further one asks the broadcaster again, because the connection that confirmed may have ended.
 * Thread-safe: what is done to one channel is done in one order, because the map locks its entry meanwhile.
 */
final class NodeChannels {

    private final Broadcaster broadcaster;
    private final ApplicationCode code;
    private final Continuity.@Nullable Shared history;
    private final BiConsumer<String, NodeChannel.Held> publish;
    private final ConcurrentHashMap<String, NodeChannel> byName = new ConcurrentHashMap<>();

    NodeChannels(
            Broadcaster broadcaster,
            ApplicationCode code,
            Continuity.@Nullable Shared history,
            BiConsumer<String, NodeChannel.Held> publish) {
        this.broadcaster = broadcaster;
        this.code = code;
        this.history = history;
        this.publish = publish;
    }

    /** Those who get the channel's messages as they are, with one more session on {@code lane}. */
    Audience acquire(String channel, Lane lane) {
        return use(channel, used -> used.acquire(lane));
    }

    /** Those who get what {@code renderer} makes of the channel's events, with one more session on {@code lane}. */
    <T> Audience acquire(Channel<T> channel, Function<? super T, String> renderer, Lane lane) {
        return use(channel.name(), used -> used.acquire(channel.codec(), renderer, lane));
    }

    /** Those who get what {@code framing} makes of the channel's messages, with one more session on {@code lane}. */
    Audience acquire(String channel, ClientSession.Framing framing, Lane lane) {
        return use(channel, used -> used.acquire(framing, lane));
    }

    /** One session less on {@code lane}. */
    void release(Audience audience, Lane lane) {
        release(audience.channel(), used -> used.release(audience, lane));
    }

    /** Keeps the channel's subscription for ever, unless it is refused; completes when the broadcaster has answered. */
    CompletableFuture<?> keep(String channel) {
        return use(channel, used -> used.keep(true), used -> used.keep(false));
    }

    /** Has a handler of {@code channel} in, unless that is refused; completes when the broadcaster has answered. */
    CompletableFuture<?> add(Handler<?> handler, Consumer<NodeChannel> addition) {
        return use(handler.channel(), addition, used -> used.remove(handler));
    }

    void remove(Handler<?> handler) {
        byName.computeIfPresent(handler.channel(), (name, known) -> {
            known.remove(handler);
            return unlessUnused(known);
        });
    }

    private CompletableFuture<?> use(String channel, Consumer<NodeChannel> begin, Consumer<NodeChannel> end) {
        var used = use(channel, begun -> {
            begin.accept(begun);
            return begun;
        });
        var confirmation = used.awaited();
        confirmation.whenComplete((done, cause) -> {
            // Cancelled is what nobody wants any more, from within the map's lock perhaps, or the end of the hub.
            if (cause != null && !(NodeChannel.refusal(cause) instanceof CancellationException)) {
                release(used, end);
            }
        });
        return confirmation;
    }

    private <R> R use(String channel, Function<NodeChannel, R> use) {
        var asked = new ArrayList<CompletableFuture<Void>>(1);
        var result = new ArrayList<R>(1);
        var used = byName.compute(channel, (name, known) -> {
            var it = known == null ? begin(name) : known;
            if (known == null || known.isSettled()) {
                ask(it, asked);
            }
            result.add(use.apply(it));
            return it;
        });
        for (var confirmation : asked) { // not within the map's lock
            confirmation.whenComplete((done, cause) -> used.settle(confirmation, cause));
        }
        return result.get(0);
    }

    private NodeChannel begin(String name) {
        var shared = history != null && history.history().covers(name) ? history : null;
        return new NodeChannel(name, code, shared, held -> publish.accept(name, held));
    }

    private void ask(NodeChannel channel, List<CompletableFuture<Void>> asked) {
        var confirmation = channel.begun(broadcaster.subscribe(channel.name()));
        boolean stillInForce =
                channel.isConfirmed() && confirmation.isDone() && !confirmation.isCompletedExceptionally();
        if (!stillInForce) {
            channel.await(confirmation);
            asked.add(confirmation);
        }
    }

    private void release(NodeChannel channel, Consumer<NodeChannel> end) {
        byName.computeIfPresent(channel.name(), (name, known) -> {
            end.accept(channel);
            return known == channel ? unlessUnused(known) : known;
        });
    }

    private @Nullable NodeChannel unlessUnused(NodeChannel channel) {
        if (!channel.isUnused()) {
            return channel;
        }
        broadcaster.unsubscribe(channel.name());
        channel.end();
        return null;
    }

    @Nullable
    NodeChannel find(String channel) {
        return byName.get(channel);
    }

    /** A view that changes with the channels. */
    Collection<NodeChannel> all() {
        return byName.values();
    }

    /** Looks after what waits for application code, and for what may be missing. */
    void check() {
        long now = System.nanoTime();
        all().forEach(channel -> channel.check(now));
    }

    /** Messages that wait for application code. */
    long inboxMessages() {
        return all().stream()
                .flatMap(NodeChannel::inboxes)
                .mapToLong(Inbox::messages)
                .sum();
    }
}
