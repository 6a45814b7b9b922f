package dev.fanfare.redis;

import dev.fanfare.History.Page;
import dev.fanfare.Position;
import dev.fanfare.Receiver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/** Which channels have history, and who reads it: nobody if there is none, then there is neither thread nor connection. */
final class ChannelHistories {

    private final Settings settings;
    private final @Nullable RedisHistory reader;

    ChannelHistories(Settings settings) {
        this.settings = settings;
        this.reader = settings.history().isEmpty() ? null : new RedisHistory(settings);
    }

    /** Where the channel's history is, or null if it has none. */
    @Nullable
    HistoryKeys keys(String channel) {
        for (var retention : settings.history()) {
            if (retention.matches(channel)) {
                return HistoryKeys.of(settings, channel, retention);
            }
        }
        return null;
    }

    CompletableFuture<Page> ask(String channel, @Nullable Position after, int limit) {
        var keys = keys(channel);
        if (keys == null || reader == null) {
            throw new IllegalArgumentException("channel " + channel + " has no history");
        }
        return reader.ask(channel, keys, after, limit);
    }

    void start(Receiver receiver) {
        if (reader != null) {
            reader.start(receiver);
        }
    }

    void hurry() {
        if (reader != null) {
            reader.hurry();
        }
    }

    /** Ends the connection, unless it leads to {@code except}. */
    void giveUp(GivenUp why, @Nullable HostAndPort except) {
        if (reader != null) {
            reader.giveUp(why, except);
        }
    }

    /** Answers no more, and does not wait for its thread. */
    void stop() {
        if (reader != null) {
            reader.stop();
        }
    }

    void join() {
        if (reader != null) {
            reader.join();
        }
    }
}
