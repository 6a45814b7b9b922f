package dev.fanfare.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt to connect: doubling, half of it random, so that the nodes of a cluster do not
 * come back all in the same instant. For one thread.
 */
final class Backoff {

    /** A connection that lived this long was sound: its end begins a new episode. */
    private static final Duration SOUND = Duration.ofSeconds(10);

    private final Settings settings;
    private Duration ceiling;

    Backoff(Settings settings) {
        this.settings = settings;
        this.ceiling = settings.backoffFirst();
    }

    /** The wait after a connection that was usable for {@code lived}, or never was, and failed for {@code diagnosis}. */
    Duration next(Duration lived, Diagnosis diagnosis) {
        if (lived.compareTo(SOUND) >= 0) {
            ceiling = settings.backoffFirst();
        }
        var limit = diagnosis.slow() ? settings.backoffSlow() : settings.backoffRefused();
        if (diagnosis.misconfigured()) {
            ceiling = limit;
        }
        var current = min(ceiling, limit);
        ceiling = min(ceiling.multipliedBy(2), settings.backoffSlow());
        long half = Math.max(1, current.toNanos() / 2);
        return Duration.ofNanos(half + ThreadLocalRandom.current().nextLong(half));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
