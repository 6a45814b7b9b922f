package dev.fanfare.redis;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The message to itself with which a node proves that what is published arrives: it goes the way of every message,
 * through the publisher and back through the subscriber. A subscriber can be deaf and answer every PING, for instance on
 * a server that was the master once.
 *
 * <p>What Redis accepted before the canary was delivered before it, so a canary that returns proves everything up to the
 * moment at which it was sent. An ordinary message proves less: it does not say when Redis accepted it.
 *
 * <p>A canary is missing if Redis acknowledged it a period ago and has answered a PING on the subscriber's connection
 * since then: a connection that is merely behind has that PONG in front of it, too.
 *
 * <p>One is under way at a time. Thread-safe.
 */
final class Canary {

    /** What the canary of one node looks like to it. */
    record Mark(long node, long sequence) {}

    private final long node = ThreadLocalRandom.current().nextLong();
    private final long periodNanos;
    private final Clock clock;
    private volatile @Nullable String channel;
    private final Unproven unproven;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private boolean listening;

    @GuardedBy("lock")
    private boolean refused;

    @GuardedBy("lock")
    private long sequence;

    /** Under way, if it is the last sequence. */
    @GuardedBy("lock")
    private boolean flying;

    @GuardedBy("lock")
    private @Nullable Moment sent;

    @GuardedBy("lock")
    private long nextNanos = System.nanoTime();

    @GuardedBy("lock")
    private boolean acked;

    @GuardedBy("lock")
    private long ackedNanos;

    @GuardedBy("lock")
    private boolean answeredSince;

    /** The last one that returned had waited for longer than a period. */
    @GuardedBy("lock")
    private boolean late;

    Canary(Settings settings, Unproven unproven) {
        this.unproven = unproven;
        clock = settings.clock();
        periodNanos = settings.pingInterval().toNanos();
        channel = settings.sharded() ? null : settings.prefix() + settings.controlChannel();
    }

    /** The name in Redis of the channel that it is published to; null if there is none, and no canary. */
    @Nullable
    String channel() {
        return channel;
    }

    /** From the next connection on. */
    void channel(@Nullable String name) {
        channel = name;
    }

    /** The subscriber has a connection that hears the control channel, or has none any more. */
    void listening(boolean now) {
        synchronized (lock) {
            listening = now;
            flying = false;
            refused = false;
            late = false;
            nextNanos = System.nanoTime();
        }
    }

    /** Returns the one to send now, or null. */
    @Nullable
    Mark due(long now) {
        synchronized (lock) {
            if (!listening || flying || refused || nextNanos - now > 0) {
                return null;
            }
            nextNanos = now + periodNanos;
            sent = Moment.now(clock);
            flying = true;
            acked = false;
            answeredSince = false;
            return new Mark(node, ++sequence);
        }
    }

    /** Redis has accepted it. */
    void acked(Mark mark) {
        synchronized (lock) {
            if (current(mark)) {
                acked = true;
                ackedNanos = System.nanoTime();
            }
        }
    }

    /** It was not accepted, or nobody knows; {@code now} it is of no use any more. */
    void lost(Mark mark, boolean byRefusal) {
        synchronized (lock) {
            if (current(mark)) {
                flying = false;
                refused = byRefusal;
            }
        }
    }

    /** Redis has answered a PING of the subscriber that was written at {@code pingNanos}. */
    void answered(long pingNanos) {
        synchronized (lock) {
            if (flying && acked && pingNanos - ackedNanos > 0) {
                answeredSince = true;
            }
        }
    }

    /** Returns when it was sent, or null if it is not the one that was waited for. */
    @Nullable
    Moment returned(Mark mark) {
        synchronized (lock) {
            if (!current(mark)) {
                return null;
            }
            flying = false;
            late = waited(System.nanoTime());
            var moment = Objects.requireNonNull(sent);
            unproven.arrived(moment);
            return moment;
        }
    }

    @GuardedBy("lock")
    private boolean current(Mark mark) {
        return flying && mark.node == node && mark.sequence == sequence;
    }

    boolean missing(long now) {
        synchronized (lock) {
            return flying && answeredSince && waited(now);
        }
    }

    /** Whether Redis accepted it so long ago that the subscriber must have been far behind when its connection ended. */
    boolean behind(long now) {
        synchronized (lock) {
            return late || (flying && !answeredSince && waited(now));
        }
    }

    @GuardedBy("lock")
    private boolean waited(long now) {
        return acked && now - ackedNanos >= periodNanos;
    }

    /** Whether this node may not publish canaries, so that nothing is proven by them. */
    boolean refused() {
        synchronized (lock) {
            return refused;
        }
    }

    /** Whether none can return at the moment. */
    boolean idle() {
        synchronized (lock) {
            return refused || !listening;
        }
    }

    static @Nullable Mark read(ByteBuffer value) {
        return value.remaining() == 2 * Long.BYTES ? new Mark(value.getLong(), value.getLong()) : null;
    }
}
