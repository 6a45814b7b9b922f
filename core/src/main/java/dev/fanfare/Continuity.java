package dev.fanfare;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the messages of one channel with history reach this node's lanes in order, each once, and none missing.
 *
 * <p>What comes next is handed on at once. Where a message is missing (lost by Pub/Sub, or for want of room on a lane) the
 * channel is held, and the history asked for what is behind the last one; what it answers is handed on first. Other channels
 * go on meanwhile. What is held is bounded, because the history has it, too: the oldest are let go and read again. A last
 * message that is missing is found by asking when the channel was quiet. What the history does not have any more is a gap.
 *
 * <p>Thread-safe. Messages come from the broadcaster's threads, answers from the history's, the room on a lane from that
 * lane. Handing on only puts into queues, so the lock may be held meanwhile; nothing is asked under it.
 */
final class Continuity {

    /** Where messages are handed on. Called under the lock, so one at a time. */
    interface Sink {
        /** Hands a message on, or returns a lane that has no room for it: then it is handed on again later. */
        @Nullable
        Lane handOn(Message message, @Nullable Position position);

        void gap(Gap gap);
    }

    /** What all channels of a hub share. */
    record Shared(History history, AtomicLong heldBytes, long maxHeldBytes, Counters counters) {}

    private record Held(Message message, @Nullable Position position, long asks) {}

    static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int EARLIER = 32;
    private static final int MAX_HELD = 4_096;
    private static final int PAGE = 512;

    private final String channel;
    private final Shared shared;
    private final Sink sink;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final Object lock = new Object();

    /** The last one that was handed on; null before the beginning. */
    @GuardedBy("lock")
    private @Nullable Position last;

    /** How far earlier epochs came: what was on its way meanwhile may come later. */
    @GuardedBy("lock")
    private final Map<Long, Long> earlier = new LinkedHashMap<>(0);

    @GuardedBy("lock")
    private boolean asking;

    /** A lane has no room. */
    @GuardedBy("lock")
    private boolean blocked;

    @GuardedBy("lock")
    private long asks;

    @GuardedBy("lock")
    private final Deque<Held> held = new ArrayDeque<>(0);

    /** Everything up to this moment was handed on. */
    @GuardedBy("lock")
    private Instant proven = Instant.now();

    @GuardedBy("lock")
    private Instant askedAt = proven;

    @GuardedBy("lock")
    private long quietSince = System.nanoTime();

    /** What came does not agree with what the history says: to be asked again soon. */
    @GuardedBy("lock")
    private boolean doubtful;

    Continuity(String channel, Shared shared, Sink sink) {
        this.channel = channel;
        this.shared = shared;
        this.sink = sink;
    }

    boolean hasBegun() {
        return begun.isDone();
    }

    /** Finds out where the channel stands: what comes behind that is complete. Once its subscription is confirmed. */
    CompletableFuture<Void> begin() {
        synchronized (lock) {
            if (asking || last != null) {
                return begun;
            }
            asking = true;
        }
        shared.history().newest(channel, 0).whenComplete((page, failure) -> {
            if (page == null) {
                synchronized (lock) {
                    asking = false;
                }
                begun.completeExceptionally(failure == null ? new CancellationException() : failure);
            } else {
                answered(page);
                begun.complete(null);
            }
        });
        return begun;
    }

    void message(Message message, @Nullable Position position) {
        boolean ask = false;
        synchronized (lock) {
            if (position == null) {
                shared.counters().unpositioned.increment();
            }
            if (last == null || asking || blocked) {
                hold(message, position);
            } else if (position == null || position.follows(last)) {
                handOn(message, position);
            } else if (isOld(position, last)) {
                return;
            } else {
                hold(message, position);
                ask = true;
                asking = true;
            }
        }
        if (ask) {
            ask();
        }
    }

    /** Whether it was handed on before; offsets of the same epoch only are compared. */
    @GuardedBy("lock")
    private boolean isOld(Position position, Position last) {
        var reached = position.epoch() == last.epoch() ? (Long) last.offset() : earlier.get(position.epoch());
        return reached != null && position.offset() <= reached;
    }

    /** Something may be missing. */
    void verify() {
        synchronized (lock) {
            if (last == null || asking || blocked) {
                doubtful = true; // what is under way may have been read too early
                return;
            }
            asking = true;
        }
        ask();
    }

    /** Asks if nothing came for a while, which may be because it was lost. Called about once a second. */
    void check(long now) {
        synchronized (lock) {
            if (last == null || asking || blocked || !(doubtful || now - quietSince >= CHECK_NANOS)) {
                return;
            }
            quietSince = now;
            asking = true;
        }
        ask();
    }

    /** The lane has handled everything that was in front of the message that it had no room for. On the lane. */
    private void room() {
        synchronized (lock) {
            blocked = false;
            asking = true;
        }
        ask();
    }

    private void ask() {
        Position from;
        synchronized (lock) {
            from = last == null ? Position.START : last;
            asks++;
            askedAt = Instant.now();
            doubtful = false;
        }
        shared.history().after(channel, from, PAGE).whenComplete((page, failure) -> {
            if (page != null) {
                answered(page);
            } else {
                failed();
            }
        });
    }

    private void answered(History.Page page) {
        boolean again;
        synchronized (lock) {
            asking = false;
            again = last == null ? beginAt(page) : take(page);
            asking = again;
        }
        if (again) {
            ask();
        }
    }

    @GuardedBy("lock")
    private boolean beginAt(History.Page page) {
        last = page.top();
        proven = Instant.now();
        return handOnHeld();
    }

    /** Returns whether to ask again. */
    @GuardedBy("lock")
    private boolean take(History.Page page) {
        if (page.gap() != null) {
            gap(page.gap(), page.lost());
            reach(
                    page.entries().isEmpty()
                            ? page.end()
                            : before(page.entries().get(0).position()));
        }
        for (var entry : page.entries()) {
            handOnPlainBefore(entry.position());
            if (!handOn(entry.message(), entry.position())) {
                return false;
            }
            shared.counters().refilled.increment();
        }
        reach(page.end());
        if (!page.isLast()) {
            return true;
        }
        proven = askedAt;
        return handOnHeld();
    }

    /** What is held without a position, and came just before the message at {@code next} did, keeps its place. */
    @GuardedBy("lock")
    private void handOnPlainBefore(Position next) {
        int before = 0;
        for (var one : held) {
            var position = one.position();
            if (next.equals(position)) {
                break;
            }
            if (last == null || (position != null && !isOld(position, last))) {
                return;
            }
            before++;
        }
        for (; before > 0 && held.size() > before; before--) {
            var one = letGo();
            if (one.position() == null) {
                handOn(one.message(), null);
            }
        }
    }

    /** The last one is {@code position} now, or was, if nothing came behind it. */
    @GuardedBy("lock")
    private void reach(Position position) {
        if (last != null && last.epoch() != position.epoch()) {
            earlier.put(last.epoch(), last.offset());
            if (earlier.size() > EARLIER) {
                earlier.remove(earlier.keySet().iterator().next());
            }
        }
        last = position;
    }

    private static Position before(Position position) {
        return new Position(position.epoch(), Math.max(0, position.offset() - 1));
    }

    /** Hands on what has become the next; returns whether to ask for what is missing before the rest. */
    @GuardedBy("lock")
    private boolean handOnHeld() {
        boolean lost = false;
        for (var next = held.peek(); next != null; next = held.peek()) {
            var position = next.position();
            var now = last;
            if (now == null || position == null || position.follows(now)) {
                if (!handOn(next.message(), position)) {
                    return false;
                }
            } else if (!isOld(position, now)) {
                if (next.asks() == asks) {
                    return true; // it came after the history was asked
                }
                // It was there before the history was asked, and the history does not have it. Of an earlier epoch:
                // lost.
                // Else it is none of ours, or the history was asked of a server that is no master any more.
                lost |= position.epoch() < now.epoch();
                doubtful = true;
                shared.counters().unpositioned.increment();
            }
            letGo();
        }
        if (lost) {
            gap(Gap.Reason.HISTORY_LOST, OptionalLong.empty());
        }
        return false;
    }

    /** Hands a message on, unless a lane has no room. */
    @GuardedBy("lock")
    private boolean handOn(Message message, @Nullable Position position) {
        var full = sink.handOn(message, position);
        if (full != null && position != null) {
            blocked = true;
            full.execute(this::room);
            return false;
        }
        quietSince = System.nanoTime();
        if (position != null) {
            reach(position);
        }
        return true;
    }

    @GuardedBy("lock")
    private void hold(Message message, @Nullable Position position) {
        held.add(new Held(message, position, asks));
        shared.heldBytes().addAndGet(message.size());
        while (held.size() > MAX_HELD || (held.size() > 1 && shared.heldBytes().get() > shared.maxHeldBytes())) {
            var oldest = letGo();
            if (oldest.position() == null) { // the history does not have it
                gap(Gap.Reason.LANE_OVERFLOW, OptionalLong.of(1));
            }
        }
    }

    @GuardedBy("lock")
    private Held letGo() {
        var oldest = held.remove();
        shared.heldBytes().addAndGet(-oldest.message().size());
        return oldest;
    }

    @GuardedBy("lock")
    private void gap(Gap.Reason reason, OptionalLong lost) {
        var now = Instant.now();
        sink.gap(new Gap(channel, proven.isAfter(now) ? now : proven, now, reason, lost));
    }

    /** The history does not answer, for want of rights perhaps: goes on with what comes, and says so. */
    private void failed() {
        synchronized (lock) {
            asking = false;
            if (!held.isEmpty()) {
                gap(Gap.Reason.HISTORY_LOST, OptionalLong.empty());
            }
            while (!held.isEmpty()) {
                var next = letGo();
                sink.handOn(next.message(), next.position());
                last = next.position() == null ? last : next.position();
            }
        }
    }

    /** Nobody wants the channel any more: gives up what is held. */
    void end() {
        synchronized (lock) {
            while (!held.isEmpty()) {
                letGo();
            }
        }
    }
}
