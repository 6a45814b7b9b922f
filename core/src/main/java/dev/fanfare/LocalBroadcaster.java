package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Joins hubs within one JVM, for tests, examples and single nodes: the same promises as over Redis, without Redis.
 * Thread-safe, never blocks, has no threads: messages are handed over on a thread that publishes.
 */
public final class LocalBroadcaster implements Broadcaster, History {

    private static final Logger LOG = System.getLogger(LocalBroadcaster.class.getName());

    private final Bus bus;
    private final Set<String> channels = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Receiver receiver;
    private volatile boolean closed;

    private LocalBroadcaster(Bus bus) {
        this.bus = bus;
    }

    /** A broadcaster that reaches itself and its {@linkplain #peer() peers}. */
    public static LocalBroadcaster create() {
        return new LocalBroadcaster(new Bus());
    }

    /** The broadcaster of one more node: the two, and all peers of either, reach one another. */
    public LocalBroadcaster peer() {
        return new LocalBroadcaster(bus);
    }

    /**
     * Keeps the newest messages of the channels that {@code pattern} matches, in memory, as {@link Retention} says; of several
     * patterns the first one counts. For this broadcaster and its peers, before any of them is started.
     *
     * @throws IllegalArgumentException if {@link Retention} refuses it
     * @throws IllegalStateException if one of them was started
     */
    public LocalBroadcaster history(String pattern, int messages, Duration age) {
        if (!bus.nodes.isEmpty()) {
            throw new IllegalStateException("history is set before a broadcaster is started");
        }
        bus.history.retain(new Retention(pattern, messages, age));
        return this;
    }

    @Override
    public boolean covers(String channel) {
        return bus.history.retention(channel) != null;
    }

    @Override
    public CompletableFuture<Page> after(String channel, Position position, int limit) {
        return read(() -> bus.history.after(channel, position, limit));
    }

    @Override
    public CompletableFuture<Page> newest(String channel, int limit) {
        return read(() -> bus.history.newest(channel, limit));
    }

    private CompletableFuture<Page> read(Supplier<Page> reading) {
        var page = new CompletableFuture<Page>();
        bus.post(() -> {
            if (closed) {
                page.cancel(false);
            } else {
                page.complete(reading.get());
            }
        });
        return page;
    }

    @Override
    public void start(Receiver receiver) {
        synchronized (this) {
            if (this.receiver != null) {
                throw new IllegalStateException("this broadcaster serves a hub already: use peer() for another one");
            }
            this.receiver = receiver;
        }
        bus.nodes.add(this);
        receiver.state(State.LIVE, null);
    }

    @Override
    public CompletableFuture<Receipt> publish(String channel, Message message) {
        var outcome = new CompletableFuture<Receipt>();
        if (closed) {
            outcome.completeExceptionally(new BroadcastException("the broadcaster was closed"));
        } else {
            bus.post(() -> outcome.complete(bus.deliver(channel, message)));
        }
        return outcome;
    }

    @Override
    public CompletableFuture<Void> subscribe(String channel) {
        var confirmation = new CompletableFuture<Void>();
        bus.post(() -> {
            if (closed) {
                confirmation.cancel(false);
            } else {
                channels.add(channel);
                confirmation.complete(null);
            }
        });
        return confirmation;
    }

    @Override
    public void unsubscribe(String channel) {
        bus.post(() -> channels.remove(channel));
    }

    @Override
    public void close() {
        closed = true;
        bus.nodes.remove(this);
        channels.clear();
        var told = receiver;
        if (told != null) {
            told.state(State.CLOSED, null);
        }
    }

    /**
     * What all peers share: everything that happens on it happens one after the other, in the order in which it was
     * posted, on the thread of whoever found nothing going on.
     */
    private static final class Bus {
        private final List<LocalBroadcaster> nodes = new CopyOnWriteArrayList<>();
        private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
        private final LocalHistory history = new LocalHistory();
        private final AtomicInteger unfinished = new AtomicInteger();

        void post(Runnable event) {
            posted.add(event);
            if (unfinished.getAndIncrement() > 0) {
                return;
            }
            do {
                var next = posted.poll();
                if (next != null) {
                    next.run();
                }
            } while (unfinished.decrementAndGet() > 0);
        }

        /** A receiver that throws must not end the bus for all. */
        private static void hand(Receiver receiver, String channel, Message message, @Nullable Position position) {
            try {
                receiver.message(channel, message, position);
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "A receiver threw; the bus goes on", e);
            }
        }

        Receipt deliver(String channel, Message message) {
            var position = history.add(channel, message);
            long receivers = 0;
            for (var node : nodes) {
                var receiver = node.receiver;
                if (receiver != null && node.channels.contains(channel)) {
                    hand(receiver, channel, message, position);
                    receivers++;
                }
            }
            return new Receipt(receivers, position);
        }
    }
}
