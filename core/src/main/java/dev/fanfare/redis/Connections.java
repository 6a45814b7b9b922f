package dev.fanfare.redis;

import dev.fanfare.Message;
import dev.fanfare.Receipt;
import dev.fanfare.Receiver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The two connections to one master, and a third that reads histories if there are any, with what is wanted of them and what
 * looks after them. Thread-safe once started.
 */
final class Connections implements Carrier {

    private final Settings settings;
    private final Subscriptions subscriptions;
    private final Canary canary;
    private final RedisPublisher publisher;
    private final ChannelHistories histories;
    private final Consumer<Subscription> released;
    private @Nullable RedisSubscriber subscriber;
    private @Nullable Supervisor supervisor;

    /** To the only master. */
    Connections(Settings settings) {
        this(settings, new Subscriptions(settings), none -> {}, (publication, error) -> false);
    }

    /**
     * To a master of a cluster.
     *
     * @param released takes what is to be subscribed at another
     * @param redirected takes what is to be published at another, if it is that
     */
    Connections(
            Settings settings,
            Subscriptions subscriptions,
            Consumer<Subscription> released,
            BiPredicate<Publication, JedisDataException> redirected) {
        this.settings = settings;
        this.subscriptions = subscriptions;
        this.released = released;
        var unproven = new Unproven(settings.clock());
        this.canary = new Canary(settings, unproven);
        this.publisher = new RedisPublisher(settings, canary, unproven, redirected);
        this.histories = new ChannelHistories(settings);
    }

    Canary canary() {
        return canary;
    }

    RedisPublisher publisher() {
        return publisher;
    }

    @Override
    public void start(Receiver receiver) {
        var fresh = new RedisSubscriber(settings, receiver, subscriptions, canary, released);
        var watching = new Supervisor(settings, fresh, publisher, canary, histories);
        subscriber = fresh;
        supervisor = watching;
        fresh.start();
        publisher.start(receiver, watching::demoted);
        histories.start(receiver);
        watching.start();
    }

    @Override
    public CompletableFuture<Receipt> publish(String channel, Message message) {
        var keys = histories.keys(channel);
        return keys == null
                ? publisher.publish(channel, Envelope.encode(message))
                : publisher.publish(channel, keys, Envelope.enclose(message));
    }

    @Override
    public ChannelHistories histories() {
        return histories;
    }

    @Override
    public CompletableFuture<Void> subscribe(String channel) {
        return subscriptions.subscribe(channel);
    }

    @Override
    public void unsubscribe(String channel) {
        var pending = subscriptions.unsubscribe(channel);
        if (pending != null) {
            pending.cancel(false);
        }
    }

    /** Another server has taken this one's place: both connections end at once. */
    void replaced() {
        if (subscriber != null) {
            subscriber.giveUp(Role.noMaster(), null);
        }
        publisher.giveUp(Role.noMaster(), null);
        stop();
    }

    void stop() {
        publisher.stop();
        if (subscriber != null) {
            subscriber.stop();
        }
        histories.stop();
        if (supervisor != null) {
            supervisor.stop();
        }
    }

    /** Whether nothing is left of them once they were stopped. */
    boolean ended() {
        return publisher.ended() && (subscriber == null || subscriber.ended());
    }

    void join() {
        publisher.join();
        if (subscriber != null) {
            subscriber.join();
        }
        histories.join();
        if (supervisor != null) {
            supervisor.join();
        }
    }

    @Override
    public void close(Duration drain) {
        publisher.drain(drain);
        stop();
        join();
    }
}
