package dev.fanfare;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A node of a {@link LocalBroadcaster} with history that loses messages on their way to its hub when the test says so. */
final class LossyBroadcaster implements Broadcaster, History {

    private final LocalBroadcaster carrier;
    private volatile BiPredicate<String, Position> loses = (channel, position) -> false;
    private volatile long historyEnd = Long.MAX_VALUE;
    private volatile CompletableFuture<?> answering = CompletableFuture.completedFuture(null);
    private volatile @Nullable Receiver receiver;

    LossyBroadcaster(LocalBroadcaster carrier) {
        this.carrier = carrier;
    }

    void lose(BiPredicate<String, Position> which) {
        loses = which;
    }

    /** The history has lost what came behind that offset. */
    void historyEndsAt(long offset) {
        historyEnd = offset;
    }

    private Page ended(Page page) {
        if (page.top().offset() <= historyEnd) {
            return page;
        }
        var top = new Position(page.top().epoch(), historyEnd);
        var entries = page.entries().stream()
                .filter(entry -> !entry.position().isAfter(top))
                .toList();
        return new Page(entries, page.end().isAfter(top) ? top : page.end(), top, page.gap(), page.lost());
    }

    /** The history is asked only when {@code when} is complete. */
    void answers(CompletableFuture<?> when) {
        answering = when;
    }

    /** What the carrier says after it has connected again. */
    void reconnected(String channel) {
        var now = Instant.now();
        receiver().gap(new Gap(channel, now, now, Gap.Reason.RECONNECT, OptionalLong.empty()));
    }

    Receiver receiver() {
        var known = receiver;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        return known;
    }

    @Override
    public void start(Receiver told) {
        receiver = told;
        carrier.start(new Losing(told));
    }

    private final class Losing implements Receiver {
        private final Receiver told;

        Losing(Receiver told) {
            this.told = told;
        }

        @Override
        public void message(String channel, Message message, @Nullable Position position) {
            if (position == null || !loses.test(channel, position)) {
                told.message(channel, message, position);
            }
        }

        @Override
        public void gap(Gap gap) {
            told.gap(gap);
        }

        @Override
        public void uncertain(String channel, long messages, Instant from, Instant to) {
            told.uncertain(channel, messages, from, to);
        }

        @Override
        public void unreadable(String channel, String reason) {
            told.unreadable(channel, reason);
        }

        @Override
        public void state(State state, @Nullable BroadcastException cause) {
            told.state(state, cause);
        }
    }

    @Override
    public CompletableFuture<Receipt> publish(String channel, Message message) {
        return carrier.publish(channel, message);
    }

    @Override
    public CompletableFuture<Void> subscribe(String channel) {
        return carrier.subscribe(channel);
    }

    @Override
    public void unsubscribe(String channel) {
        carrier.unsubscribe(channel);
    }

    @Override
    public boolean covers(String channel) {
        return carrier.covers(channel);
    }

    @Override
    public CompletableFuture<Page> after(String channel, Position position, int limit) {
        return answering
                .thenCompose(now -> carrier.after(channel, position, limit))
                .thenApply(this::ended);
    }

    @Override
    public CompletableFuture<Page> newest(String channel, int limit) {
        return carrier.newest(channel, limit);
    }

    @Override
    public void close() {
        carrier.close();
    }
}
