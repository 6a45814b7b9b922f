package dev.fanfare.redis;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Publishes that Redis acknowledged while nothing proves that it was still the master: since the last proof but one,
 * because a proof may have been on its way when the master changed. Thread-safe.
 */
final class Unproven {

    /** What may have reached nobody. */
    record Report(Instant from, Instant to, Map<String, Long> messages) {}

    private final Object lock = new Object();

    @GuardedBy("lock")
    private Map<String, Long> earlier = new HashMap<>();

    @GuardedBy("lock")
    private Map<String, Long> current = new HashMap<>();

    @GuardedBy("lock")
    private Instant earlierSince = Instant.now();

    @GuardedBy("lock")
    private Instant currentSince = earlierSince;

    void acked(String channel) {
        synchronized (lock) {
            current.merge(channel, 1L, Long::sum);
        }
    }

    /** The server was the master at {@code moment} or later. */
    void proven(Instant moment) {
        synchronized (lock) {
            earlier = current;
            earlierSince = currentSince;
            current = new HashMap<>();
            currentSince = moment;
        }
    }

    /** Another server is the master: returns what is uncertain, and begins anew. */
    Report take() {
        synchronized (lock) {
            earlier.forEach((channel, count) -> current.merge(channel, count, Long::sum));
            var report = new Report(earlierSince, Instant.now(), Map.copyOf(current));
            earlier = new HashMap<>();
            current = new HashMap<>();
            currentSince = report.to();
            earlierSince = report.to();
            return report;
        }
    }
}
