package dev.fanfare.redis;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told after Redis has answered a command: first the gap, then the future, in this order, without a lock.
 *
 * @param released whether the channel is left for another server of the cluster, and nothing is to be told yet
 */
record Answer(
        Subscription subscription,
        @Nullable Loss loss,
        @Nullable CompletableFuture<Void> future,
        boolean released) {

    static Answer released(Subscription subscription) {
        return new Answer(subscription, null, null, true);
    }
}
