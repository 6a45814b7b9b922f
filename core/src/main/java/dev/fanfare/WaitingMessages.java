package dev.fanfare;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits in an outbox behind the run in flight: bounded by messages and bytes, with an {@link OverflowPolicy} for each
 * channel. Not thread-safe: the session's lane owns it. Each segment in it holds its shared run.
 */
final class WaitingMessages {

    private static final int REFUSED = -1;

    private final int maxMessages;
    private final long maxBytes;
    private Deque<Segment> segments = new ArrayDeque<>(2);
    private int messages;
    private long bytes;

    WaitingMessages(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    int messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    /**
     * Takes {@code segment}, or as much of it as the policy and the limits allow.
     *
     * @return how many messages were dropped for it; negative if the policy is to disconnect the session
     */
    int offer(Segment segment, OverflowPolicy policy) {
        if (segments.isEmpty() || fits(segment.messages(), segment.bytes())) {
            add(segment);
            return 0;
        }
        return switch (policy) {
            case DISCONNECT -> REFUSED;
            case DROP_NEWEST -> addPrefix(segment);
            case DROP_OLDEST -> dropOldest(segment) + addSuffix(segment);
            case KEEP_LATEST -> dropSameKeys(segment) + dropOldest(segment) + addSuffix(segment);
        };
    }

    /** The next segment to send, no longer counted here; its shared run stays held, by the caller now. */
    @Nullable
    Segment poll() {
        var segment = segments.poll();
        if (segment != null) {
            messages -= segment.messages();
            bytes -= segment.bytes();
        }
        return segment;
    }

    /** Gives everything up; {@code gone} is told each segment. */
    void clear(Consumer<Segment> gone) {
        for (var segment = poll(); segment != null; segment = poll()) {
            segment.shared().release();
            gone.accept(segment);
        }
    }

    boolean holds(SharedRun run) {
        return segments.stream().anyMatch(segment -> segment.shared() == run);
    }

    private boolean fits(int moreMessages, long moreBytes) {
        boolean oneAlone = messages == 0 && moreMessages == 1; // an empty outbox takes any message
        return oneAlone || (messages + moreMessages <= maxMessages && bytes + moreBytes <= maxBytes);
    }

    private void add(Segment segment) {
        segment.shared().retain();
        segments.add(segment);
        messages += segment.messages();
        bytes += segment.bytes();
    }

    private int addPrefix(Segment segment) {
        int to = segment.from();
        long size = 0;
        while (to < segment.to()
                && fits(to + 1 - segment.from(), size + segment.message(to).size())) {
            size += segment.message(to++).size();
        }
        return addPart(segment, segment.from(), to);
    }

    private int addSuffix(Segment segment) {
        int from = segment.to();
        long size = 0;
        while (from > segment.from()
                && fits(
                        segment.to() - from + 1,
                        size + segment.message(from - 1).size())) {
            size += segment.message(--from).size();
        }
        return addPart(segment, from, segment.to());
    }

    private int addPart(Segment segment, int from, int to) {
        if (from < to) {
            add(segment.slice(from, to));
        }
        return segment.messages() - (to - from);
    }

    /** Removes the channel's oldest messages until {@code segment} fits or none are left. */
    private int dropOldest(Segment segment) {
        int needed = segment.messages();
        long neededBytes = segment.bytes();
        return filter((waiting, index) -> waiting.of(segment.channel()) && !fits(needed, neededBytes));
    }

    /** Removes those messages of the channel whose key one of the new messages has as well. */
    private int dropSameKeys(Segment segment) {
        return filter((waiting, index) -> waiting.of(segment.channel())
                && hasKey(segment, waiting.message(index).attributes().key()));
    }

    private static boolean hasKey(Segment segment, @Nullable String key) {
        if (key == null) {
            return false;
        }
        for (int i = segment.from(); i < segment.to(); i++) {
            if (key.equals(segment.message(i).attributes().key())) {
                return true;
            }
        }
        return false;
    }

    private interface Unwanted {
        boolean test(Segment segment, int index);
    }

    /** Keeps what is wanted, in order; the limits are up to date whenever {@code unwanted} is asked. */
    private int filter(Unwanted unwanted) {
        int before = messages;
        var kept = new ArrayDeque<Segment>(segments.size());
        for (var segment : segments) {
            keepWanted(segment, unwanted, kept);
            segment.shared().release();
        }
        segments = kept;
        return before - messages;
    }

    private void keepWanted(Segment segment, Unwanted unwanted, Deque<Segment> kept) {
        int start = segment.from();
        for (int i = segment.from(); i < segment.to(); i++) {
            if (unwanted.test(segment, i)) {
                messages--;
                bytes -= segment.message(i).size();
                keep(segment, start, i, kept);
                start = i + 1;
            }
        }
        keep(segment, start, segment.to(), kept);
    }

    private static void keep(Segment segment, int from, int to, Deque<Segment> kept) {
        if (from < to) {
            segment.shared().retain();
            kept.add(from == segment.from() && to == segment.to() ? segment : segment.slice(from, to));
        }
    }
}
