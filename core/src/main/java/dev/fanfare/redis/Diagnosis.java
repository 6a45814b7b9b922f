package dev.fanfare.redis;

import dev.fanfare.BroadcastException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * What is wrong with a connection: an outage, which passes, or a wrong configuration, which somebody has to change.
 *
 * @param kind which of them
 * @param what in words, without a remedy
 * @param remedy what to change, empty for an outage
 * @param cause what was thrown
 */
record Diagnosis(Kind kind, String what, String remedy, Throwable cause) {

    enum Kind {
        /** Refused or ended: whoever answered so fast is likely to come back soon. */
        ENDED,
        /** Silence, or a name that nobody knows. */
        SILENT,
        MISCONFIGURED
    }

    private static final Map<String, String> REPLIES = Map.of(
            "WRONGPASS",
            "correct user and password in the address",
            "NOAUTH",
            "put the password into the address, redis://:password@host:port",
            "NOPERM",
            "give the user the rights +subscribe +unsubscribe +publish +ping and the channels, "
                    + "with those of the prefix followed by byte 0x01: ACL SETUSER <user> +subscribe +unsubscribe +publish +ping &<prefix>*;"
                    + " on a cluster +ssubscribe +sunsubscribe +spublish +ping +cluster|nodes",
            "NOPROTO",
            "take the protocol out of the client configuration",
            "DENIED",
            "Redis runs in protected mode: set a password there, or bind it to this network",
            "ERR This instance has cluster support disabled",
            "name this Redis by uri or address instead of cluster: it is none",
            "ERR AUTH",
            "take the password out of the address, Redis has none");

    /** Looks through the causes for one that is known. */
    static Diagnosis of(Throwable failure) {
        var last = failure;
        for (Throwable t = failure; t != null; t = next(t)) {
            var found = known(t, failure);
            if (found != null) {
                return found;
            }
            last = t;
        }
        return new Diagnosis(Kind.ENDED, words(last), "", failure);
    }

    /** Jedis hides why no address of a host could be connected among the suppressed. */
    private static @Nullable Throwable next(Throwable t) {
        var suppressed = t.getSuppressed();
        return t.getCause() != null ? t.getCause() : suppressed.length > 0 ? suppressed[0] : null;
    }

    private static @Nullable Diagnosis known(Throwable t, Throwable failure) {
        var message = String.valueOf(t.getMessage());
        if (t instanceof GivenUp ours) {
            return new Diagnosis(ours.kind, message, ours.remedy, failure);
        }
        if (t instanceof JedisDataException) {
            for (var reply : REPLIES.entrySet()) {
                if (message.startsWith(reply.getKey())) {
                    var rule = Rights.missing(message) ? Rights.rule(message, "") : "";
                    var remedy = rule.startsWith("+")
                            ? "ACL SETUSER <user> " + rule + "; history needs " + Rights.HISTORY + " ~<prefix>*"
                            : reply.getValue();
                    return new Diagnosis(Kind.MISCONFIGURED, "Redis says " + message, remedy, failure);
                }
            }
            return new Diagnosis(Kind.ENDED, "Redis says " + message, "", failure);
        }
        if (t instanceof SSLException) {
            return new Diagnosis(Kind.MISCONFIGURED, "TLS: " + message, tlsRemedy(message), failure);
        }
        if (message.startsWith("Unknown reply: ")) {
            boolean alert = message.endsWith("\u0015");
            return new Diagnosis(
                    Kind.MISCONFIGURED,
                    alert ? "the server speaks TLS" : "the server does not speak the protocol of Redis",
                    alert ? "write rediss:// instead of redis://" : "correct host and port",
                    failure);
        }
        if (t instanceof SocketTimeoutException) {
            return new Diagnosis(Kind.SILENT, "no answer in time", "", failure);
        }
        if (t instanceof UnknownHostException) {
            return new Diagnosis(Kind.SILENT, "unknown host " + message, "", failure);
        }
        return null;
    }

    private static String tlsRemedy(String message) {
        var lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("subject alternative") || lower.contains("no name matching")) {
            return "use a host name that the certificate of Redis has";
        }
        if (lower.contains("unrecognized ssl message") || lower.contains("plaintext connection")) {
            return "write redis:// instead of rediss://, the server does not speak TLS";
        }
        if (lower.contains("certification path") || lower.contains("pkix")) {
            return "add the authority of Redis' certificate to the trust store";
        }
        return "compare the TLS settings of both sides";
    }

    boolean slow() {
        return kind != Kind.ENDED;
    }

    boolean misconfigured() {
        return kind == Kind.MISCONFIGURED;
    }

    /** As an exception that says which Redis, since when, and what is being done about it. */
    BroadcastException exception(Settings settings, Instant since) {
        // A Redis without TLS takes the greeting for the beginning of a command and waits for the rest (measured, 7.0).
        var hint =
                kind == Kind.SILENT && settings.tls() ? " (so is a server without TLS: is it redis:// perhaps?)" : "";
        var text = "Redis at " + settings.address() + (misconfigured() ? " cannot be used" : " cannot be reached")
                + " since " + since.truncatedTo(ChronoUnit.MILLIS) + ": " + what.replaceFirst("[.]$", "") + hint
                + (misconfigured() ? "; to do: " + remedy : "") + "; trying again at least every "
                + (slow() ? settings.backoffSlow() : settings.backoffRefused()).toMillis() + " ms";
        return misconfigured()
                ? new BroadcastException.Misconfigured(text, cause)
                : new BroadcastException(text, cause);
    }

    private static String words(Throwable t) {
        var message = t.getMessage();
        if (message == null || message.isBlank()) {
            return t.getClass().getSimpleName();
        }
        return message.startsWith("Unexpected end of stream") ? "Redis ended the connection" : message;
    }
}
