package dev.fanfare;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A handler of the application for one channel: what waits for it is its own, so it delays nobody else. Thread-safe. */
final class Handler<T> {

    private final String channel;
    private final Consumer<? super T> events;
    private final Consumer<? super Gap> gaps;
    private final ApplicationCode code;
    private final Inbox inbox;
    private volatile boolean closed;

    Handler(String channel, Consumer<? super T> events, Consumer<? super Gap> gaps, ApplicationCode code) {
        this.channel = channel;
        this.events = events;
        this.gaps = gaps;
        this.code = code;
        this.inbox = code.inbox(channel, Gap.Reason.HANDLER_OVERFLOW, this::gap);
    }

    String channel() {
        return channel;
    }

    Inbox inbox() {
        return inbox;
    }

    /** Hands an event over, which came in a message of that many bytes. */
    void offer(T event, long bytes, @Nullable Position position) {
        inbox.offer(bytes, () -> call(events, event, position));
    }

    /** Tells of a gap, in order with the events. */
    void gap(Gap gap) {
        inbox.execute(() -> call(gaps, gap, null));
    }

    private <E> void call(Consumer<? super E> handler, E event, @Nullable Position position) {
        if (closed) {
            return;
        }
        try {
            handler.accept(event);
        } catch (Throwable t) { // application code may throw anything
            code.skipped(channel, position, "handler", t);
        }
    }

    /** Nothing more is handed over. */
    void close() {
        closed = true;
    }
}
