package dev.fanfare;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When a lane on a container's thread leaves that to the container. While the lane writes, nothing is read on its thread: if
 * the next turn began with the first message that comes after that, it would be without all that clients have said
 * meanwhile, and runs would be short. So the lane rests after a turn for as long as that took, if it was long.
 */
final class GuestRest {

    private static final long MIN_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private final LongSupplier clock;
    private volatile long nanos;
    private volatile long until;
    /** By the lane's thread alone. */
    private long turnBegan;

    GuestRest(LongSupplier clock) {
        this.clock = clock;
    }

    /** How long what comes now waits for more of its kind: not at all, unless a long turn ended a short time ago. Any thread. */
    long nanos() {
        long rest = nanos;
        return rest > 0 && until - clock.getAsLong() > 0 ? rest : 0;
    }

    /** On the lane. */
    void turnBegins() {
        turnBegan = clock.getAsLong();
    }

    /** On the lane; {@code toMany}: this turn wrote to many sessions, which is what takes long and comes again. */
    void turnEnds(boolean toMany) {
        long now = clock.getAsLong();
        long took = toMany ? now - turnBegan : 0;
        if (took < MIN_NANOS) {
            nanos = 0;
        } else {
            nanos = Math.min(MAX_NANOS, took);
            until = now + 2 * nanos;
        }
    }
}
