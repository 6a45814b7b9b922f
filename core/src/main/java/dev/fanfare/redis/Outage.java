package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One episode in which Redis cannot be reached or used: says so once, and says once that it is over. For one thread. */
final class Outage {

    private final Settings settings;
    private final Logger log;
    private @Nullable Instant since;
    private boolean misconfigured;

    Outage(Settings settings, Logger log) {
        this.settings = settings;
        this.log = log;
    }

    /** One more failure; a wrong configuration that shows only later in an episode is worth a second word. */
    BroadcastException failed(Diagnosis diagnosis) {
        var known = since;
        var start = known == null ? Instant.now() : known;
        since = start;
        var exception = diagnosis.exception(settings, start);
        if (known == null || (diagnosis.misconfigured() && !misconfigured)) {
            log.log(Level.WARNING, exception.getMessage());
        }
        misconfigured |= diagnosis.misconfigured();
        return exception;
    }

    void ended() {
        var start = since;
        if (start != null) {
            log.log(
                    Level.INFO,
                    "Redis at {0} can be used again after {1} ms",
                    settings.address(),
                    Long.toString(Duration.between(start, Instant.now()).toMillis()));
        }
        since = null;
        misconfigured = false;
    }
}
