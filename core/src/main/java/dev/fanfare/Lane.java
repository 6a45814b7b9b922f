package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A serial executor that owns a slice of the sessions: their memberships and outboxes are touched on it alone, so they
 * need no lock, and a session gets its messages in order.
 *
 * <p>Anybody may put messages and tasks in, in one queue; they are handled in that order, but messages of one channel that
 * stand in the queue together become one run. Only messages are bounded: a task is never lost.
 */
final class Lane {

    private static final Logger LOG = System.getLogger(Lane.class.getName());

    /** After so many messages and tasks, sessions that can take more get their turn. */
    private static final int MAX_IN_A_ROW = 4_096;

    /** So many members are handed a run before others get a chance to use the processor. */
    static final int MEMBERS_IN_A_ROW = 32;

    private static final long LOG_SLOW_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private record Delivery(
            Audience audience, Message message, @Nullable Position position) {}

    private final Executor executor;
    /** On a thread that has other things to do; null if it is the lane's own. */
    private final @Nullable GuestRest guest;

    private final Internals internals;
    private final Runnable turn = this::turn;
    private final Runnable begin = this::begin;
    private final Queue<Object> queue = new ConcurrentLinkedQueue<>();
    private final Queue<Outbox> ready = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Whether the time that messages are collected for is running; raised after a message is put in, lowered before a turn. */
    private final AtomicBoolean collects = new AtomicBoolean();

    private final long collectNanos;
    private final AtomicInteger queuedMessages = new AtomicInteger();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicInteger sessions = new AtomicInteger();
    private final Overflow overflow;

    // The lane's thread alone:
    private final Map<Audience, LaneChannel> channels = new HashMap<>();
    private final Set<Member> members = new HashSet<>();
    private final List<LaneChannel> collecting = new ArrayList<>();
    private final Deque<Runnable> afterwards = new ArrayDeque<>();
    private long slowLoggedAt;
    private long slowSinceLogged;
    /** The sum of what was read for nothing but its memory, so that no compiler leaves that out. */
    @SuppressWarnings("UnusedVariable")
    private int touched;

    /** Whether a run of this turn went to more sessions than {@link #MEMBERS_IN_A_ROW}. */
    private boolean many;

    /** {@code guest}: on a thread of the container, which reads from clients on it as well. */
    Lane(Executor executor, boolean guest, Internals internals, Consumer<Gap> gaps) {
        this.executor = executor;
        this.guest = guest ? new GuestRest(internals.settings().clock()) : null;
        this.internals = internals;
        this.collectNanos = internals.settings().coalescing().toNanos();
        this.overflow = new Overflow(internals.settings().node(), Gap.Reason.LANE_OVERFLOW, gap -> {
            gaps.accept(gap);
            execute(() -> List.copyOf(channels.values()).forEach(channel -> channel.gap(gap)));
        });
        this.slowLoggedAt = System.nanoTime() - LOG_SLOW_EVERY_NANOS;
    }

    /** Takes a message for its members of {@code audience}, or drops it and reports a gap. Never blocks. Any thread. */
    void offer(Audience audience, Message message, @Nullable Position position) {
        if (!tryOffer(audience, message, position)) {
            overflow.lost(audience.channel().name());
        }
    }

    /** The same, but leaves it to the caller to come back if there is no room. */
    boolean tryOffer(Audience audience, Message message, @Nullable Position position) {
        var settings = internals.settings();
        int waiting = queuedMessages.get();
        if (waiting > 0
                && (waiting >= settings.laneMessages() || queuedBytes.get() + message.size() > settings.laneBytes())) {
            return false;
        }
        overflow.over(audience.channel().name());
        queuedMessages.incrementAndGet();
        queuedBytes.addAndGet(message.size());
        queue.add(new Delivery(audience, message, position));
        if (collectNanos == 0) {
            schedule();
        } else if (!collects.get() && collects.compareAndSet(false, true)) {
            internals.later(collectNanos, TimeUnit.NANOSECONDS, this::collected);
        }
        return true;
    }

    /** Reports a message that it had no room for and that does not come again. Any thread. */
    void lost(String channel) {
        overflow.lost(channel);
    }

    /** Runs {@code task} on the lane, after everything put in before. Any thread. */
    void execute(Runnable task) {
        queue.add(task);
        schedule();
    }

    /** The outbox can take a step. Any thread. */
    void ready(Outbox outbox) {
        ready.add(outbox);
        schedule();
    }

    int sessions() {
        return sessions.get();
    }

    int queuedMessages() {
        return queuedMessages.get();
    }

    private void collected() {
        collects.set(false);
        schedule();
    }

    private void schedule() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            long rest = guest == null ? 0 : guest.nanos();
            if (rest > 0) {
                internals.later(rest, TimeUnit.NANOSECONDS, begin);
            } else {
                begin();
            }
        }
    }

    private void begin() {
        try {
            executor.execute(turn);
        } catch (RejectedExecutionException e) {
            scheduled.set(false); // an adapter's executor may have room later; check() asks again
            LOG.log(Level.DEBUG, "The lane has ended, or has no room", e);
        }
    }

    private void turn() {
        if (guest != null) {
            guest.turnBegins();
        }
        many = false;
        try {
            takeFromQueue();
            handOutCollected();
            for (var outbox = ready.poll(); outbox != null; outbox = ready.poll()) {
                guarded(outbox::resume);
                runAfterwards();
            }
        } finally {
            if (guest != null) {
                guest.turnEnds(many);
            }
            scheduled.set(false);
            if (!ready.isEmpty() || (!queue.isEmpty() && !collects.get())) {
                schedule();
            }
        }
    }

    /**
     * A run is about to be handed to {@code members} from {@code from} on, one after the other: fetches what they consist of,
     * and gives way to threads that wait for the processor, as it takes a while. On the lane.
     */
    @SuppressWarnings("ThreadPriorityCheck") // without it all works the same, and others wait longer
    void beforeMembers(List<Membership> members, int from) {
        int to = Math.min(members.size(), from + MEMBERS_IN_A_ROW);
        for (int i = from; i < to; i++) {
            touched += members.get(i).outbox().touch();
        }
        if (from > 0) {
            many = true;
            if (guest == null) {
                Thread.yield();
            }
        }
    }

    private void takeFromQueue() {
        for (int i = 0; i < MAX_IN_A_ROW; i++) {
            var next = queue.poll();
            if (next == null) {
                return;
            }
            if (next instanceof Delivery delivery) {
                collect(delivery);
            } else {
                guarded((Runnable) next);
            }
            runAfterwards();
        }
    }

    private void collect(Delivery delivery) {
        queuedMessages.decrementAndGet();
        queuedBytes.addAndGet(-delivery.message().size());
        var channel = channels.get(delivery.audience());
        if (channel != null && channel.collect(delivery.message(), delivery.position())) {
            collecting.add(channel);
        }
    }

    private void handOutCollected() {
        for (var channel : collecting) {
            guarded(channel::handOut);
            runAfterwards();
        }
        collecting.clear();
    }

    /** Makes one shared run and lets {@code offers} hand it to sessions. On the lane. */
    void handOut(Run run, Consumer<SharedRun> offers) {
        var shared = new SharedRun(run, this, internals.pinned());
        try {
            offers.accept(shared);
        } finally {
            shared.release();
        }
        var oldest = internals.pinned().oldestIfTooMuch();
        if (oldest != null) {
            oldest.lane().execute(() -> oldest.lane().giveUpHolderOf(oldest));
        }
    }

    /** Too much memory is pinned: the session that has not taken the oldest run pays for it. */
    private void giveUpHolderOf(SharedRun run) {
        if (internals.pinned().oldestIfTooMuch() != run) {
            return;
        }
        for (var member : members) {
            if (member.outbox().holds(run)) {
                member.disconnectAsSlow("it holds the oldest of "
                        + internals.pinned().bytes() + " bytes that sessions of this node have not taken");
                return;
            }
        }
    }

    /** Runs {@code task} when what is being handed out now is handed out. On the lane. */
    void afterwards(Runnable task) {
        afterwards.add(task);
    }

    private void runAfterwards() {
        for (var task = afterwards.poll(); task != null; task = afterwards.poll()) {
            guarded(task);
        }
    }

    /** A defect in one task must not end the lane for all. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) { // also an Error: the lane has to live on
            LOG.log(Level.ERROR, "A task of a lane failed; this is a defect of the library", t);
        }
    }

    void add(Member member) {
        if (members.add(member)) {
            sessions.incrementAndGet();
        }
    }

    void remove(Member member) {
        if (members.remove(member)) {
            sessions.decrementAndGet();
        }
    }

    Set<Member> members() {
        return members;
    }

    /** The audience's part on this lane; made if this is its first member. On the lane. */
    LaneChannel channel(Audience audience) {
        return channels.computeIfAbsent(
                audience, a -> new LaneChannel(a.channel().name(), a.framing(), this, internals));
    }

    /** Messages may be missing before those that come next. Any thread. */
    void gap(Audience audience, Gap gap) {
        execute(() -> {
            var channel = channels.get(audience);
            if (channel != null) {
                channel.gap(gap);
            }
        });
    }

    void leave(Membership membership) {
        var channel = channel(membership.audience());
        channel.remove(membership);
        if (channel.members().isEmpty()) {
            channels.remove(membership.audience());
        }
    }

    /**
     * The subscription is confirmed ({@code refusal} is null) or refused: says so to the joins that wait for it. Members
     * that do not wait stay: the broadcaster keeps trying for them. On the lane.
     */
    void settle(Audience audience, @Nullable Throwable refusal) {
        var channel = channels.get(audience);
        if (channel == null || (refusal == null && !audience.channel().isConfirmed())) {
            return;
        }
        for (var membership : List.copyOf(channel.members())) {
            if (!membership.isPending()) {
                continue;
            }
            if (refusal != null) {
                membership.member().refused(membership, refusal);
            } else {
                membership.takePending().forEach(joined -> internals.callbacks().done(joined, joined));
            }
        }
    }

    /** Looks after every session: send deadlines, pings; reports overflow that has passed. On the lane. */
    void check() {
        long now = System.nanoTime();
        for (var member : members) {
            member.check(now);
        }
        overflow.reportQuiet();
    }

    /** A session is disconnected as slow; said once a minute, with how many there were. On the lane. */
    void slow(String sessionId, String reason) {
        slowSinceLogged++;
        long now = System.nanoTime();
        if (now - slowLoggedAt >= LOG_SLOW_EVERY_NANOS) {
            LOG.log(
                    Level.WARNING,
                    "Node {0}: closing session {1} with 1013 because {2} (sessions closed so since the last such line: {3})",
                    internals.settings().node(),
                    sessionId,
                    reason,
                    slowSinceLogged);
            slowLoggedAt = now;
            slowSinceLogged = 0;
        }
    }
}
