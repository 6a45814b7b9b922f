package dev.fanfare;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came to a lane lately, for members that are not level: bounded, because the history has it, too. For the lane alone. */
final class Remembered {

    record Item(Message message, @Nullable Position position) {}

    private static final int MAX_MESSAGES = 2_048;
    private static final long MAX_BYTES = 1 << 20;

    private final Deque<Item> items = new ArrayDeque<>();
    private long bytes;

    /** Everything behind this is here; null if nothing came before. */
    private @Nullable Position since;

    Remembered(@Nullable Position since) {
        this.since = since;
    }

    void add(Message message, @Nullable Position position) {
        items.add(new Item(message, position));
        bytes += message.size();
        while (items.size() > MAX_MESSAGES || (bytes > MAX_BYTES && items.size() > 1)) {
            var oldest = items.remove();
            bytes -= oldest.message().size();
            since = oldest.position() == null ? since : oldest.position();
        }
    }

    /** What came before {@code last}, and that, does not connect with what comes. */
    void forget(@Nullable Position last) {
        items.clear();
        bytes = 0;
        since = last;
    }

    /** What came behind {@code position}, which is nothing if the lane is at {@code last}; null if not all of it is here. */
    @Nullable
    List<Item> behind(Position position, @Nullable Position last) {
        if (last == null || !last.isAfter(position)) {
            return List.of();
        }
        if (since != null && since.isAfter(position)) {
            return null;
        }
        return items.stream()
                .dropWhile(item -> item.position() == null || !item.position().isAfter(position))
                .toList();
    }
}
