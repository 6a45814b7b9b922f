package dev.fanfare.redis;

import dev.fanfare.History.Entry;
import dev.fanfare.History.Page;
import dev.fanfare.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks of a channel's history: how it is written, and what its answers say. Where entries of others stand in the
 * way of all that is asked for, it has to be asked again behind them. Of one thread at a time.
 */
final class HistoryQuestion {

    /** Where others stand in the way, so many entries at a time. */
    private static final int STEP = 512;

    final String channel;
    final CompletableFuture<Page> answer = new CompletableFuture<>();

    private final HistoryKeys keys;
    private final @Nullable Position after;
    private final int limit;

    /** The last entry that was read before, if others stand in the way. */
    private @Nullable String from;

    /** Of the newest ones: those that were found, newest first, and what was known when they were asked for. */
    private final List<Epochs.Found> newest = new ArrayList<>();

    private @Nullable Epochs snapshot;

    /** How many entries were asked for. */
    private int count;

    private long bytes;
    private int entries;
    private final List<String> strange = new ArrayList<>();

    /** What stands behind {@code after}, or the newest messages if that is null. */
    HistoryQuestion(String channel, HistoryKeys keys, @Nullable Position after, int limit) {
        this.channel = channel;
        this.keys = keys;
        this.after = after;
        this.limit = limit;
    }

    /** Writes it, for at most so many entries, in a transaction of four commands; that is one snapshot. */
    void write(CommandBuffer buffer, int most) {
        buffer.add(bytes("MULTI"));
        buffer.add(bytes("HMGET"), keys.meta, bytes("past"), bytes("epoch"), bytes("top"));
        if (after == null) {
            count = Math.max(from == null ? 1 : STEP, limit - newest.size());
            var end = bytes(from == null ? "+" : "(" + from);
            buffer.add(bytes("XREVRANGE"), keys.stream, end, bytes("-"), bytes("COUNT"), number(count));
        } else {
            count = Math.max(from == null ? 1 : STEP, Math.min(limit, most))
                    + 1; // one more shows whether there is more
            var begin = bytes("(" + (from == null ? after.toString() : from));
            buffer.add(bytes("XRANGE"), keys.stream, begin, bytes("+"), bytes("COUNT"), number(count));
        }
        buffer.add(bytes("PEXPIRE"), keys.meta, number(keys.metaMillis()));
        buffer.add(bytes("EXEC"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] number(long number) {
        return bytes(Long.toString(number));
    }

    /** What the transaction answered; null if it has to be asked again. */
    @Nullable
    Page page(List<?> parts) {
        var epochs = parts.get(0) instanceof List<?> meta && meta.size() == 3
                ? Epochs.of(meta.get(0), meta.get(1), meta.get(2))
                : Epochs.of(null, null, null);
        var raw = parts.get(1) instanceof List<?> found ? found : List.of();
        bytes = 0;
        entries = raw.size();
        strange.clear();
        List<Epochs.Found> known = new ArrayList<>();
        for (var entry : raw) {
            if (entry instanceof List<?> pair
                    && pair.size() == 2
                    && pair.get(0) instanceof byte[] id
                    && pair.get(1) instanceof List<?> fields) {
                add(new String(id, StandardCharsets.US_ASCII), payload(fields), epochs, known);
            }
        }
        boolean more = entries == count;
        return after == null ? newest(epochs, known, more) : behind(after, epochs, known, more);
    }

    private void add(String id, byte @Nullable [] payload, Epochs epochs, List<Epochs.Found> known) {
        bytes += payload == null ? 0 : payload.length;
        from = id;
        try {
            var position = Position.parse(id);
            boolean ours = epochs.knows(position);
            var entry = ours && payload != null && Envelope.decode(payload) instanceof Envelope.Content content
                    ? new Entry(position, content.message())
                    : null;
            if (ours) {
                known.add(new Epochs.Found(position, entry));
            }
            if (entry == null && epochs.covers(position)) {
                strange.add(id);
            }
        } catch (IllegalArgumentException e) { // ids are unsigned, and somebody else's may be any
            strange.add(id);
        }
    }

    private static byte @Nullable [] payload(List<?> fields) {
        return fields.size() == 2
                        && fields.get(0) instanceof byte[] name
                        && name.length == 1
                        && name[0] == 'd'
                        && fields.get(1) instanceof byte[] payload
                ? payload
                : null;
    }

    private @Nullable Page behind(Position asked, Epochs epochs, List<Epochs.Found> known, boolean more) {
        if (more && known.isEmpty()) {
            return null;
        }
        return epochs.after(asked, known.subList(0, Math.min(limit, known.size())), more || known.size() > limit);
    }

    private @Nullable Page newest(Epochs epochs, List<Epochs.Found> known, boolean more) {
        var first = snapshot == null ? epochs : snapshot;
        snapshot = first;
        newest.addAll(known.subList(0, Math.min(known.size(), limit - newest.size())));
        if (more && newest.size() < limit) {
            return null;
        }
        Collections.reverse(newest);
        return first.newest(newest);
    }

    /** How many entries the last answer had. */
    int entries() {
        return entries;
    }

    /** How many bytes of messages the last answer had; 0 if nobody can ask for fewer. */
    long bytes() {
        return after == null ? 0 : bytes;
    }

    /** What is wrong with what the last answer had, or null. */
    @Nullable
    String complaint() {
        return strange.isEmpty()
                ? null
                : "entries of its history that are no messages: " + strange.size() + ", the first is " + strange.get(0);
    }
}
