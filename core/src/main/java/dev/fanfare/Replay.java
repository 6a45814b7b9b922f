package dev.fanfare;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a session that joins a channel with history gets before what is new. History and what is live are merged: no message
 * comes twice, none is missing, and the order is that of the channel. Immutable.
 */
public final class Replay {

    /** More than that are not replayed by number. */
    public static final int MAX_LAST = 10_000;

    private final int last;
    private final @Nullable Position after;

    private Replay(int last, @Nullable Position after) {
        this.last = last;
        this.after = after;
    }

    /**
     * The newest messages; fewer if there are not so many.
     *
     * @throws IllegalArgumentException if {@code messages} is negative or more than {@link #MAX_LAST}
     */
    public static Replay last(int messages) {
        if (messages < 0 || messages > MAX_LAST) {
            throw new IllegalArgumentException("messages is " + messages + ": it must be from 0 to " + MAX_LAST);
        }
        return new Replay(messages, null);
    }

    /** Everything behind {@code position}: that of the last message that the session's client got on any node. */
    public static Replay since(Position position) {
        return new Replay(0, Objects.requireNonNull(position, "position"));
    }

    int last() {
        return last;
    }

    @Nullable
    Position after() {
        return after;
    }

    @Override
    public String toString() {
        return after == null ? "Replay[last " + last + "]" : "Replay[since " + after + "]";
    }

    /**
     * How it went. The session gets the messages first, and then whatever comes.
     *
     * @param messages how many messages were replayed
     * @param position the position up to which the session has the channel now: that of the last message replayed, or where
     *     the channel stood
     * @param gap why messages are missing between the position that was asked for and what the session got, if any are
     * @param lost how many are missing, where that is known
     */
    public record Outcome(long messages, Position position, Optional<Gap.Reason> gap, OptionalLong lost) {

        /** Whether nothing is missing. */
        public boolean isComplete() {
            return gap.isEmpty();
        }
    }
}
