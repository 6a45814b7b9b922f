package dev.fanfare;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One channel on this node, from the first session or handler that wants it to the last: who they are, whether the
 * broadcaster has confirmed the subscription, and the broadcasts of this node that wait for that. Thread-safe; who wants
 * it changes within its entry in {@link NodeChannels}.
 */
final class NodeChannel {

    /** A broadcast that waits so that the sessions that are joining see it. */
    record Held(Message message, CompletableFuture<Receipt> outcome, long deadlineNanos) {}

    private final String name;
    private final ApplicationCode code;
    private final Consumer<Held> publish;
    private final @Nullable Continuity continuity;
    private final Audience raw = new Audience(this);
    private volatile @Nullable Events events;
    private volatile List<Handler<Message>> handlers = List.of();
    private volatile Map<ClientSession.Framing, Audience> framed = Map.of();
    private volatile boolean kept;
    private volatile boolean confirmed;
    private volatile @Nullable Throwable failure;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Deque<Held> held = new ArrayDeque<>(0);

    /** What the broadcaster was asked last; the answer to any earlier question says nothing any more. */
    @GuardedBy("lock")
    private @Nullable CompletableFuture<?> awaited;

    /** Whether broadcasts need not wait; changes under the lock. */
    private volatile boolean open;

    NodeChannel(String name, ApplicationCode code, Continuity.@Nullable Shared history, Consumer<Held> publish) {
        this.name = name;
        this.code = code;
        this.publish = publish;
        this.continuity = history == null ? null : new Continuity(name, history, new Continued());
    }

    String name() {
        return name;
    }

    /** A message came: hands it on, in its place if the channel has history. Never blocks. */
    void deliver(Message message, @Nullable Position position) {
        if (continuity != null) {
            continuity.message(message, position);
            return;
        }
        raw.offer(message, position);
        framed.values().forEach(audience -> audience.offer(message, position));
        handOn(message, position);
    }

    /** What comes where it belongs, of a channel with history. */
    private final class Continued implements Continuity.Sink {

        @Override
        public @Nullable Lane handOn(Message message, @Nullable Position position) {
            if (code.isTooLarge(message)) {
                return null;
            }
            var full = raw.tryOffer(message, position);
            for (var audience : framed.values()) {
                var alsoFull = audience.tryOffer(message, position);
                full = full == null ? alsoFull : full;
            }
            if (full == null) { // else all of it comes again; lanes know what they have
                NodeChannel.this.handOn(message, position);
            } else if (position == null) {
                full.lost(name);
            }
            return full;
        }

        @Override
        public void gap(Gap gap) {
            report(gap);
        }
    }

    /** Messages may be missing: those of a channel with history are looked for there first. */
    void gap(Gap gap) {
        if (continuity != null) {
            continuity.verify();
        } else {
            report(gap);
        }
    }

    /** Completes when {@code subscribed} has, and when it is known from where on nothing is missing. */
    CompletableFuture<Void> begun(CompletableFuture<Void> subscribed) {
        return continuity == null || continuity.hasBegun()
                ? subscribed
                : subscribed.thenCompose(done -> continuity.begin());
    }

    /** Looks after what waits, and for what may be missing. */
    void check(long now) {
        inboxes().forEach(Inbox::check);
        if (continuity != null) {
            continuity.check(now);
        }
    }

    /** Hands it to application code. */
    private void handOn(Message message, @Nullable Position position) {
        for (var handler : handlers) {
            handler.offer(message, message.size(), position);
        }
        var typed = events;
        if (typed != null) {
            typed.offer(message, position);
        }
    }

    private void report(Gap gap) {
        code.report(gap);
        raw.gap(gap);
        framed.values().forEach(audience -> audience.gap(gap));
        handlers.forEach(handler -> handler.gap(gap));
        var typed = events;
        if (typed != null) {
            typed.gap(gap);
        }
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** Why the broadcaster refused, if it did. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** A session more that gets the messages as they are. */
    Audience acquire(Lane lane) {
        raw.acquire(lane);
        return raw;
    }

    /** A session more that gets what {@code renderer} makes of the events. */
    <T> Audience acquire(Codec<T> codec, Function<? super T, String> renderer, Lane lane) {
        var audience = events().audience(codec, renderer);
        audience.acquire(lane);
        return audience;
    }

    /** A session more that gets what {@code framing} makes of the messages. */
    Audience acquire(ClientSession.Framing framing, Lane lane) {
        var audience = framed.get(framing);
        if (audience == null) {
            audience = new Audience(this, framing, null);
            var more = new HashMap<>(framed);
            more.put(framing, audience);
            framed = Map.copyOf(more);
        }
        audience.acquire(lane);
        return audience;
    }

    void release(Audience audience, Lane lane) {
        audience.release(lane);
        if (audience.framing() != null && audience.isEmpty()) {
            var fewer = new HashMap<>(framed);
            fewer.remove(audience.framing());
            framed = Map.copyOf(fewer);
        }
        var typed = events;
        if (typed != null && audience.isEmpty()) {
            typed.removeUnused();
        }
    }

    void add(Handler<Message> handler) {
        var more = new ArrayList<>(handlers);
        more.add(handler);
        handlers = List.copyOf(more);
    }

    <T> void add(Codec<T> codec, Handler<T> handler) {
        events().add(codec, handler);
    }

    void remove(Handler<?> handler) {
        handlers = handlers.stream().filter(known -> known != handler).toList();
        var typed = events;
        if (typed != null) {
            typed.remove(handler);
        }
    }

    private Events events() {
        var known = events;
        var typed = known == null ? new Events(this, code) : known;
        events = typed;
        return typed;
    }

    /** Whether the subscription stays, sessions and handlers or none. */
    void keep(boolean forEver) {
        kept = forEver;
    }

    /** Whether nobody wants it any more. */
    boolean isUnused() {
        var typed = events;
        return !kept && raw.isEmpty() && framed.isEmpty() && handlers.isEmpty() && (typed == null || typed.isEmpty());
    }

    /** What waits for application code. */
    Stream<Inbox> inboxes() {
        var typed = events;
        return typed == null
                ? handlers.stream().map(Handler::inbox)
                : Stream.concat(Stream.of(typed.inbox()), allHandlers(typed).map(Handler::inbox));
    }

    private Stream<Handler<?>> allHandlers(Events typed) {
        return Stream.concat(
                handlers.stream(), typed.decoders().stream().flatMap(decoder -> decoder.handlers().stream()));
    }

    /** Whether no event waits to be rendered. */
    boolean isRendered() {
        var typed = events;
        return typed == null || typed.inbox().isIdle();
    }

    /** Whether nothing waits for application code, and none is running. */
    boolean isHandled() {
        return inboxes().allMatch(Inbox::isIdle);
    }

    /** Whether the broadcaster has answered; it may think otherwise by now, after a reconnect. */
    boolean isSettled() {
        return confirmed || failure != null;
    }

    /** What the broadcaster was asked last, which it was before anybody else sees this. */
    CompletableFuture<?> awaited() {
        synchronized (lock) {
            return Objects.requireNonNull(awaited);
        }
    }

    /** The broadcaster was asked and has not answered: joins and broadcasts wait for {@code confirmation}. */
    void await(CompletableFuture<?> confirmation) {
        synchronized (lock) {
            awaited = confirmation;
            confirmed = false;
            failure = null;
            open = false;
        }
    }

    /** The broadcaster confirmed the subscription ({@code cause} is null) or refused it. */
    void settle(CompletableFuture<?> confirmation, @Nullable Throwable cause) {
        var refusal = cause == null ? null : refusal(cause);
        synchronized (lock) {
            if (awaited != confirmation) {
                return;
            }
            failure = refusal;
            confirmed = refusal == null;
            publishHeld();
        }
        settle(raw, refusal);
        framed.values().forEach(audience -> settle(audience, refusal));
        var typed = events;
        if (typed != null) {
            typed.decoders()
                    .forEach(decoder ->
                            decoder.renderings().forEach(rendering -> settle(rendering.audience(), refusal)));
        }
    }

    private static void settle(Audience audience, @Nullable Throwable refusal) {
        for (var lane : audience.lanes()) {
            lane.execute(() -> lane.settle(audience, refusal));
        }
    }

    /** What the broadcaster said, where {@code cause} may be how the JDK hands it on. */
    static Throwable refusal(Throwable cause) {
        return cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    }

    /** Whether broadcasts need not wait. */
    boolean isOpen() {
        return open;
    }

    /** Keeps {@code broadcast} until the subscription is settled; false if it is already. */
    boolean hold(Held broadcast) {
        if (open) {
            return false;
        }
        synchronized (lock) {
            return !open && held.add(broadcast);
        }
    }

    /** Publishes what waits; nothing waits from now on. Publishing only puts into a queue, so the lock may be held. */
    void publishHeld() {
        synchronized (lock) {
            for (var next = held.poll(); next != null; next = held.poll()) {
                publish.accept(next);
            }
            open = true;
        }
    }

    /** Nobody wants it any more. */
    void end() {
        publishHeld(); // nobody who could see them is left to wait for
        if (continuity != null) {
            continuity.end();
        }
    }

    /** Takes those that have waited too long. */
    List<Held> takeExpired(long now) {
        synchronized (lock) {
            var expired = new ArrayList<Held>(0);
            while (!held.isEmpty() && now - held.peek().deadlineNanos() >= 0) {
                expired.add(held.poll());
            }
            return expired;
        }
    }
}
