package dev.fanfare;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What channels need to call codecs, renderers and handlers: places where events wait for them, and where it is counted and
 * told what they did not take. Thread-safe.
 */
final class ApplicationCode {

    /** So many renderers on one channel look like one for each session, which shares nothing. */
    static final int MANY_RENDERERS = 64;

    private static final Logger LOG = System.getLogger(ApplicationCode.class.getName());
    private static final long LOG_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Settings settings;
    private final Counters counters;
    private final Callbacks callbacks;
    private final AtomicBoolean warnedOfRenderers = new AtomicBoolean();
    private final AtomicLong skippedLoggedAt = new AtomicLong(System.nanoTime() - LOG_EVERY_NANOS);
    private final AtomicLong unreadableLoggedAt = new AtomicLong(System.nanoTime() - LOG_EVERY_NANOS);

    ApplicationCode(Settings settings, Counters counters, Callbacks callbacks) {
        this.settings = settings;
        this.counters = counters;
        this.callbacks = callbacks;
    }

    /** A place to wait; {@code gaps} hears of what did not fit, besides the listener. */
    Inbox inbox(String channel, Gap.Reason reason, Consumer<Gap> gaps) {
        var overflow = new Overflow(settings.node(), reason, gap -> {
            report(gap);
            gaps.accept(gap);
        });
        return new Inbox(channel, settings, callbacks, overflow);
    }

    /** A gap is counted, and the listener hears of it. */
    void report(Gap gap) {
        counters.gaps.increment();
        callbacks.tell(listener -> listener.gap(gap));
    }

    /** An event of {@code channel} was not taken by {@code what}, which threw {@code cause}. */
    void skipped(String channel, @Nullable Position position, String what, Throwable cause) {
        counters.skipped.increment();
        callbacks.tell(listener -> listener.skipped(channel, position, cause));
        if (mayLog(skippedLoggedAt)) {
            // Only what kind of exception it is: its message may quote the event.
            LOG.log(
                    Level.WARNING,
                    "Node {0}: an event of channel {1}{2} was skipped, because the {3} threw {4}; HubListener.skipped"
                            + " hears of each, this line comes once a minute at most",
                    settings.node(),
                    channel,
                    position == null ? "" : " at " + position,
                    what,
                    cause.getClass().getName());
        }
    }

    /** What came on {@code channel} is no message, or too long for one. */
    void unreadable(String channel, String reason) {
        counters.unreadable.increment();
        callbacks.tell(listener -> listener.unreadable(channel, reason));
        if (mayLog(unreadableLoggedAt)) {
            LOG.log(
                    Level.WARNING,
                    "Node {0}: what came on channel {1} was skipped ({2}); HubListener.unreadable hears of each, this line comes"
                            + " once a minute at most",
                    settings.node(),
                    channel,
                    reason);
        }
    }

    private static boolean mayLog(AtomicLong loggedAt) {
        long now = System.nanoTime();
        long last = loggedAt.get();
        return now - last >= LOG_EVERY_NANOS && loggedAt.compareAndSet(last, now);
    }

    /** Whether sessions may not be sent it. */
    boolean isTooLarge(Message message) {
        return message.size() > settings.messageBytes();
    }

    /** Refuses what sessions may not be sent. */
    Message checkSize(Message message) {
        if (message.size() > settings.messageBytes()) {
            throw new IllegalArgumentException("the message has " + message.size() + " bytes: at most "
                    + settings.messageBytes() + " are allowed (Builder.messageBytes)");
        }
        return message;
    }

    /** {@code channel} has so many renderers now. */
    void renderers(String channel, int count) {
        if (count > MANY_RENDERERS && warnedOfRenderers.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "Node {0}: channel {1} has {2} renderers: sessions share what is rendered only if they join with the"
                            + " same renderer object, so keep it in a constant (and the codec, too)",
                    settings.node(),
                    channel,
                    count);
        }
    }
}
