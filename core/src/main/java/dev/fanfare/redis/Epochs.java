package dev.fanfare.redis;

import dev.fanfare.Gap;
import dev.fanfare.History.Entry;
import dev.fanfare.History.Page;
import dev.fanfare.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The epochs of a channel, oldest first, each with its newest offset, as its meta says: the last one goes on. Makes pages of
 * what a stream has, and knows what is missing; entries that no epoch knows are not ours. Immutable.
 */
final class Epochs {

    /** What stands at a position, or null where that is no message. */
    record Found(Position position, @Nullable Entry entry) {}

    private final List<Position> tops;

    private Epochs(List<Position> tops) {
        this.tops = List.copyOf(tops);
    }

    /** From the fields {@code past}, {@code epoch} and {@code top}; what somebody else wrote there counts as nothing. */
    static Epochs of(@Nullable Object past, @Nullable Object epoch, @Nullable Object top) {
        List<Position> tops = new ArrayList<>();
        for (var one : text(past).split(" ", -1)) {
            add(one, tops);
        }
        add(text(epoch) + "-" + text(top), tops);
        return new Epochs(tops);
    }

    private static void add(String position, List<Position> tops) {
        try {
            tops.add(Position.parse(position));
        } catch (IllegalArgumentException e) {
            // None of ours, or there is none yet.
        }
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }

    Position top() {
        return tops.isEmpty() ? Position.START : tops.get(tops.size() - 1);
    }

    /** Whether a message of the channel may have this position. */
    boolean knows(Position position) {
        int at = indexOf(position.epoch());
        return at >= 0
                && position.offset() > 0
                && position.offset() <= tops.get(at).offset();
    }

    /** Whether it is not older than everything that is known. */
    boolean covers(Position position) {
        return !tops.isEmpty() && position.epoch() >= tops.get(0).epoch();
    }

    private int indexOf(long epoch) {
        for (int i = 0; i < tops.size(); i++) {
            if (tops.get(i).epoch() == epoch) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The page of what was asked for behind {@code asked}.
     *
     * @param found what the stream has there, in order
     * @param cut whether the stream has more than that
     */
    Page after(Position asked, List<Found> found, boolean cut) {
        boolean start = asked.equals(Position.START);
        int at = indexOf(asked.epoch());
        boolean lost = !start && (at < 0 || asked.offset() > tops.get(at).offset());
        var next = lost ? behind(asked, at) : start ? first() : next(asked);
        List<Entry> entries = new ArrayList<>();
        var end = asked;
        boolean any = false;
        Gap.@Nullable Reason gap = lost ? Gap.Reason.HISTORY_LOST : null;
        var missing = OptionalLong.empty();
        for (var one : found) {
            if (!knows(one.position()) || next == null || next.isAfter(one.position())) {
                continue;
            }
            if (!next.equals(one.position())) {
                if (any) {
                    return new Page(entries, end, top(), gap, missing); // the next page begins with this gap
                }
                missing = gap == null ? OptionalLong.of(between(next, one.position())) : missing;
                gap = gap == null ? Gap.Reason.HISTORY_TRIMMED : gap;
            }
            if (one.entry() != null) {
                entries.add(one.entry());
            }
            any = true;
            end = one.position();
            next = next(end);
        }
        if (cut || next == null || any) {
            // What is missing behind the last entry shows when it is asked for.
            return new Page(entries, next == null ? top() : end, top(), gap, missing);
        }
        return new Page(
                entries,
                top(),
                top(),
                gap == null ? Gap.Reason.HISTORY_TRIMMED : gap,
                gap == null ? OptionalLong.of(between(next, top()) + 1) : missing);
    }

    /** The newest ones; what is missing among them is not looked for. */
    Page newest(List<Found> found) {
        List<Entry> entries = new ArrayList<>();
        for (var one : found) {
            if (knows(one.position()) && one.entry() != null) {
                entries.add(one.entry());
            }
        }
        return new Page(entries, top(), top(), null, OptionalLong.empty());
    }

    /** The first position of all, or null if there is none. */
    private @Nullable Position first() {
        return tops.isEmpty() ? null : begin(0);
    }

    /** The position behind a known one, or null if it is the last. */
    private @Nullable Position next(Position position) {
        int at = indexOf(position.epoch());
        return position.offset() < tops.get(at).offset()
                ? new Position(position.epoch(), position.offset() + 1)
                : begin(at + 1);
    }

    /** The first position that whoever is at {@code lost} cannot have: of the next epoch, or of the last. */
    private @Nullable Position behind(Position lost, int at) {
        if (at >= 0) {
            return begin(at + 1);
        }
        for (int i = 0; i < tops.size(); i++) {
            if (tops.get(i).epoch() > lost.epoch()) {
                return begin(i);
            }
        }
        return tops.isEmpty() ? null : begin(tops.size() - 1);
    }

    private @Nullable Position begin(int epoch) {
        for (int i = epoch; i < tops.size(); i++) {
            if (tops.get(i).offset() > 0) {
                return new Position(tops.get(i).epoch(), 1);
            }
        }
        return null;
    }

    /** How many positions there are from {@code from} to before {@code to}. */
    private long between(Position from, Position to) {
        long sum = 0;
        for (int i = indexOf(from.epoch()); i <= indexOf(to.epoch()); i++) {
            long begin = tops.get(i).epoch() == from.epoch() ? from.offset() : 1;
            long end = tops.get(i).epoch() == to.epoch()
                    ? to.offset()
                    : tops.get(i).offset() + 1;
            sum += end - begin;
        }
        return sum;
    }
}
