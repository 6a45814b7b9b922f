package dev.fanfare.redis;

import java.time.Clock;
import java.time.Instant;

/**
 * A moment by the clock, which people understand and somebody may set, and by the time that has passed, which nobody can.
 * What is said of the time between two moments holds although the clock was set in between.
 */
record Moment(Instant clock, long nanos) {

    static Moment now(Clock clock) {
        return new Moment(clock.instant(), System.nanoTime());
    }

    /** The earliest time that the clock may have shown between this moment and {@code later}. */
    Instant earliest(Moment later) {
        var reckoned = later.clock.minusNanos(later.nanos - nanos);
        return reckoned.isBefore(clock) ? reckoned : clock;
    }

    /** The latest time that the clock may have shown between this moment and {@code later}. */
    Instant latest(Moment later) {
        var reckoned = clock.plusNanos(later.nanos - nanos);
        return reckoned.isAfter(later.clock) ? reckoned : later.clock;
    }

    boolean isBefore(Moment other) {
        return nanos - other.nanos < 0;
    }
}
