package dev.fanfare.redis;

import dev.fanfare.Message;
import dev.fanfare.Receipt;
import dev.fanfare.Receiver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Everything behind a started {@link RedisBroadcaster}: the connections to one master, or those to all of a cluster. */
sealed interface Carrier permits Connections, Cluster {

    void start(Receiver receiver);

    CompletableFuture<Receipt> publish(String channel, Message message);

    CompletableFuture<Void> subscribe(String channel);

    void unsubscribe(String channel);

    /** Which channels have history; those of a cluster have none yet. */
    ChannelHistories histories();

    /** Publishes what waits for at most {@code drain}, and gives every thread and connection back. */
    void close(Duration drain);
}
