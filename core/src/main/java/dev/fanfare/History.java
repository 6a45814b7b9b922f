package dev.fanfare;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Broadcaster} with history can do besides: it keeps the newest messages of some channels, each with its
 * {@link Position}, and gives them out again. What it publishes to such a channel arrives with a position, and its {@link
 * Receipt} has it.
 *
 * <p>Thread-safe; nothing blocks. The futures stay pending while the carrier is down, complete on the broadcaster's own
 * threads, and are cancelled when it is closed.
 */
public interface History {

    /** A message that is kept. */
    record Entry(Position position, Message message) {}

    /**
     * What was read at one instant.
     *
     * @param entries the messages, in their order, without a hole between them
     * @param end where to go on: the position of the last entry, or how far there is none
     * @param top the position of the channel's newest message at that instant; {@link Position#START} if it never had one
     * @param gap why messages between the position that was asked for and the first entry are missing, or null
     * @param lost how many, where that is known
     */
    record Page(List<Entry> entries, Position end, Position top, Gap.@Nullable Reason gap, OptionalLong lost) {

        /** Refuses nulls, and keeps a copy. */
        public Page {
            entries = List.copyOf(entries);
        }

        /** Whether nothing was there behind {@link #end}. */
        public boolean isLast() {
            return end.equals(top);
        }
    }

    /** Whether messages of {@code channel} are kept. Always the same answer for the same channel, on all nodes. */
    boolean covers(String channel);

    /**
     * The messages behind {@code position}, oldest first, at most {@code limit}. If some of them are no longer kept, or
     * the position is of an epoch of which nothing is known, the page says that there is a gap and begins behind it.
     */
    CompletableFuture<Page> after(String channel, Position position, int limit);

    /** The newest messages, at most {@code limit}, which may be 0; fewer are no gap. */
    CompletableFuture<Page> newest(String channel, int limit);
}
