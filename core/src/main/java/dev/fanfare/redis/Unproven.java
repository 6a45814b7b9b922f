package dev.fanfare.redis;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Publishes that Redis acknowledged while nothing proves that it was still the right server: since the last proof but one,
 * because a proof may have been on its way when the master changed. Thread-safe.
 */
final class Unproven {

    /** What may have reached nobody. */
    record Report(Instant from, Instant to, Map<String, Long> messages) {}

    private final Clock clock;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private Map<String, Long> earlier = new HashMap<>();

    @GuardedBy("lock")
    private Map<String, Long> current = new HashMap<>();

    @GuardedBy("lock")
    private Moment earlierSince;

    @GuardedBy("lock")
    private Moment currentSince;

    @GuardedBy("lock")
    private @Nullable Moment arrived;

    @GuardedBy("lock")
    private @Nullable Moment master;

    Unproven(Clock clock) {
        this.clock = clock;
        earlierSince = Moment.now(clock);
        currentSince = earlierSince;
    }

    void acked(String channel) {
        synchronized (lock) {
            current.merge(channel, 1L, Long::sum);
        }
    }

    /** What was published at {@code moment} has arrived. */
    void arrived(Moment moment) {
        synchronized (lock) {
            arrived = moment;
            rotate();
        }
    }

    /**
     * The server was the master at {@code moment} or later.
     *
     * @param enough whether nothing can arrive at the time, so that this is all the proof there is
     */
    void master(Moment moment, boolean enough) {
        synchronized (lock) {
            master = moment;
            if (enough) {
                arrived = moment;
            }
            rotate();
        }
    }

    /** A proof is both: a healthy server may not be the one that the others are connected to. */
    @GuardedBy("lock")
    private void rotate() {
        if (arrived == null || master == null) {
            return;
        }
        earlier = current;
        earlierSince = currentSince;
        current = new HashMap<>();
        currentSince = arrived.isBefore(master) ? arrived : master;
        arrived = null;
        master = null;
    }

    /** The channels that {@code moved} accepts have another master: returns what is uncertain of them, and forgets it. */
    Report take(Predicate<String> moved) {
        synchronized (lock) {
            Map<String, Long> taken = new HashMap<>();
            for (var counts : List.of(earlier, current)) {
                counts.forEach((channel, count) -> {
                    if (moved.test(channel)) {
                        taken.merge(channel, count, Long::sum);
                    }
                });
                counts.keySet().removeAll(taken.keySet());
            }
            var now = Moment.now(clock);
            return new Report(earlierSince.earliest(now), earlierSince.latest(now), taken);
        }
    }

    /** Another server is the master: returns what is uncertain, and begins anew. */
    Report take() {
        synchronized (lock) {
            earlier.forEach((channel, count) -> current.merge(channel, count, Long::sum));
            var now = Moment.now(clock);
            var report = new Report(earlierSince.earliest(now), earlierSince.latest(now), Map.copyOf(current));
            earlier = new HashMap<>();
            current = new HashMap<>();
            currentSince = now;
            earlierSince = now;
            arrived = null;
            master = null;
            return report;
        }
    }
}
