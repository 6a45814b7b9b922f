package dev.fanfare.benchmarks;

import dev.fanfare.Broadcaster;
import dev.fanfare.Message;
import dev.fanfare.Receipt;
import dev.fanfare.Receiver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A broadcaster that carries nothing by itself: the benchmark delivers, on its own thread. */
final class Carrier implements Broadcaster {

    private @Nullable Receiver receiver;

    @Override
    public void start(Receiver receiver) {
        this.receiver = receiver;
        receiver.state(State.LIVE, null);
    }

    void deliver(String channel, Message message) {
        var started = receiver;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        started.message(channel, message, null);
    }

    @Override
    public CompletableFuture<Receipt> publish(String channel, Message message) {
        return CompletableFuture.completedFuture(new Receipt(0, null));
    }

    @Override
    public CompletableFuture<Void> subscribe(String channel) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void unsubscribe(String channel) {}

    @Override
    public void close() {}
}
