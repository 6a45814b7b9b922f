package dev.fanfare.redis;

import dev.fanfare.History.Retention;
import java.nio.charset.StandardCharsets;

/** Where a channel's history is: two keys of its own, and one for all. Nobody writes to the arrays. */
final class HistoryKeys {

    /** The hash with its epochs. */
    final byte[] meta;

    /** The messages. */
    final byte[] stream;

    /** The hash that says which run of a server has the data; of all channels. */
    final byte[] server;

    final Retention retention;

    private HistoryKeys(byte[] meta, byte[] stream, byte[] server, Retention retention) {
        this.meta = meta;
        this.stream = stream;
        this.server = server;
        this.retention = retention;
    }

    static HistoryKeys of(Settings settings, String channel, Retention retention) {
        var wire = settings.prefix() + channel;
        int open = wire.indexOf('{');
        int close = open < 0 ? -1 : wire.indexOf('}', open);
        // A name with a tag of its own is hashed by that; Redis takes the first one.
        var name = close > open + 1 ? wire : "{" + wire + "}";
        var own = settings.prefix() + "\u0001";
        return new HistoryKeys(
                bytes(own + "meta:" + name), bytes(own + "stream:" + name), bytes(server(settings)), retention);
    }

    static String server(Settings settings) {
        return settings.prefix() + "\u0001server";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** After how many milliseconds without a message and without a session the epochs are forgotten. */
    long metaMillis() {
        return Math.max(2 * retention.age().toMillis(), 3_600_000);
    }
}
