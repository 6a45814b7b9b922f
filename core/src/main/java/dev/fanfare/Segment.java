package dev.fanfare;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The part of a shared run that one session still has to get.
 *
 * @param channel the channel, or null for a message to this session alone
 * @param sent completes when a message to this session alone has left; null otherwise
 */
record Segment(
        SharedRun shared,
        int from,
        int to,
        @Nullable String channel,
        @Nullable CompletableFuture<@Nullable Void> sent) {

    int messages() {
        return to - from;
    }

    long bytes() {
        return run().bytes(); // known already where the whole run is wanted, which is nearly always
    }

    Run run() {
        return shared.run().slice(from, to);
    }

    Message message(int index) {
        return shared.run().messages().get(index);
    }

    Segment slice(int newFrom, int newTo) {
        return new Segment(shared, newFrom, newTo, channel, sent);
    }

    boolean of(@Nullable String otherChannel) {
        return channel != null && channel.equals(otherChannel);
    }
}
