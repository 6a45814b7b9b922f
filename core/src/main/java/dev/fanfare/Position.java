package dev.fanfare;

import java.util.Objects;

/**
 * Where a message stands in a channel with history. Immutable.
 *
 * <p>As text, for clients, it is {@code epoch-offset}, two decimal numbers; see {@link #parse}. They have up to 19 digits each,
 * more than a number of JavaScript holds: clients keep the text as it is.
 *
 * @param epoch which life of the history; a later one has a greater number. Offsets of different epochs are never compared
 * @param offset the message's number within its epoch, from 1; 0 is before the first
 */
public record Position(long epoch, long offset) {

    /** Before everything: where a channel stands that never had a message. */
    public static final Position START = new Position(0, 0);

    private static final int DIGITS = 19;

    /**
     * Refuses what cannot be.
     *
     * @throws IllegalArgumentException if one of them is negative
     */
    public Position {
        if (epoch < 0 || offset < 0) {
            throw new IllegalArgumentException("a position has no negative numbers, not " + epoch + " and " + offset);
        }
    }

    /**
     * The position that {@code text} stands for, the reverse of {@link #toString}.
     *
     * @throws IllegalArgumentException if it stands for none
     */
    public static Position parse(String text) {
        Objects.requireNonNull(text, "text");
        int dash = text.indexOf('-');
        if (dash < 0 || !isNumber(text, 0, dash) || !isNumber(text, dash + 1, text.length())) {
            throw malformed(text);
        }
        try {
            return new Position(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
        } catch (NumberFormatException e) { // 19 digits may be too much
            throw malformed(text);
        }
    }

    private static boolean isNumber(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return to > from && to - from <= DIGITS;
    }

    private static IllegalArgumentException malformed(String text) {
        var shown = text.length() > 50 ? text.substring(0, 50) + "…" : text;
        return new IllegalArgumentException("not a position: \"" + shown
                + "\"; expected two numbers of 64 bits, epoch and offset, as in 1790000000000000-42");
    }

    /** Whether this is the one behind {@code previous} in the same epoch. */
    boolean follows(Position previous) {
        return epoch == previous.epoch && offset == previous.offset + 1;
    }

    /** Whether this comes later than {@code other}: in a later epoch, or behind it in the same. */
    public boolean isAfter(Position other) {
        return epoch == other.epoch ? offset > other.offset : epoch > other.epoch;
    }

    /** {@code epoch-offset}. */
    @Override
    public String toString() {
        return epoch + "-" + offset;
    }
}
