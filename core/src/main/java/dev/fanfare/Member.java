package dev.fanfare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One open session: its lane, its outbox and the channels it joined. Everything unmarked belongs to its lane's thread. */
final class Member {

    private static final int MISSED_PONGS = 2;

    /** A session that is given up has so long to take its last run before its close frame is sent over it. */
    private static final long LAST_RUN_MILLIS = 2_000;

    private final ClientSession session;
    private final String id;
    private final Lane lane;
    private final Internals internals;
    private final Outbox outbox;
    private final Map<String, Membership> memberships = new HashMap<>(4);
    private boolean leaving;
    private boolean gone;
    private boolean closePending;
    private boolean closing;
    private long pingAt;
    private volatile boolean pingWaits;
    private volatile int pingsUnanswered;
    private volatile boolean ended;

    Member(ClientSession session, Lane lane, Internals internals) {
        this.session = session;
        this.id = session.id();
        this.lane = lane;
        this.internals = internals;
        this.outbox = new Outbox(this, internals);
        this.pingAt = nextPing(System.nanoTime());
    }

    ClientSession session() {
        return session;
    }

    String id() {
        return id;
    }

    Lane lane() {
        return lane;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Whether its container said that the session has ended. Any thread. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether it gets nothing any more: it has ended, or will be closed. On the lane. */
    boolean isGivenUp() {
        return ended || leaving;
    }

    /** Any thread. */
    void pong() {
        pingsUnanswered = 0;
    }

    /** On the lane; by then the session may have ended already. */
    void opened() {
        if (!gone) {
            lane.add(this);
        }
    }

    /** The container says that the session has ended. Any thread. */
    void ended() {
        ended = true;
        internals.reaper().ended(this);
        lane.execute(this::remove);
    }

    /** Joins the channel as one of the audience that the caller acquired for it. On the lane. */
    void join(Audience audience, CompletableFuture<@Nullable Void> joined) {
        join(audience, joined, null);
    }

    /** The same, and {@code catchUp} first, if there is one. On the lane. */
    void join(Audience audience, CompletableFuture<@Nullable Void> joined, @Nullable CatchUp catchUp) {
        var refusal = audience.channel().failure();
        if (gone || refusal != null) {
            internals.channels().release(audience, lane);
            var cause = refusal == null ? new CancellationException("session " + id + " has ended") : refusal;
            internals.callbacks().fail(joined, joined, cause);
            return;
        }
        var known = memberships.get(audience.channel().name());
        if (known != null) {
            internals.channels().release(audience, lane);
        }
        if (known != null && (known.audience() != audience || catchUp != null)) {
            internals.callbacks().fail(joined, joined, otherRenderer(audience.channel()));
            return;
        }
        var membership = known == null ? becomeMember(audience, catchUp) : known;
        if (catchUp != null) {
            joined.thenRun(() -> lane.execute(() -> catchUp.begin(membership)));
        }
        if (membership.channel().isConfirmed()) {
            internals.callbacks().done(joined, joined);
        } else {
            membership.pending().add(joined);
        }
    }

    /** Changing over could skip or repeat messages, as what is rendered arrives later than what is not. */
    private IllegalStateException otherRenderer(NodeChannel channel) {
        return new IllegalStateException("session " + id + " has joined channel " + channel.name()
                + ", with another renderer or codec object perhaps, or without one: let it leave before");
    }

    private Membership becomeMember(Audience audience, @Nullable CatchUp catchUp) {
        var membership = new Membership(this, audience);
        membership.catchUp = catchUp;
        memberships.put(audience.channel().name(), membership);
        lane.channel(audience).add(membership);
        internals.registry().joined(id, audience.channel().name());
        return membership;
    }

    /** Whether {@code membership} has not ended. On the lane. */
    boolean isIn(Membership membership) {
        return memberships.get(membership.channel().name()) == membership;
    }

    /** On the lane. */
    void leave(String channel) {
        var membership = memberships.remove(channel);
        if (membership != null) {
            end(membership, new CancellationException("session " + id + " left channel " + channel + " before"));
        }
    }

    /** On the lane. */
    void leaveAll() {
        new ArrayList<>(memberships.keySet()).forEach(this::leave);
    }

    /** The subscription of {@code membership} was refused. On the lane. */
    void refused(Membership membership, Throwable cause) {
        if (memberships.remove(membership.channel().name(), membership)) {
            end(membership, cause);
        }
    }

    private void end(Membership membership, Throwable cause) {
        lane.leave(membership);
        internals.registry().left(id, membership.channel().name());
        internals.channels().release(membership.audience(), lane);
        membership.pending().forEach(joined -> internals.callbacks().fail(joined, joined, cause));
    }

    /** Puts a message to this session alone into the outbox. On the lane. */
    void send(Message message, CompletableFuture<@Nullable Void> sent) {
        if (gone) {
            internals.callbacks().fail(sent, sent, new BroadcastException("session " + id + " has ended"));
            return;
        }
        lane.handOut(Run.of(message), shared -> outbox.offer(new Segment(shared, 0, 1, null, sent)));
    }

    /** The session does not take its messages; its close frame follows the run in flight. On the lane. */
    void disconnectAsSlow(String reason) {
        disconnectAsSlow(reason, false);
    }

    private void disconnectAsSlow(String reason, boolean hard) {
        if (!leaving) {
            internals.counters().disconnectedAsSlow.increment();
            internals.callbacks().tell(listener -> listener.disconnectedAsSlow(id, reason));
            lane.slow(id, reason);
            disconnect(CloseCodes.TRY_AGAIN_LATER, "too slow", hard);
        }
    }

    /**
     * Gives the session up: it leaves its channels when the lane has handed out what it is handing out, and is closed
     * when its last run has ended, or soon; {@code hard}: at once and without hope for an answer. On the lane.
     */
    void disconnect(int code, String reason, boolean hard) {
        if (leaving) {
            return;
        }
        leaving = true;
        lane.afterwards(() -> {
            if (gone) {
                return;
            }
            internals.counters().closesPending.incrementAndGet();
            closePending = true;
            depart();
            outbox.close(() -> close(code, reason, hard));
            if (hard) {
                close(code, reason, true);
            } else {
                internals.later(LAST_RUN_MILLIS, () -> lane.execute(() -> close(code, reason, true)));
            }
        });
    }

    /** The session is gone already; nothing is sent or closed. On the lane. */
    private void remove() {
        if (!gone) {
            leaving = true;
            depart();
            outbox.close(() -> {});
        }
        if (closePending && !closing) {
            internals.counters().closesPending.decrementAndGet();
        }
        closing = true;
        outbox.abandon();
        internals.members().forget(this);
    }

    private void depart() {
        gone = true;
        leaveAll();
        lane.remove(this);
        internals.members().depart(this);
    }

    private void close(int code, String reason, boolean hard) {
        if (!closing) {
            closing = true;
            outbox.abandon();
            internals.reaper().close(this, code, reason, hard);
        }
    }

    /** Ends the session if it is dead, pings it if it is quiet. On the lane, about once a second. */
    void check(long now) {
        if (outbox.overdue(now)) {
            disconnectAsSlow(
                    "a send made no progress for " + internals.settings().sendTimeout(), true);
        } else if (now - pingAt >= 0 && !outbox.isInFlight()) {
            pingAt = nextPing(now);
            ping();
        }
    }

    private void ping() {
        if (pingsUnanswered >= MISSED_PONGS) {
            disconnect(CloseCodes.GOING_AWAY, "no answer to pings", true);
        } else if (!pingWaits) { // behind closes that block, which is not this session's fault
            pingWaits = true;
            internals.reaper().ping(this);
        }
    }

    /** A ping leaves now: only from here on an answer can be missing. On the reaper, one at a time. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // a pong in between may as well have come later
    void pings() {
        pingsUnanswered++;
        pingWaits = false;
    }

    /** Sessions that opened together, after a restart perhaps, are not pinged together. */
    private long nextPing(long now) {
        long interval = internals.settings().pingInterval().toNanos();
        return now + interval - ThreadLocalRandom.current().nextLong(interval / 5 + 1);
    }
}
