package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** Says why messages have no receipt: what became of them, what is wrong with Redis and since when. Thread-safe. */
final class PublishFailures {

    private record Down(Instant since, Diagnosis diagnosis) {}

    private final Settings settings;
    private volatile @Nullable Down down;

    PublishFailures(Settings settings) {
        this.settings = settings;
    }

    /** A connection stands. */
    void up() {
        down = null;
    }

    /** There is none: for what reason first, unless somebody has to do something. */
    synchronized void down(Diagnosis diagnosis) {
        var before = down;
        if (before == null || diagnosis.misconfigured()) {
            down = new Down(before == null ? Instant.now() : before.since(), diagnosis);
        }
    }

    BroadcastException refused(String channel, JedisDataException error) {
        var message = String.valueOf(error.getMessage());
        var rule = Rights.rule(message, settings.prefix());
        var publish = (settings.sharded() ? "+spublish &" : "+publish &") + settings.prefix() + channel;
        var remedy = Rights.missing(message) ? "; to do: ACL SETUSER <user> " + (rule.isEmpty() ? publish : rule) : "";
        return new BroadcastException.Refused(
                "Redis at " + settings.address() + " refused a message to the channel \"" + channel + "\": " + message
                        + remedy,
                error);
    }

    BroadcastException notAnswered() {
        return unknown("no answer within " + settings.publishTimeout().toMillis() + " ms", null);
    }

    BroadcastException unknown(String what, @Nullable Throwable cause) {
        return new BroadcastException.UnknownOutcome(
                "written to Redis at " + settings.address() + " and not answered (" + what
                        + "): it may have been delivered, and is not sent again",
                cause);
    }

    BroadcastException neverWritten() {
        var text = "not published within " + settings.patience().toMillis() + " ms and given up: ";
        var current = down;
        if (current == null) {
            return new BroadcastException(text + "Redis at " + settings.address() + " takes messages too slowly");
        }
        var cause = current.diagnosis().exception(settings, current.since());
        return cause instanceof BroadcastException.Misconfigured
                ? new BroadcastException.Misconfigured(text + cause.getMessage(), cause)
                : new BroadcastException(text + cause.getMessage(), cause);
    }
}
