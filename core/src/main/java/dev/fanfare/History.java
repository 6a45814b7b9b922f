package dev.fanfare;

import java.time.Duration;
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
     * @param entries the messages, in their order, without a hole between them; nobody may change the list
     * @param end where to go on: the position of the last entry, or how far there is none
     * @param top the position of the channel's newest message at that instant; {@link Position#START} if it never had one
     * @param gap why messages between the position that was asked for and the first entry are missing, or null
     * @param lost how many, where that is known
     */
    record Page(List<Entry> entries, Position end, Position top, Gap.@Nullable Reason gap, OptionalLong lost) {

        /** Whether nothing was there behind {@link #end}. */
        public boolean isLast() {
            return end.equals(top);
        }
    }

    /**
     * For how long the messages of some channels are kept.
     *
     * @param pattern the channels' names, where {@code *} stands for any characters, or none
     * @param messages so many of each channel at least, unless they are older
     * @param age messages are kept for so long, unless there are too many
     */
    record Retention(String pattern, int messages, Duration age) {

        /**
         * Refuses what cannot be.
         *
         * @throws IllegalArgumentException if {@code pattern} is empty, {@code messages} is not from 1 to 1,000,000, or
         *     {@code age} not from 1 second to 365 days
         */
        public Retention {
            if (pattern.isEmpty()) {
                throw new IllegalArgumentException("pattern is empty");
            }
            if (messages < 1 || messages > 1_000_000) {
                throw new IllegalArgumentException("messages is " + messages + ": it must be from 1 to 1,000,000");
            }
            if (age.compareTo(Duration.ofSeconds(1)) < 0 || age.compareTo(Duration.ofDays(365)) > 0) {
                throw new IllegalArgumentException("age is " + age + ": it must be from 1 second to 365 days");
            }
        }

        /** Whether {@code channel} is one of them. */
        public boolean matches(String channel) {
            int at = 0;
            var parts = pattern.split("\\*", -1);
            for (int i = 0; i < parts.length; i++) {
                boolean end = i == parts.length - 1;
                int found = end && i > 0
                        ? Math.max(at, channel.length() - parts[i].length())
                        : channel.indexOf(parts[i], at);
                if (found < 0 || (i == 0 && found > 0) || !channel.startsWith(parts[i], found)) {
                    return false;
                }
                at = found + parts[i].length();
            }
            return at == channel.length();
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
