package dev.fanfare;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one session, and the one run that is on its way to it.
 *
 * <h2>The hard class</h2>
 *
 * <p>Two parties meet here. The <em>lane</em> is the only one to put messages in, to take them out and to call {@link
 * ClientSession#send}; every field without a remark belongs to its thread. The <em>container</em> tells the outcome of a
 * send through an {@link Attempt}, on any thread: perhaps the lane's, from within {@code send}; perhaps never; perhaps
 * twice. The container's side never touches the queue. It moves one atomic state and, if somebody waits for that, puts
 * this outbox on its lane's ready list:
 *
 * <pre>
 *          lane: send                container: done, failed
 *   IDLE ─────────────→ IN_FLIGHT ─────────────────────────→ DONE
 *    ↑                   ↑     │ container: busy               │
 *    │        lane: send │     ↓                               │
 *    │                   └─── BUSY                             │
 *    └─────────────────────────────────────── lane: advance ───┘
 * </pre>
 *
 * <p>So a container that completes inline cannot recurse into the next send, and one that completes late finds its
 * attempt over and changes nothing.
 *
 * <p>No wake-up is lost: the lane sets {@link #wake} <em>before</em> it reads the state, and the container sets the state
 * <em>before</em> it reads {@code wake}; both are volatile, so at least one of them sees what the other wrote.
 *
 * <p>A full outbox never touches the run in flight: its bytes may already be half on the wire.
 */
final class Outbox {

    private static final int IDLE = 0;
    private static final int IN_FLIGHT = 1;
    private static final int DONE = 2;
    private static final int BUSY = 3;

    /** After so many sends in a row that completed inline, the other sessions of the lane get their turn. */
    private static final int MAX_IN_A_ROW = 64;

    private static final long FIRST_RETRY_MILLIS = 1;
    private static final long LAST_RETRY_MILLIS = 50;

    private final Member member;
    private final ClientSession session;
    private final Internals internals;
    private volatile int state = IDLE;
    private final AtomicBoolean onReadyList = new AtomicBoolean();
    private volatile boolean wake;
    private volatile long progressAt;
    private volatile @Nullable Throwable failure;
    private volatile int sentBeforeBusy;

    /** Null while nothing waits, which is nearly always. */
    private @Nullable WaitingMessages waiting;

    private @Nullable Attempt attempt;
    private long retryAt;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private @Nullable Runnable whenSettled;
    private boolean closed;
    private boolean abandoned;

    Outbox(Member member, Internals internals) {
        this.member = member;
        this.session = member.session();
        this.internals = internals;
    }

    /** Takes {@code segment}, as far as the overflow policy allows, and sends what can be sent. On the lane. */
    void offer(Segment segment) {
        int now = state;
        if ((now == IDLE || now == DONE) && waiting == null && failure == null && !closed) {
            segment.shared().retain();
            begin(segment);
            if (state == DONE && failure == null) {
                idle();
            }
        } else if (closed) {
            failSent(segment, "session " + member.id() + " has ended");
        } else {
            enqueue(segment);
            wake = true;
            advance();
        }
    }

    /** Reads what the next send is about to read. On the lane. */
    int touch() {
        return session instanceof ClientSession.Prefetch known ? known.touch() : 0;
    }

    private void enqueue(Segment segment) {
        var limits = internals.settings();
        var queue = waiting;
        if (queue == null) {
            queue = new WaitingMessages(limits.outboxMessages(), limits.outboxBytes());
            waiting = queue;
        }
        int dropped = queue.offer(segment, limits.overflow(segment.channel()));
        if (dropped != 0) {
            overflow(queue, segment, dropped);
        }
    }

    private void overflow(WaitingMessages queue, Segment segment, int dropped) {
        if (dropped < 0) {
            failSent(segment, "session " + member.id() + " was closed because it is too slow");
            var limits = internals.settings();
            member.disconnectAsSlow("its outbox is full: " + queue.messages() + " messages with " + queue.bytes()
                    + " bytes wait, " + segment.messages() + " with " + segment.bytes() + " more came, the limits are "
                    + limits.outboxMessages() + " and " + limits.outboxBytes());
            return;
        }
        var channel = segment.channel();
        if (channel == null) {
            failSent(segment, "the outbox of session " + member.id() + " is full");
        } else {
            internals.dropped(member.id(), channel, dropped);
        }
    }

    /** Sends what can be sent now. On the lane. */
    void advance() {
        for (int i = 0; i < MAX_IN_A_ROW; i++) {
            int now = state;
            if (now == IN_FLIGHT || (now == BUSY && System.nanoTime() - retryAt < 0)) {
                return;
            }
            if (now == BUSY) {
                resend();
            } else if (!sendNext()) {
                return;
            }
        }
        ready();
    }

    /** Called by the lane for an outbox on its ready list. */
    void resume() {
        onReadyList.set(false);
        advance();
    }

    private boolean sendNext() {
        var cause = failure;
        if (cause != null && !closed) {
            // Not hard: if the application has closed the session, its close frame may still be on the way.
            member.disconnect(CloseCodes.UNEXPECTED, "a send failed", false);
            return false;
        }
        state = IDLE;
        var settled = whenSettled;
        if (settled != null) {
            whenSettled = null;
            settled.run();
            return false;
        }
        var queue = waiting;
        var next = queue == null ? null : queue.poll();
        if (queue == null || next == null) {
            idle();
            return false;
        }
        waiting = queue.isEmpty() ? null : queue;
        wake = waiting != null;
        begin(next);
        return true;
    }

    /** An idle session keeps nothing of its last run. */
    private void idle() {
        state = IDLE;
        wake = false;
        waiting = null;
        attempt = null;
    }

    private void begin(Segment segment) {
        retryMillis = FIRST_RETRY_MILLIS;
        send(segment);
        if (state != DONE) {
            progressAt = System.nanoTime();
        }
    }

    private void resend() {
        var busy = attempt;
        if (busy == null) {
            throw new IllegalStateException("busy without an attempt");
        }
        if (abandoned) {
            state = DONE;
            release(busy.segment);
            return;
        }
        int sent = sentBeforeBusy;
        if (sent > 0) {
            progressAt = System.nanoTime();
            retryMillis = FIRST_RETRY_MILLIS;
            internals.counters().sent.add(sent);
        }
        send(busy.segment.slice(busy.segment.from() + sent, busy.segment.to()));
    }

    private void send(Segment segment) {
        var started = new Attempt(segment);
        attempt = started;
        state = IN_FLIGHT;
        try {
            session.send(segment.run(), started);
        } catch (RuntimeException | Error e) { // a container may throw anything; a throw is a failed send
            started.failed(e);
        }
    }

    /**
     * Takes nothing more and gives up what waits. {@code then} runs on the lane when the run in flight has ended, at once
     * if there is none. On the lane.
     */
    void close(Runnable then) {
        closed = true;
        if (waiting != null) {
            waiting.clear(segment -> failSent(segment, "session " + member.id() + " has ended"));
            waiting = null;
        }
        int now = state;
        if (now == IDLE || failure != null) {
            then.run();
            return;
        }
        whenSettled = then;
        wake = true;
        if (state == DONE) {
            ready();
        }
    }

    /** No longer waits for the run in flight: its memory belongs to the garbage collector. On the lane. */
    void abandon() {
        abandoned = true;
        var current = attempt;
        if (current != null && current.end()) {
            failSent(current.segment, "session " + member.id() + " has ended");
        } else if (state == BUSY) {
            resend();
        }
    }

    /** Lets go of a run between two attempts. */
    private void release(Segment segment) {
        segment.shared().release();
        failSent(segment, "session " + member.id() + " has ended");
    }

    /** Whether a run has been on its way without any progress for longer than the send timeout. */
    boolean overdue(long now) {
        return isInFlight()
                && now - progressAt > internals.settings().sendTimeout().toNanos();
    }

    boolean isInFlight() {
        int now = state;
        return now == IN_FLIGHT || now == BUSY;
    }

    boolean isSettled() {
        return closed || (!isInFlight() && waiting == null);
    }

    /** Whether there is room for more than a portion of what is no hurry. On the lane. */
    boolean isDrained() {
        var limits = internals.settings();
        var queue = waiting;
        return queue == null
                || (queue.messages() < limits.outboxMessages() / 4 && queue.bytes() < limits.outboxBytes() / 4);
    }

    /** Whether this session still has to get a part of {@code run}. On the lane. */
    boolean holds(SharedRun run) {
        var current = attempt;
        return (isInFlight() && current != null && current.segment.shared() == run)
                || (waiting != null && waiting.holds(run));
    }

    private void ready() {
        if (onReadyList.compareAndSet(false, true)) {
            member.lane().ready(this);
        }
    }

    /** The state is set last but for the timer, which must find it. */
    private void retryLater() {
        long millis = retryMillis;
        retryMillis = Math.min(millis * 2, LAST_RETRY_MILLIS);
        retryAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        state = BUSY;
        internals.later(millis, this::ready);
    }

    private void failSent(Segment segment, String why) {
        var sent = segment.sent();
        if (sent != null) {
            internals.callbacks().fail(sent, sent, new BroadcastException(why + ": the message was not sent"));
        }
    }

    /** One call of {@link ClientSession#send} and its outcome; true when it is over, be it that it goes on in another. Any thread. */
    private final class Attempt extends AtomicBoolean implements ClientSession.Completion {
        private static final long serialVersionUID = 1L;
        private final transient Segment segment;

        Attempt(Segment segment) {
            this.segment = segment;
        }

        /** Lets go of the run, the first time. */
        boolean end() {
            boolean first = compareAndSet(false, true);
            if (first) {
                segment.shared().release();
            }
            return first;
        }

        @Override
        public void progress() {
            if (!get()) {
                progressAt = System.nanoTime();
            }
        }

        @Override
        public void done() {
            if (!end()) {
                return;
            }
            internals.counters().sent.add(segment.messages());
            var sent = segment.sent();
            if (sent != null) {
                internals.callbacks().done(sent, sent);
            }
            settle();
        }

        @Override
        public void busy(int sent) {
            if (sent >= segment.messages()) {
                done();
            } else if (compareAndSet(false, true)) { // the next attempt holds the run on
                sentBeforeBusy = sent;
                retryLater();
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (end()) {
                failSent(segment, "the send to session " + member.id() + " failed (" + cause + ")");
                failure = cause;
                wake = true; // the lane has to end the session, whether or not something waits
                settle();
            }
        }

        private void settle() {
            state = DONE;
            if (wake) {
                ready();
            }
        }
    }
}
