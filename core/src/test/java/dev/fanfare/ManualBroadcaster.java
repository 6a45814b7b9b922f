package dev.fanfare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A broadcaster whose carrier is the test: it confirms, answers and delivers when the test says so. */
final class ManualBroadcaster implements Broadcaster {

    record Published(String channel, Message message, CompletableFuture<Receipt> outcome) {
        String text() {
            return ((Message.Text) message).text();
        }
    }

    private final Map<String, CompletableFuture<Void>> subscriptions = new ConcurrentHashMap<>();
    private final List<Published> published = new ArrayList<>();
    private final List<String> unsubscribed = new ArrayList<>();
    private volatile @Nullable Receiver receiver;
    private volatile boolean closed;

    @Override
    public void start(Receiver receiver) {
        this.receiver = receiver;
    }

    Receiver receiver() {
        var started = receiver;
        if (started == null) {
            throw new IllegalStateException("no hub started this broadcaster");
        }
        return started;
    }

    @Override
    public synchronized CompletableFuture<Receipt> publish(String channel, Message message) {
        var outcome = new CompletableFuture<Receipt>();
        published.add(new Published(channel, message, outcome));
        return outcome;
    }

    @Override
    public CompletableFuture<Void> subscribe(String channel) {
        return subscriptions.computeIfAbsent(channel, c -> new CompletableFuture<>());
    }

    @Override
    public void unsubscribe(String channel) {
        synchronized (this) {
            unsubscribed.add(channel);
        }
        var subscription = subscriptions.remove(channel);
        if (subscription != null) {
            subscription.cancel(false);
        }
    }

    @Override
    public void close() {
        closed = true;
        subscriptions.values().forEach(subscription -> subscription.cancel(false));
        published()
                .forEach(one ->
                        one.outcome().completeExceptionally(new BroadcastException("the broadcaster was closed")));
    }

    boolean isClosed() {
        return closed;
    }

    boolean isSubscribed(String channel) {
        return subscriptions.containsKey(channel);
    }

    void confirm(String channel) {
        subscribe(channel).complete(null);
    }

    void refuse(String channel) {
        subscribe(channel).completeExceptionally(new BroadcastException.Refused("no rights for " + channel, null));
    }

    /** The connection ended: what was confirmed on it is to be confirmed again. */
    void lose(String channel) {
        subscriptions.put(channel, new CompletableFuture<>());
    }

    void deliver(String channel, String text) {
        receiver().message(channel, Message.text(text), null);
    }

    synchronized List<Published> published() {
        return List.copyOf(published);
    }

    List<String> publishedTexts() {
        return published().stream().map(Published::text).toList();
    }

    synchronized List<String> unsubscribed() {
        return List.copyOf(unsubscribed);
    }
}
